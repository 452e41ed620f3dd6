package checks

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"troth/contract"
	"troth/openapi"
)

func parentBinds() contract.Check {
	return contract.Check{
		ID:      "parent-binds",
		Promise: "An item is changed and deleted below its own parent only.",
		Why:     "Whoever may change what stands below one parent changes what stands below all of them.",
		Source:  "the path: what stands below a parent belongs to it (OWASP API Security Top 10 2023, API1)",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool {
			return (updates(s) && s.Op.Body != nil || deletes(s)) && s.PicksItem() && len(parents(s)) > 1
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			if makerOf(c) == nil {
				return nil, contract.Skip("only what the run itself created is changed below another parent, and the document has no operation that creates it")
			}
			change, err := strangersChange(c)
			if err != nil {
				return nil, err
			}
			for _, p := range parents(&c.Subject) {
				if p == c.Last() {
					continue
				}
				if findings, err := belowOthers(ctx, c, p, change); err != nil || len(findings) > 0 {
					return findings, err
				}
			}
			return nil, nil
		},
	}
}

// strangersChange is what is sent below another parent: a body that changes the item, where the operation takes one.
func strangersChange(c *contract.Case) ([]contract.Change, error) {
	if c.Op.Method == http.MethodDelete {
		return nil, nil
	}
	change, _, err := aChange(c)
	return []contract.Change{change}, err
}

// belowOthers names an item of the check's own below other parents: one that exists, and one that does not.
func belowOthers(ctx context.Context, c *contract.Case, p *openapi.Parameter, change []contract.Change) ([]contract.Finding, error) {
	item, err := ownItem(ctx, c)
	if err != nil {
		return nil, err
	}
	defer item.clean(ctx)
	read, before, err := item.read(ctx, "item below its own "+p.Name)
	if err != nil {
		return nil, err
	}
	for _, other := range otherParents(ctx, c, p, item.made.answer) {
		at := append(slices.Clone(item.at), contract.Path(p.Name, other))
		x, err := c.Ask(ctx, "item below another "+p.Name, append(append(at, change...), contract.Again(), contract.Provoking())...)
		if err != nil {
			return nil, err
		}
		behind, says, err := item.read(ctx, "item behind a change below another "+p.Name)
		if err != nil && !contract.WasSkipped(err) {
			return nil, err
		}
		got := ""
		switch {
		case behind.Status == http.StatusNotFound || behind.Status == http.StatusGone:
			got = "the item is gone"
		case behind.OK() && x.OK() && fmt.Sprint(says) != fmt.Sprint(before):
			got = "the item was changed"
		}
		if got != "" && x.OK() {
			f := c.New(x, "path "+p.Name, "", "changed", "404, and the item as it was: it stands below another "+p.Name, strconv.Itoa(x.Status)+", and "+got, c.Op.Place.FileLine())
			return []contract.Finding{f.After(item.made.answer, read)}, nil
		}
	}
	return nil, nil
}

// otherParents are values of a path parameter that an item does not stand below: the second that was given, one that a list shows, and one that
// names nothing.
func otherParents(ctx context.Context, c *contract.Case, p *openapi.Parameter, made *contract.Exchange) (list []string) {
	if theirs := c.Theirs(p.Name); len(theirs) > 0 {
		list = append(list, theirs[0])
	}
	if shown, ok := c.AnotherValue(ctx, made, p); ok {
		list = append(list, shown)
	}
	if text, err := c.UnknownValue(ctx, p); err == nil {
		list = append(list, text)
	}
	return list
}
