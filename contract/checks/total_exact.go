package checks

import (
	"context"
	"fmt"
	"strconv"

	"troth/contract"
)

func totalExact() contract.Check {
	return contract.Check{
		ID:      "total-exact",
		Promise: "The total is the number of items on all pages, on every page.",
		Why:     "Clients end a walk by the total: a wrong one makes them stop early, or ask for ever.",
		Source:  "the member of the total; troth.yaml, pagination.totalExact",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool { return walked(s) && s.Page.Total != "-" && s.Page.TotalExact },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			first, err := ask(ctx, c, "ordinary request")
			if err != nil {
				return nil, err
			}
			if first.total < 0 {
				return nil, contract.Skip("the body has no total at %s", c.Page.Total)
			}
			size := largeSize(c, max(len(first.items), 1))
			if first.total > size*walkLimit {
				return nil, contract.Skip("the collection holds %d items, more than are counted", first.total)
			}
			return confirmed(ctx, c, size, func(pages []*page, ended bool) []contract.Finding { return judgeTotal(c, pages, ended) })
		},
	}
}

func judgeTotal(c *contract.Case, pages []*page, ended bool) []contract.Finding {
	count := 0
	for _, p := range pages {
		count += len(p.items)
	}
	for _, p := range pages {
		if p.total != count && (ended || p.total < count) {
			return []contract.Finding{c.New(p.Exchange, "body", c.Page.Total, "total", strconv.Itoa(count), fmt.Sprint(p.total), c.Op.Place.FileLine())}
		}
	}
	return nil
}
