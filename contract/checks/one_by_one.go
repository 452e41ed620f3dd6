package checks

import (
	"context"
	"net/http"
	"strings"

	"troth/contract"
)

// oneByOne reads the first items of a list one after the other, and a few spread over the rest: one that is listed can be read.
func oneByOne(ctx context.Context, one *contract.Case) ([]contract.Finding, error) {
	ordinary, err := one.Ordinary(ctx)
	if err != nil {
		return nil, err
	}
	list := listAbove(one)
	if list == nil {
		return nil, contract.Skip("the item stands in no list")
	}
	for try := range 2 {
		changes := append(again(try), contract.Beside(ordinary))
		p, err := ask(ctx, list, "large page", append(largest(ctx, list), changes...)...)
		if err != nil {
			return nil, err
		}
		findings, err := compareItems(ctx, list, one, p, spread(p.items), again(try))
		if err != nil || len(findings) == 0 || try > 0 {
			return findings, err
		}
	}
	return nil, nil
}

// listAbove is the case of the list that an item stands in, nil where there is none.
func listAbove(one *contract.Case) *contract.Case {
	route := strings.TrimSuffix(one.Op.Route, "/{"+one.Last().Name+"}")
	for _, o := range one.Op.Document.Operations {
		if o.Method == http.MethodGet && o.Route == route {
			if list := one.Other(o); list != nil && list.Page != nil {
				return list
			}
		}
	}
	return nil
}

// spread are the first items, and one from each of as many equal parts of the rest.
func spread(items []any) []any {
	const first, parts = 6, 4
	if len(items) <= first+parts {
		return items
	}
	list := append([]any{}, items[:first]...)
	for i := range parts {
		list = append(list, items[first+(len(items)-first-1)*(i+1)/(parts+1)])
	}
	return list
}
