package checks

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"troth/contract"
)

func filtersTogether() contract.Check {
	return contract.Check{
		ID:      "filters-together",
		Promise: "Two parameters that choose items choose those that have both values.",
		Why:     "A client that narrows what it asks for is shown what it has just left out.",
		Source:  "the parameters, which have the names and the values of members of the items; troth.yaml, selection",
		Level:   contract.Should,
		Needs:   []contract.Need{twoItems()},
		Applies: func(s *contract.Subject) bool {
			return s.Page != nil && s.Op.Body == nil && len(filters(s)) > 0 && len(filters(s))+len(searches(s)) > 1
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			whole, err := ask(ctx, c, "large page", largest(ctx, c)...)
			if err != nil {
				return nil, err
			}
			pairs := pairsOf(c, whole.items)
			findings, judged, err := searchedTogether(ctx, c, whole)
			if err != nil || len(findings) > 0 {
				return findings, err
			}
			if len(pairs) == 0 && !judged {
				return nil, contract.Skip("no two parameters choose some of the items each, and one that both choose")
			}
			for _, pair := range pairs[:min(len(pairs), mostPairs)] {
				if findings, err := judgePair(ctx, c, whole, pair); err != nil || len(findings) > 0 {
					return findings, err
				}
			}
			return nil, nil
		},
	}
}

// mostPairs is how many pairs of parameters are asked for.
const mostPairs = 3

// choice is a filter with a value.
type choice struct {
	filter
	value string
}

// pairsOf are parameters that choose an item together, each with another value than some item that the other one chooses has, where there is one.
func pairsOf(c *contract.Case, items []any) (pairs [][2]choice) {
	chosen := filters(&c.Subject)
	names := slices.Sorted(maps.Keys(chosen))
	for i, a := range names {
		for _, b := range names[:i] {
			one, other := filter{c.Op.Parameter("query", b), chosen[b]}, filter{c.Op.Parameter("query", a), chosen[a]}
			if one.member == other.member {
				continue
			}
			if pair, ok := telling(items, one, other); ok {
				pairs = append(pairs, pair)
			}
		}
	}
	return pairs
}

// telling finds values of two filters that an item has both of; at best, others have one of them only.
func telling(items []any, a, b filter) (best [2]choice, ok bool) {
	most := 0
	for _, x := range a.telling(items) {
		for _, y := range b.telling(items) {
			both, apart := false, 0
			for _, item := range items {
				switch isA, isB := a.exactly(item, x), b.exactly(item, y); {
				case isA && isB:
					both = true
				case isA:
					apart |= 1
				case isB:
					apart |= 2
				}
			}
			if score := apart + 1; both && score > most {
				most, best = score, [2]choice{{a, x}, {b, y}}
			}
		}
	}
	return best, most > 1
}

func judgePair(ctx context.Context, c *contract.Case, whole *page, pair [2]choice) ([]contract.Finding, error) {
	changes := append(largest(ctx, c), contract.Query(pair[0].p.Name, pair[0].value), contract.Query(pair[1].p.Name, pair[1].value))
	some, err := ask(ctx, c, pair[0].p.Name+" and "+pair[1].p.Name+" as filters", changes...)
	if err != nil {
		return nil, err
	}
	for _, f := range pair {
		finding := func(pointer, want, got string) ([]contract.Finding, error) {
			return []contract.Finding{c.New(some.Exchange, "query "+f.p.Name, pointer, "together", want, got, f.p.Place.FileLine()).And(whole.Exchange)}, nil
		}
		for i, item := range some.items {
			if !f.lets(item, f.value) {
				return finding(c.Page.Items+"/"+strconv.Itoa(i)+"/"+f.member, f.value+" in each item", quote(f.says(item)))
			}
		}
	}
	return lostOf(ctx, c, whole, some, "together", func(item any) bool {
		return pair[0].exactly(item, pair[0].value) && pair[1].exactly(item, pair[1].value)
	}, pair[1].filter), nil
}

// lostOf finds an item of the whole list that should stand on a page of chosen ones, and does not though there is room.
func lostOf(ctx context.Context, c *contract.Case, whole, some *page, keyword string, due func(item any) bool, f filter) []contract.Finding {
	if leadsOn(c, some) || len(some.items) > 0 && !hasSpace(ctx, c, whole, some) {
		return nil
	}
	for _, item := range whole.items {
		if due(item) && hasID(item) && !shows(some, item) {
			return []contract.Finding{c.New(some.Exchange, "query "+f.p.Name, c.Page.Items, keyword, "the item "+quote(identity(item))+", which has what is asked for", "none", f.p.Place.FileLine()).And(whole.Exchange)}
		}
	}
	return nil
}
