package checks

import (
	"context"
	"fmt"
	"slices"

	"troth/contract"
)

func linksSteady() contract.Check {
	return contract.Check{
		ID:      "links-steady",
		Promise: "A page that stays as it is leads to the next one each time, or never.",
		Why:     "A client that walks at the wrong moment takes the page for the last one, and misses the rest in silence.",
		Source:  "the links of a page, its cursor (RFC 8288; troth.yaml, pagination.links)",
		Level:   contract.Must,
		Once:    true, // what is wrong at times need not be wrong again
		Last:    true,
		Applies: func(s *contract.Subject) bool {
			return sized(s) && (s.Page.Links != nil || s.Page.LinkHeader || s.Page.Style == "cursor")
		},
		Run: func(_ context.Context, c *contract.Case) ([]contract.Finding, error) {
			known, again, turns := map[string]*page{}, 0, 0
			var lacks, leads *page // the last pair that contradicts each other
			for _, x := range c.Seen() {
				p, err := pageOf(c, x)
				if err != nil || x.Anonymous() || len(p.items) == 0 {
					continue
				}
				key := x.URL + x.Sent.Get("Accept")
				before := known[key]
				if known[key] = p; before == nil || before.total != p.total || !slices.Equal(identities(before.items), identities(p.items)) {
					continue
				}
				again++
				switch had, has := target(c, before, "next") != "", target(c, p, "next") != ""; {
				case had && !has:
					lacks, leads = p, before
					turns++
				case !had && has:
					lacks, leads = before, p
					turns++
				}
			}
			if again == 0 {
				return nil, contract.Skip("no page was asked for twice")
			}
			if turns < 2 || lacks.total < 0 && turns < 4 { // an item may have come or gone behind the page, which no total tells
				return nil, nil
			}
			got := fmt.Sprintf("none at times: %d of %d answers to what was asked before differ in it", turns, again)
			return []contract.Finding{c.New(lacks.Exchange, "links", "", "steady", "a link next or a cursor, as the same page had: "+target(c, leads, "next"), got, c.Op.Place.FileLine())}, nil
		},
	}
}
