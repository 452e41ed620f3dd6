package checks

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"

	"troth/contract"
	"troth/openapi/source"
)

func itemsSteady() contract.Check {
	return contract.Check{
		ID:      "items-steady",
		Promise: "An item that is no longer in a list does not come back.",
		Why:     "A client that looks at the wrong moment takes an item for deleted, and deletes what belongs to it.",
		Source:  "RFC 9110 §9.2.1: reading changes nothing; IDs are not given again",
		Level:   contract.Should,
		Once:    true, // what is wrong at times need not be wrong again
		Last:    true,
		Applies: func(s *contract.Subject) bool { return s.Page != nil && s.Op.Body == nil },
		Run: func(_ context.Context, c *contract.Case) ([]contract.Finding, error) {
			whole := wholeLists(c)
			for _, looks := range whole {
				if f := blinks(c, looks); f != nil {
					return []contract.Finding{*f}, nil
				}
			}
			if len(whole) == 0 {
				return nil, contract.Skip("no three answers show the whole list")
			}
			return nil, nil
		},
	}
}

// wholeLists are the answers, three at least, that showed all items there are of one list: fewer than the page may hold.
func wholeLists(c *contract.Case) (lists [][]*page) {
	by := map[string][]*page{}
	var asked []string
	for _, x := range c.Seen() {
		p, err := pageOf(c, x)
		if err != nil || x.Anonymous() || !hasRoom(c, p) || slices.ContainsFunc(p.items, func(item any) bool { return idOf(item) == "" }) {
			continue
		}
		list := listAsked(c, x)
		if by[list] == nil {
			asked = append(asked, list)
		}
		by[list] = append(by[list], p)
	}
	for _, list := range asked {
		if len(by[list]) > 2 {
			lists = append(lists, by[list])
		}
	}
	return lists
}

// listAsked is the URL of a list without what changes only the form of its answers, and how many items are shown.
func listAsked(c *contract.Case, x *contract.Exchange) string {
	u, err := url.Parse(x.URL)
	if err != nil {
		return x.URL
	}
	query := u.Query()
	query.Del(c.Page.Size)
	query.Del(c.Page.TotalParam)
	for _, p := range forms(&c.Subject) {
		query.Del(p.Name)
	}
	u.RawQuery = query.Encode()
	return u.String()
}

// hasRoom tells whether the first page shows fewer items than its size: all of the list, then.
func hasRoom(c *contract.Case, p *page) bool {
	if c.Page.Size == "" {
		return c.Page.Page == ""
	}
	size := c.Page.Default
	if u, err := url.Parse(p.URL); err != nil || c.Page.Page != "" && u.Query().Has(c.Page.Page) {
		return false
	} else if text := u.Query().Get(c.Page.Size); text != "" {
		size, _ = strconv.Atoi(text)
	}
	more, _ := source.Get(p.body, c.Page.More)
	return len(p.items) < size && more != true && target(c, p, "next") == ""
}

// blinks finds an item that one answer does not show, and that one which was there before that was asked for and one asked for behind it do.
func blinks(c *contract.Case, looks []*page) *contract.Finding {
	first, last := map[string]*page{}, map[string]*page{} // that show an item
	for _, p := range looks {
		for _, item := range p.items {
			id := idOf(item)
			if first[id] == nil || p.Before(first[id].Exchange) {
				first[id] = p
			}
			if last[id] == nil || last[id].Before(p.Exchange) {
				last[id] = p
			}
		}
	}
	for _, p := range looks {
		shows := ids(p)
		for _, id := range slices.Sorted(maps.Keys(first)) {
			if !shows[id] && first[id].Before(p.Exchange) && p.Before(last[id].Exchange) && !c.Mine(id) {
				f := c.New(p.Exchange, "items", c.Page.Items, "missing", fmt.Sprintf("the item %s, which the same list showed before and after", id), fmt.Sprintf("%d items without it", len(p.items)), c.Op.Place.FileLine())
				f = f.And(last[id].Exchange)
				return &f
			}
		}
	}
	return nil
}

func ids(p *page) map[string]bool {
	set := map[string]bool{}
	for _, item := range p.items {
		set[idOf(item)] = true
	}
	return set
}
