package checks

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"troth/contract"
	"troth/openapi"
)

func versionBeforeFirst() contract.Check {
	return contract.Check{
		ID:      "version-before-first",
		Promise: "A version from before the first is not served as if it were there, and a day behind the newest is served the newest, by its own name.",
		Why:     "A client gets another form than the one that it was written for, and takes it for its own, or it is refused as soon as it names a day of its own.",
		Source:  "RFC 9110 §12.5.1, §15.5.7; troth.yaml, versions",
		Level:   contract.Should,
		Applies: func(s *contract.Subject) bool {
			r, _ := s.Op.Success()
			return s.Conv.Versions != nil && s.Op.Method == http.MethodGet && r != nil && len(r.Content) > 0
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			if _, err := c.Ordinary(ctx); err != nil {
				return nil, err
			}
			v := c.Conv.Versions
			declared, _ := c.Op.Success()
			for _, content := range declared.Content {
				if content.Type.IsRange() || !strings.HasPrefix(content.Type.String(), v.Prefix) {
					return nil, contract.Skip("the operation has a media type without a version")
				}
			}
			never, err := c.Ask(ctx, "a version of a day that does not exist", contract.Accept(v.Prefix+"2024-13-45"+v.Suffix), contract.Provoking())
			if err != nil {
				return nil, err
			}
			const ancient = "1999-01-01"
			x, err := c.Ask(ctx, "a version before the first", contract.Accept(v.Prefix+ancient+v.Suffix), contract.Provoking())
			if err != nil {
				return nil, err
			}
			findings, err := laterVersion(ctx, c, declared.Content)
			if err != nil {
				return nil, err
			}
			switch {
			case !x.OK() && never.OK() && x.Status == http.StatusNotAcceptable:
				f := c.New(never, "header Accept", "", "day", "a refusal (406), as the version "+ancient+" gets: there is no day 2024-13-45", strconv.Itoa(never.Status), c.Op.Place.FileLine())
				return append(findings, f.And(x)), nil
			case !x.OK():
				return findings, nil
			}
			return append(findings, c.New(x, "header Accept", "", "version", "a refusal (406)", strconv.Itoa(x.Status)+" with "+x.Header.Get("Content-Type"), c.Op.Place.FileLine())), nil
		},
	}
}

// laterVersion asks for the version of the day behind the newest: the newest is served, by its own name. Where troth.yaml does not promise so, servers that
// know the days of their versions only refuse it.
func laterVersion(ctx context.Context, c *contract.Case, declared []*openapi.Content) ([]contract.Finding, error) {
	v := c.Conv.Versions
	newest := ""
	for _, content := range declared {
		newest = max(newest, v.Date(content.Type))
	}
	day, err := time.Parse(time.DateOnly, newest)
	if err != nil {
		return nil, nil
	}
	later := day.AddDate(0, 0, 1).Format(time.DateOnly)
	x, err := c.Ask(ctx, "a version of the day behind the newest", contract.Accept(v.Prefix+later+v.Suffix), contract.Provoking())
	if err != nil {
		return nil, err
	}
	const want = "content of the version %s, which is the newest that there is"
	if x.Status == http.StatusNotAcceptable && v.Promised {
		f := c.New(x, "header Accept", "", "later", fmt.Sprintf(want, newest), strconv.Itoa(x.Status), c.Op.Place.FileLine())
		return []contract.Finding{f.At(contract.Must)}, nil
	}
	if !x.OK() {
		return nil, nil
	}
	served, ok := x.MediaType()
	if !ok || v.Date(served) == "" || v.Date(served) == newest {
		return nil, nil
	}
	f := c.New(x, "header Accept", "", "newest", fmt.Sprintf(want, newest), served.String(), c.Op.Place.FileLine())
	return []contract.Finding{f}, nil
}
