package checks

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"troth/contract"
)

func pageOrderStable() contract.Check {
	return contract.Check{
		ID:      "page-order-stable",
		Promise: "Two walks through a list show its items in the same order.",
		Why:     "When the order changes between pages, a walk misses items and repeats others.",
		Source:  "the parameters of paging: without one order, pages are no parts of one list",
		Level:   contract.Should,
		Once:    true, // it looks again itself
		Applies: walked,
		Needs:   []contract.Need{twoItems(), toldApart()},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			size, err := walkSize(ctx, c)
			if err != nil {
				return nil, err
			}
			first, _, err := walk(ctx, c, size, false)
			if err != nil {
				return nil, err
			}
			before, whole, err := largestHolds(ctx, c)
			if err != nil {
				return nil, err
			}
			for range 2 {
				if len(first)%2 == 0 { // of walks of an odd number of requests, the second begins out of step with what changes by every other request
					if _, err := ask(ctx, c, "first page", contract.Again()); err != nil {
						return nil, err
					}
				}
				again, _, err := walk(ctx, c, size, true)
				if err != nil {
					return nil, err
				}
				a, b, differ := swapped(all(first), all(again))
				if !differ {
					continue
				}
				behind, _, err := largestHolds(ctx, c)
				if err != nil {
					return nil, err
				}
				if !whole || !slices.Equal(before, behind) {
					return nil, contract.Skip("inconclusive: the collection changed while it was walked, or is too large to see whether it did")
				}
				return []contract.Finding{c.New(again[0].Exchange, "pages", c.Page.Items, "order", fmt.Sprintf("%s before %s, as in the walk before", quote(a), quote(b)), "the other way round", c.Op.Place.FileLine()).And(first[0].Exchange)}, nil
			}
			return nil, nil
		},
	}
}

// largestHolds are the items of a list's largest page, in no order; whole tells whether they are all and can be told apart.
func largestHolds(ctx context.Context, c *contract.Case) (items []string, whole bool, err error) {
	size := largeSize(ctx, c, 50)
	p, err := ask(ctx, c, "list around a walk", contract.Query(c.Page.Size, strconv.Itoa(size)), contract.Again())
	if contract.WasSkipped(err) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	named := !slices.ContainsFunc(p.items, func(item any) bool { return !hasID(item) })
	return sorted(identities(p.items)), named && size > len(p.items), nil
}

func sorted(list []string) []string { return slices.Sorted(slices.Values(list)) }

func pagePrefix() contract.Check {
	return contract.Check{
		ID:      "page-prefix",
		Promise: "A small first page is the beginning of a large one.",
		Why:     "Clients that show a few items first, then more, show another list than they began with.",
		Source:  "the parameters of paging: the page size decides how the list is cut, not its order",
		Level:   contract.Must,
		Applies: sized,
		Needs:   []contract.Need{twoItems(), toldApart()},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			size, err := walkSize(ctx, c)
			if err != nil {
				return nil, err
			}
			odd, err := oddSize(ctx, c)
			if err != nil {
				return nil, err
			}
			for _, few := range []int{2, odd, max(size, 2)} { // even and odd ones
				var large *page
				small, same, err := bracketed(ctx, c, func(repeat ...contract.Change) (*page, error) {
					return ask(ctx, c, "small page", append(sizedBy(c, few, 0), repeat...)...)
				}, func(small *page, repeat ...contract.Change) (bool, error) {
					var err error
					large, err = ask(ctx, c, "large page", append(sizedBy(c, largeSize(ctx, c, size), 0), repeat...)...)
					return err == nil && isPrefix(identities(small.items), identities(large.items)), err
				})
				if err != nil {
					return nil, err
				}
				if !same {
					return []contract.Finding{c.New(large.Exchange, "pages", c.Page.Items, "prefix", fmt.Sprintf("the items of the page of %d, in that order", few), "others, or another order", c.Op.Place.FileLine()).And(small.Exchange)}, nil
				}
			}
			return nil, nil
		},
	}
}

// isPrefix tells whether a list begins with another one; one that is shorter has to be its beginning.
func isPrefix(small, large []string) bool {
	n := min(len(small), len(large))
	return slices.Equal(small[:n], large[:n])
}

// sizedBy asks for a page size; a second try sends the request again.
func sizedBy(c *contract.Case, size, try int) []contract.Change {
	if c.Page.Maximum > 0 {
		size = min(size, c.Page.Maximum)
	}
	changes := []contract.Change{contract.Query(c.Page.Size, strconv.Itoa(listedSize(c, max(size, c.Page.Minimum))))}
	if try > 0 {
		changes = append(changes, contract.Again())
	}
	return changes
}

func all(pages []*page) (ids []string) {
	for _, p := range pages {
		ids = append(ids, identities(p.items)...)
	}
	return ids
}

// swapped finds two items that stand in both lists, in another order: items that come or go do not matter, nor those that stand in a list
// twice because others were inserted while it was walked.
func swapped(first, second []string) (a, b string, differ bool) {
	at := map[string]int{}
	for i, id := range first {
		at[id] = i
	}
	times := map[string]int{}
	for _, id := range slices.Concat(first, second) {
		times[id]++
	}
	last, lastID := -1, ""
	for _, id := range second {
		i, known := at[id]
		if !known || times[id] > 2 {
			continue
		}
		if i < last {
			return id, lastID, true
		}
		last, lastID = i, id
	}
	return "", "", false
}

// common tells whether two pages share an item.
func common(p, q *page) bool {
	seen := map[string]bool{}
	for _, id := range identities(p.items) {
		seen[id] = true
	}
	for _, id := range identities(q.items) {
		if seen[id] {
			return true
		}
	}
	return false
}
