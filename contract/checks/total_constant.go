package checks

import (
	"context"
	"fmt"
	"slices"

	"troth/contract"
	"troth/openapi"
)

func totalConstant() contract.Check {
	return contract.Check{
		ID:      "total-constant",
		Promise: "The total is the same whatever the page and its size.",
		Why:     "A client that shows how many items there are shows another number on each page.",
		Source:  "the member of the total: it counts the list, not the page",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool { return sized(s) && s.Page.HasTotal() },
		Needs:   []contract.Need{twoItems()},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			size, err := walkSize(ctx, c)
			if err != nil {
				return nil, err
			}
			var large *page
			small, same, err := bracketed(ctx, c, func(repeat ...contract.Change) (*page, error) {
				return ask(ctx, c, "small page", append(sizedBy(c, size, 0), repeat...)...)
			}, func(small *page, repeat ...contract.Change) (bool, error) {
				var err error
				large, err = ask(ctx, c, "large page", append(sizedBy(c, largeSize(ctx, c, size), 0), repeat...)...)
				return err == nil && near(c, small.total, large.total), err
			})
			if err != nil || same {
				return nil, err
			}
			where, pointer := totalAt(c, "body")
			return []contract.Finding{c.New(large.Exchange, where, pointer, "total", "about "+fmt.Sprint(small.total), fmt.Sprint(large.total), c.Op.Place.FileLine()).And(small.Exchange)}, nil
		},
	}
}

// near tells whether a total is what another one is, or may be by estimate: within a quarter, or five.
func near(c *contract.Case, a, b int) bool {
	if a == b || c.Page.TotalExact {
		return a == b
	}
	return a >= 0 && b >= 0 && max(a, b)-min(a, b) <= max(5, max(a, b)/4)
}

func totalSwitch() contract.Check {
	return contract.Check{
		ID:      "total-switch",
		Promise: "The parameter of the total switches the total, and nothing else.",
		Why:     "Clients that ask for the total do not get it, or pay for counting that they asked to leave out.",
		Source:  "the parameter that asks for the total; troth.yaml, pagination.totalParam",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool {
			return s.Page != nil && s.Page.TotalParam != "" && s.Page.HasTotal() && s.Op.Parameter("query", s.Page.TotalParam) != nil
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			p := c.Op.Parameter("query", c.Page.TotalParam)
			where, pointer := totalAt(c, "query "+p.Name)
			on, err := ask(ctx, c, "with the total", contract.Query(p.Name, "true"))
			if err != nil {
				return nil, err
			}
			off, err := ask(ctx, c, "without the total", contract.Query(p.Name, "false"))
			if err != nil {
				return nil, err
			}
			var findings []contract.Finding
			if on.total < 0 {
				findings = append(findings, c.New(on.Exchange, where, pointer, "true", "a total", "none", p.Place.FileLine()))
			}
			if off.total == 0 && len(off.items) > 0 {
				f := c.New(off.Exchange, where, pointer, "false", "no total", fmt.Sprintf("0, for a list with %d items on this page", len(off.items)), p.Place.FileLine())
				findings = append(findings, f.At(contract.Should))
			}
			if unlinked(c, on.Exchange, off.Exchange) {
				findings = append(findings, c.New(off.Exchange, "query "+p.Name, c.Page.Links.Pointer, "links", "links, as with the total", "none", p.Place.FileLine()).And(on.Exchange))
			}
			if off.total > 0 {
				findings = append(findings, c.New(off.Exchange, where, pointer, "false", "no total", fmt.Sprint(off.total), p.Place.FileLine()))
			}
			if unasked, err := ask(ctx, c, "ordinary request", contract.Without(p.Name)); err != nil {
				return nil, err
			} else if p.Schema.Default == true && unasked.total < 0 && on.total >= 0 {
				findings = append(findings, c.New(unasked.Exchange, where, pointer, "default", "a total: "+p.Name+" is true by default", "none", p.Place.FileLine()))
			}
			more, err := sameUnderSwitch(ctx, c, p)
			findings = append(findings, more...)
			if err != nil || off.total > 0 || slices.ContainsFunc(more, func(f contract.Finding) bool { return f.Keyword == "small" }) {
				return findings, err
			}
			more, err = switchedElsewhere(ctx, c, p)
			return append(findings, more...), err
		},
	}
}

// sameUnderSwitch compares the items with and without the total, at a small page size and without one, and wants the total on small pages, too.
func sameUnderSwitch(ctx context.Context, c *contract.Case, p *openapi.Parameter) ([]contract.Finding, error) {
	sizes := [][]contract.Change{nil}
	if sized(&c.Subject) {
		sizes = append(sizes, []contract.Change{contract.Query(c.Page.Size, smallSize(c))})
	}
	for _, size := range sizes {
		var off *page
		with, same, err := bracketed(ctx, c, func(repeat ...contract.Change) (*page, error) {
			return ask(ctx, c, "with the total", append(slices.Concat(size, repeat), contract.Query(p.Name, "true"))...)
		}, func(on *page, repeat ...contract.Change) (bool, error) {
			var err error
			off, err = ask(ctx, c, "without the total", append(slices.Concat(size, repeat), contract.Query(p.Name, "false"))...)
			return err == nil && slices.Equal(identities(on.items), identities(off.items)), err
		})
		if err != nil {
			return nil, err
		}
		if len(size) > 0 && off.total > 0 {
			where, pointer := totalAt(c, "query "+p.Name)
			return []contract.Finding{c.New(off.Exchange, where, pointer, "small", "no total on small pages either", fmt.Sprint(off.total), p.Place.FileLine())}, nil
		}
		if !same {
			return []contract.Finding{c.New(off.Exchange, "query "+p.Name, c.Page.Items, "items", "the items of the answer with the total, in that order", "others", p.Place.FileLine()).And(with.Exchange)}, nil
		}
	}
	return nil, nil
}

// switchedElsewhere wants no total behind the first page either, nor in other forms, which representation asks for, too.
func switchedElsewhere(ctx context.Context, c *contract.Case, p *openapi.Parameter) (findings []contract.Finding, err error) {
	second := secondWithoutTotal(c)
	for _, look := range []struct {
		name, keyword, want string
		changes             []contract.Change
	}{
		{"the same without its form", "second", "no total on the second page either", second},
		{"in all forms at once", "form", "no total in any form", append(second, switched(c)...)},
	} {
		if len(look.changes) == 1 || len(findings) > 0 {
			continue // asked above; or told
		}
		x, err := c.Ask(ctx, look.name, look.changes...)
		if err != nil {
			return nil, err
		}
		if off, err := pageOf(c, x); err == nil && off.total > 0 {
			where, pointer := totalAt(c, "query "+p.Name)
			findings = append(findings, c.New(x, where, pointer, look.keyword, look.want, fmt.Sprint(off.total), p.Place.FileLine()))
		}
	}
	return findings, nil
}
