package checks

import (
	"context"
	"fmt"
	"strconv"

	"troth/contract"
)

func pageComplete() contract.Check {
	return contract.Check{
		ID:      "page-complete",
		Promise: "Small pages hold, in all, the items that a large page holds.",
		Why:     "A client that walks the list never sees the missing items, and takes them for deleted.",
		Source:  "the parameters of paging: the page size decides how the list is cut, not what is in it",
		Level:   contract.Must,
		Applies: walked,
		Needs:   []contract.Need{twoItems(), toldApart()},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			size, err := walkSize(ctx, c)
			if err != nil {
				return nil, err
			}
			var failure error
			findings, err := confirmed(ctx, c, size, func(pages []*page, ended bool) []contract.Finding {
				large, err := ask(ctx, c, "large page", contract.Query(c.Page.Size, strconv.Itoa(largeSize(c, size))), contract.Again())
				if err != nil {
					failure = err
					return nil
				}
				return missing(c, pages, large, size, ended)
			})
			if failure != nil {
				return nil, failure
			}
			return findings, err
		},
	}
}

func largeSize(c *contract.Case, size int) int {
	if c.Page.Maximum > 0 {
		return c.Page.Maximum
	}
	return size * walkLimit
}

// missing finds an item of the large page that should be on the small ones, and is not.
func missing(c *contract.Case, pages []*page, large *page, size int, ended bool) []contract.Finding {
	seen := map[string]bool{}
	for _, p := range pages {
		for _, id := range identities(p.items) {
			seen[id] = true
		}
	}
	covered := len(large.items)
	if !ended {
		covered = min(covered, size*len(pages))
	}
	for i, id := range identities(large.items[:covered]) {
		if seen[id] {
			continue
		}
		f := c.New(large.Exchange, "pages", c.Page.Items, "complete", fmt.Sprintf("item %d of the large page (%s) on a page of size %d", i+1, quote(id), size),
			fmt.Sprintf("none on %d pages", len(pages)), c.Op.Place.FileLine())
		at := min(i/size, len(pages)-1)
		f = f.And(pages[at].Exchange)
		return []contract.Finding{f}
	}
	return nil
}
