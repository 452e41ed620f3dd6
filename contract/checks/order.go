package checks

import (
	"context"
	"fmt"
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
			for range 2 { // what shows in both later walks is no coincidence
				again, _, err := walk(ctx, c, size, true)
				if err != nil {
					return nil, err
				}
				a, b, differ := swapped(all(first), all(again))
				if !differ {
					return nil, nil
				}
				if len(again) > 0 && !moved(again) && !moved(first) {
					f := c.New(again[0].Exchange, "pages", c.Page.Items, "order", fmt.Sprintf("%s before %s, as in the walk before", quote(a), quote(b)), "the other way round", c.Op.Place.FileLine())
					f = f.And(first[0].Exchange)
					return []contract.Finding{f}, nil
				}
				first = again
			}
			return nil, contract.Skip("inconclusive: the collection changed while it was walked")
		},
	}
}

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
			for try := range 2 {
				small, err := ask(ctx, c, "small page", sizedBy(c, max(size, 2), try)...)
				if err != nil {
					return nil, err
				}
				large, err := ask(ctx, c, "large page", sizedBy(c, largeSize(c, size), try)...)
				if err != nil {
					return nil, err
				}
				a, b, differ := swapped(identities(small.items), identities(large.items))
				if !differ && (common(small, large) || len(small.items) == 0) {
					return nil, nil
				}
				if try > 0 {
					want := "the items of the small page"
					if differ {
						want = fmt.Sprintf("%s before %s, as on the small page", quote(a), quote(b))
					}
					f := c.New(large.Exchange, "pages", c.Page.Items, "prefix", want, "another order", c.Op.Place.FileLine())
					f = f.And(small.Exchange)
					return []contract.Finding{f}, nil
				}
			}
			return nil, nil
		},
	}
}

// sizedBy asks for a page size; a second try sends the request again.
func sizedBy(c *contract.Case, size, try int) []contract.Change {
	if c.Page.Maximum > 0 {
		size = min(size, c.Page.Maximum)
	}
	changes := []contract.Change{contract.Query(c.Page.Size, strconv.Itoa(size))}
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

// swapped finds two items that stand in both lists, in another order: items that come or go do not matter.
func swapped(first, second []string) (a, b string, differ bool) {
	at := map[string]int{}
	for i, id := range first {
		at[id] = i
	}
	last, lastID := -1, ""
	for _, id := range second {
		i, known := at[id]
		if !known {
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
