package checks

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/source"
)

func pageEcho() contract.Check {
	return contract.Check{
		ID:      "page-echo",
		Promise: "What a page says of itself is what was asked for, and what it holds.",
		Why:     "A client that computes the next page from what this one says asks for another than it wants.",
		Source:  "the members that have the names of the parameters of paging",
		Level:   contract.Should,
		Needs:   []contract.Need{twoItems()},
		Applies: func(s *contract.Subject) bool { return numbered(s) && len(s.Page.Echo) > 0 },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			size, err := walkSize(ctx, c)
			if err != nil {
				return nil, err
			}
			pages, _, err := walk(ctx, c, size, false)
			if err != nil {
				return nil, err
			}
			judged := false
			for i, p := range pages {
				if len(p.items) < size {
					break // some servers say how long the page is, others how long it was to be
				}
				offset := i * size
				if c.Page.Style == "offset" {
					offset = c.Page.Number(i, size)
				}
				for _, pointer := range slices.Sorted(maps.Keys(c.Page.Echo)) {
					due, known := map[string]int{"size": size, "page": c.Page.First + i, "offset": offset, "count": len(p.items)}[c.Page.Echo[pointer]]
					v, has := source.Get(p.body, pointer)
					told, _ := openapi.Text(v)
					if !known || !has || v == nil {
						continue
					}
					if judged = true; told != strconv.Itoa(due) {
						return []contract.Finding{c.New(p.Exchange, "body", pointer, "echo", fmt.Sprintf("%d, the %s of this page", due, c.Page.Echo[pointer]), quote(told), c.Op.Place.FileLine())}, nil
					}
				}
			}
			if !judged {
				return nil, contract.Skip("the pages say nothing of themselves")
			}
			return nil, nil
		},
	}
}
