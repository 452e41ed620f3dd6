package checks

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"troth/contract"
)

func versionBeforeFirst() contract.Check {
	return contract.Check{
		ID:      "version-before-first",
		Promise: "A version from before the first is not served as if it were there.",
		Why:     "A client gets another form than the one that it was written for, and takes it for its own.",
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
			if _, err := c.Ask(ctx, "a version behind the newest", contract.Accept(v.Prefix+"2099-12-31"+v.Suffix), contract.Provoking()); err != nil {
				return nil, err // content-type-declared judges it
			}
			if _, err := c.Ask(ctx, "a version of a day that does not exist", contract.Accept(v.Prefix+"2024-13-45"+v.Suffix), contract.Provoking()); err != nil {
				return nil, err // not-a-server-error judges it
			}
			const ancient = "1999-01-01"
			x, err := c.Ask(ctx, "a version before the first", contract.Accept(v.Prefix+ancient+v.Suffix), contract.Provoking())
			if err != nil {
				return nil, err
			}
			if !x.OK() {
				return nil, nil
			}
			return []contract.Finding{c.New(x, "header Accept", "", "version", "a refusal (406)", strconv.Itoa(x.Status)+" with "+x.Header.Get("Content-Type"), c.Op.Place.FileLine())}, nil
		},
	}
}
