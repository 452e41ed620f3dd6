package checks

import (
	"context"
	"fmt"

	"troth/contract"
)

func pageDisjoint() contract.Check {
	return contract.Check{
		ID:      "page-disjoint",
		Promise: "No item stands on two pages.",
		Why:     "A client that walks the list handles some items twice, and usually misses others.",
		Source:  "the parameters of paging: pages are parts of one list",
		Level:   contract.Must,
		Applies: walked,
		Needs:   []contract.Need{twoItems(), toldApart()},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			size, err := walkSize(ctx, c)
			if err != nil {
				return nil, err
			}
			apart := largeSize(ctx, c, size) // so many items without IDs are known to differ (toldApart)
			return confirmed(ctx, c, size, func(pages []*page, _ bool) []contract.Finding {
				seen, before := map[string]int{}, 0
				for i, p := range pages {
					for n, id := range identities(p.items) {
						before++
						if j, ok := seen[id]; ok && (j != i && before <= apart || hasID(p.items[n])) {
							f := c.New(p.Exchange, "pages", c.Page.Items, "disjoint", "each item once", fmt.Sprintf("item %s on the pages %d and %d of the walk", quote(id), j+1, i+1), c.Op.Place.FileLine())
							f = f.After(pages[j].Exchange)
							return []contract.Finding{f}
						}
						seen[id] = i
					}
				}
				return nil
			})
		},
	}
}
