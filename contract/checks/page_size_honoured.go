package checks

import (
	"context"
	"strconv"

	"troth/contract"
)

func pageSizeHonoured() contract.Check {
	return contract.Check{
		ID:      "page-size-honoured",
		Promise: "A page holds no more items than were asked for.",
		Why:     "Clients make room for what they asked for: more breaks their layout, memory and limits.",
		Source:  "the parameter of the page size",
		Level:   contract.Must,
		Applies: sized,
		Needs:   []contract.Need{twoItems()},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			var findings []contract.Finding
			p := c.Op.Parameter("query", c.Page.Size)
			nearly, err := oddSize(ctx, c)
			if err != nil {
				return nil, err
			}
			for _, size := range append(sizes(c), nearly) {
				got, err := ask(ctx, c, "page size "+strconv.Itoa(size), contract.Query(c.Page.Size, strconv.Itoa(size)))
				if err != nil {
					return findings, err
				}
				if len(got.items) > size {
					findings = append(findings, c.New(got.Exchange, "query "+c.Page.Size, c.Page.Items, "size",
						"at most "+strconv.Itoa(size)+" items", strconv.Itoa(len(got.items)), p.Place.FileLine()))
				}
			}
			if len(findings) > 0 || !walked(&c.Subject) {
				return findings, nil
			}
			size, err := walkSize(ctx, c)
			if err != nil {
				return nil, err
			}
			pages, _, err := walk(ctx, c, size, false)
			for _, got := range pages {
				if len(got.items) > size {
					return []contract.Finding{c.New(got.Exchange, "query "+c.Page.Size, c.Page.Items, "size", "at most "+strconv.Itoa(size)+" items, on each page", strconv.Itoa(len(got.items)), p.Place.FileLine())}, nil
				}
			}
			return nil, err
		},
	}
}

// oddSize is the largest odd size of a page that leaves some item of the list to be seen, 3 where nobody knows how many there are: what is one more from
// some size on shows there.
func oddSize(ctx context.Context, c *contract.Case) (int, error) {
	walked, err := walkSize(ctx, c)
	if err != nil {
		return 0, err
	}
	count, err := held(ctx, c, nil)
	if err != nil && !contract.WasSkipped(err) {
		return 0, err
	}
	size := max(min(count-1, largeSize(ctx, c, walked)), 3)
	if size%2 == 0 {
		size--
	}
	if c.Page.Maximum > 0 {
		size = min(size, c.Page.Maximum)
	}
	return listedSize(c, max(size, c.Page.Minimum)), nil
}

// sizes are valid page sizes at the edges: the smallest, one more, and the largest.
func sizes(c *contract.Case) []int {
	low := max(c.Page.Minimum, 1)
	list := []int{low}
	if c.Page.Maximum == 0 || low+1 <= c.Page.Maximum {
		list = append(list, listedSize(c, low+1))
	}
	if c.Page.Maximum > low+1 {
		list = append(list, c.Page.Maximum)
	}
	return list
}
