package checks

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"troth/contract"
)

func filterComplete() contract.Check {
	return contract.Check{
		ID:      "filter-complete",
		Promise: "All pages of a list that is chosen by a parameter hold, in all, what a walk through the whole list finds with that value.",
		Why:     "A client that asks for some items never sees those of them that stand far behind.",
		Source:  "the parameter that names a member of the items, and those of paging",
		Level:   contract.Should,
		Needs:   []contract.Need{twoItems(), toldApart()},
		Applies: func(s *contract.Subject) bool { return walked(s) && len(filters(s)) > 0 },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			size := largeSize(ctx, c, mostListed)
			whole, ended, err := walk(ctx, c, size, false)
			if err != nil {
				return nil, err
			}
			if len(whole) < 2 || len(whole[1].items) == 0 {
				return nil, contract.Skip("the whole list stands on one page, where filter-honoured looks")
			}
			if !ended {
				return nil, contract.Skip("the list has more than %d pages of %d items", len(whole), size)
			}
			items := itemsOf(whole)
			return eachFilter(ctx, c, "the items all say the same, or nothing, of what can be chosen by", func(_ *page, f filter) ([]contract.Finding, bool, error) {
				values := f.telling(items)
				for _, value := range values[:min(len(values), mostTold)] {
					if findings, err := countChosen(ctx, c, whole, size, f, value); err != nil || len(findings) > 0 {
						return findings, true, err
					}
				}
				return nil, len(values) > 0, nil
			})
		},
	}
}

// mostListed is how many items a list may hold in walkLimit pages where it has no largest size, and mostTold how many values of a parameter are counted.
const mostListed, mostTold = 50, 4

func itemsOf(pages []*page) (items []any) {
	for _, p := range pages {
		items = append(items, p.items...)
	}
	return items
}

// countChosen walks the items with a value, and compares them with those of the whole list.
func countChosen(ctx context.Context, c *contract.Case, whole []*page, size int, f filter, value string) ([]contract.Finding, error) {
	chosen, ended, err := walk(ctx, c, size, false, contract.Query(f.p.Name, value))
	if contract.WasSkipped(err) {
		return nil, nil // filter-honoured tells
	}
	if err != nil {
		return nil, err
	}
	finding := func(p, other *page, keyword, want, got string) []contract.Finding {
		return []contract.Finding{c.New(p.Exchange, "query "+f.p.Name, c.Page.Items, keyword, want, got, f.p.Place.FileLine()).And(other.Exchange)}
	}
	ids := all(chosen)
	for i, p := range chosen {
		for _, item := range p.items {
			if !f.lets(item, value) {
				return finding(p, whole[0], "filter", value+" in each item", quote(f.says(item))+" on page "+strconv.Itoa(i+1)), nil
			}
		}
	}
	for i, p := range whole {
		for _, item := range p.items {
			if ended && f.exactly(item, value) && !slices.Contains(ids, identity(item)) {
				return finding(chosen[0], p, "complete", fmt.Sprintf("the item %s with %s %s, which stands on page %d of the whole list", quote(identity(item)), f.member, value, i+1), "none"), nil
			}
		}
	}
	if first := chosen[0]; ended && first.total >= 0 && !near(c, first.total, len(ids)) {
		where, pointer := totalAt(c, "query "+f.p.Name)
		return []contract.Finding{c.New(first.Exchange, where, pointer, "total", fmt.Sprintf("%d, as many as all pages hold with the filter", len(ids)), strconv.Itoa(first.total), f.p.Place.FileLine())}, nil
	}
	return nil, nil
}

// says is what an item says of what it is chosen by.
func (f filter) says(item any) string {
	texts, _ := f.texts(item)
	return strings.Join(texts, ", ")
}
