package checks

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"troth/contract"
)

// watches is how often a whole list is looked at where its answers differed.
const watches = 28

// gone looks for an item that a list lacks at times: who creates and deletes does not bring an item back by its ID, again and again. It asks only where
// totals differed in the answers so far.
func gone(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
	if c.Page == nil || !sized(&c.Subject) || !totalsDiffer(c) {
		return nil, nil
	}
	size, err := walkSize(ctx, c)
	if contract.WasSkipped(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	most := largeSize(ctx, c, size)
	there, last := map[string][]bool{}, map[string]*page{}
	for i := range watches {
		p, err := ask(ctx, c, "large page", contract.Query(c.Page.Size, strconv.Itoa(most)), contract.Again())
		if contract.WasSkipped(err) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		if len(p.items) >= most || slices.ContainsFunc(p.items, func(item any) bool { return !hasID(item) }) {
			return nil, nil // an item may stand on the next page
		}
		for _, id := range identities(p.items) {
			if there[id] == nil {
				there[id] = make([]bool, watches)
			}
			there[id][i] = true
		}
		for id, shown := range there {
			if !shown[i] {
				last[id] = p
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(there)) {
		if n := comesBack(there[id]); n > 1 {
			return []contract.Finding{c.New(last[id].Exchange, "list asked for again", c.Page.Items, "gone", "the item "+quote(id)+" each time", fmt.Sprintf("it is gone and back %d times in %d answers", n, watches), c.Op.Place.FileLine())}, nil
		}
	}
	return nil, nil
}

// comesBack counts how often something is there again behind a time when it was not.
func comesBack(there []bool) (n int) {
	first := slices.Index(there, true)
	for i := first + 1; first >= 0 && i < len(there); i++ {
		if there[i] && !there[i-1] {
			n++
		}
	}
	return n
}

// totalsDiffer tells whether pages of a list told different totals.
func totalsDiffer(c *contract.Case) bool {
	told := -1
	for _, x := range c.Seen() {
		p, err := pageOf(c, x)
		if err != nil || p.total < 1 {
			continue
		}
		if told >= 0 && p.total != told {
			return true
		}
		told = p.total
	}
	return false
}
