package checks

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"troth/contract"
)

func filterSorted() contract.Check {
	return contract.Check{
		ID:      "filter-sorted",
		Promise: "A list that is chosen by one parameter and sorted by another holds the chosen items, sorted.",
		Why:     "A client that asks for the newest of some items is shown the oldest, or others.",
		Source:  "the parameters, which name members of the items; troth.yaml, selection",
		Level:   contract.Should,
		Needs:   []contract.Need{twoItems()},
		Applies: func(s *contract.Subject) bool {
			return s.Page != nil && s.Op.Body == nil && len(filters(s)) > 0 && len(orders(s)) > 0
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			return eachFilter(ctx, c, "no two items say the same of what can be chosen by, and can be sorted", func(all *page, f filter) ([]contract.Finding, bool, error) {
				value, ok := f.several(all.items)
				if !ok {
					return nil, false, nil
				}
				judged := false
				for _, o := range orders(&c.Subject) {
					if o.key.Member == f.member {
						continue
					}
					findings, err := judgeSorted(ctx, c, all, choice{f, value}, o)
					if err != nil || len(findings) > 0 {
						return findings, true, err
					}
					judged = true
				}
				return nil, judged, nil
			})
		},
	}
}

// judgeSorted asks for the items with a value, sorted.
func judgeSorted(ctx context.Context, c *contract.Case, whole *page, f choice, o order) ([]contract.Finding, error) {
	some, err := ask(ctx, c, f.p.Name+" as a filter, sorted by "+o.name(), append(append(largest(ctx, c), contract.Query(f.p.Name, f.value)), o.changes...)...)
	if contract.WasSkipped(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for i, item := range some.items {
		if !f.lets(item, f.value) {
			return []contract.Finding{c.New(some.Exchange, "query "+f.p.Name, c.Page.Items+"/"+strconv.Itoa(i)+"/"+f.member, "sorted", f.value+" in each item, sorted or not", quote(f.says(item)), f.p.Place.FileLine())}, nil
		}
	}
	if members := o.members(some.items); !o.sorts(members) {
		return []contract.Finding{c.New(some.Exchange, "query "+o.p.Name, c.Page.Items, "chosen "+o.value, o.wants()+", chosen or not", quote(strings.Join(texts(members), ", ")), o.p.Place.FileLine())}, nil
	}
	return lostOf(ctx, c, whole, some, "sorted", func(item any) bool { return f.exactly(item, f.value) }, f.filter), nil
}

// wants is the order in words.
func (o order) wants() string {
	if !o.told {
		return o.key.Member + " in one order"
	}
	return o.key.Member + map[bool]string{false: " from the smallest to the largest", true: " from the largest to the smallest"}[o.key.Falls]
}

// backwards tells whether an order has its counterpart among others: then each is told.
func (o order) backwards(others []order) bool {
	return slices.ContainsFunc(others, func(other order) bool { return other.key.Member == o.key.Member && other.key.Falls != o.key.Falls })
}
