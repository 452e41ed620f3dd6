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

// chooser is a parameter with a value, and what it lets through.
type chooser struct {
	p                   *openapi.Parameter
	member, value, want string
	lets                func(item any) bool
}

func filterKept() contract.Check {
	return contract.Check{
		ID:      "filter-kept",
		Promise: "Every page of a list that is chosen by a parameter holds the chosen items only, as many as its size.",
		Why:     "A client that walks what it asked for gets everything else from the second page on, or takes a page with holes for the last.",
		Source:  "the parameter that names a member of the items, and those of paging",
		Level:   contract.Should,
		Needs:   []contract.Need{twoItems(), toldApart()},
		Applies: func(s *contract.Subject) bool { return walked(s) && len(filters(s)) > 0 },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			return eachFilter(ctx, c, "no two items say the same, and others something else, of what can be chosen by", func(all *page, f filter) ([]contract.Finding, bool, error) {
				if findings, err := holed(ctx, c, all, f); err != nil || len(findings) > 0 {
					return findings, true, err
				}
				value, ok := f.several(all.items)
				if !ok {
					return nil, false, nil
				}
				findings, err := walkChosen(ctx, c, chooser{f.p, f.member, value, value + " in each item", func(item any) bool { return f.lets(item, value) }})
				return findings, true, err
			})
		},
	}
}

// several is the value that the fewest items have, but two at least.
func (f filter) several(items []any) (value string, ok bool) {
	fewest := 0
	for _, candidate := range f.telling(items) {
		n := f.count(items, candidate)
		if n > 1 && (fewest == 0 || n < fewest) {
			fewest, value = n, candidate
		}
	}
	return value, fewest > 0
}

// refusesLink tells whether what a link leads to is refused for what was asked.
func refusesLink(x *contract.Exchange) bool {
	return refusesValue(x.Status) || x.Status == http.StatusNotFound
}

// nextRefused asks for a page of the chosen and its link next once more: the items behind it may have gone meanwhile.
func nextRefused(ctx context.Context, c *contract.Case, f chooser, p *page) ([]contract.Finding, error) {
	x, err := c.Follow(ctx, "page of the chosen again", p.URL, contract.Again())
	if err != nil {
		return nil, err
	}
	same, err := pageOf(c, x)
	if err != nil || target(c, same, "next") == "" {
		return nil, err
	}
	y, err := followed(ctx, c, same, target(c, same, "next"), "next page of the chosen again", contract.Again())
	if err != nil || !refusesLink(y) {
		return nil, err
	}
	found := c.New(y, "query "+f.p.Name, "", "next", "a page behind the link next of the chosen", strconv.Itoa(y.Status), f.p.Place.FileLine())
	return []contract.Finding{found.And(same.Exchange)}, nil
}

// mostChosen is how many pages of chosen items are looked at.
const mostChosen = 4

// walkChosen walks the smallest pages of the items with a value: by what each page says of the next, and by number.
func walkChosen(ctx context.Context, c *contract.Case, f chooser) ([]contract.Finding, error) {
	size := max(c.Page.Minimum, 1)
	asked := []contract.Change{contract.Query(c.Page.Size, strconv.Itoa(size)), contract.Query(f.p.Name, f.value)}
	first, err := ask(ctx, c, "first page of the chosen", asked...)
	if err != nil {
		return nil, err
	}
	judge := func(p *page) []contract.Finding {
		for i, item := range p.items {
			if !f.lets(item) {
				return []contract.Finding{c.New(p.Exchange, "query "+f.p.Name, c.Page.Items+"/"+strconv.Itoa(i)+"/"+f.member, "pages", f.want+", as on the first page", quote(filter{f.p, f.member}.says(item)), f.p.Place.FileLine()).And(first.Exchange)}
			}
		}
		return nil
	}
	for p, i := first, 2; i <= mostChosen; i++ {
		next := target(c, p, "next")
		if next == "" {
			break
		}
		x, err := followed(ctx, c, p, next, fmt.Sprintf("page %d of the chosen by its link", i))
		if err != nil {
			return nil, err
		}
		if refusesLink(x) {
			return nextRefused(ctx, c, f, p)
		}
		if p, err = pageOf(c, x); err != nil {
			return nil, err
		}
		if findings := judge(p); len(findings) > 0 {
			return findings, nil
		}
	}
	for i := 1; numbered(&c.Subject) && i < mostChosen; i++ {
		number := c.Page.Number(i, size)
		p, err := ask(ctx, c, fmt.Sprintf("page %d of the chosen", number), append(slices.Clone(asked), contract.Query(c.Page.Page, strconv.Itoa(number)))...)
		if contract.WasSkipped(err) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		if findings := judge(p); len(findings) > 0 || len(p.items) == 0 {
			return findings, nil
		}
	}
	return nil, nil
}
