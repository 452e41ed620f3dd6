package checks

import (
	"context"
	"net/http"
	"strings"

	"troth/contract"
	"troth/openapi"
)

// oneByOne reads the items of a short list one by one, of a longer one the first and a few spread over the rest: one that is listed can be read.
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
		items := readable(one, p.items)
		if try == 0 {
			if err := readAhead(ctx, one, p, items); err != nil {
				return nil, err
			}
		}
		findings, err := compareItems(ctx, list, one, p, items, again(try))
		if err != nil || len(findings) == 0 || try > 0 {
			return findings, err
		}
	}
	return nil, nil
}

// readAhead asks for items as they are compared later, several at a time.
func readAhead(ctx context.Context, one *contract.Case, p *page, items []any) error {
	variable := one.Last()
	_, err := one.Together(len(items), func(i int) (*contract.Exchange, error) {
		id := contract.IDOf(items[i], variable)
		text, ok := openapi.Text(id)
		if !ok || id == nil {
			return nil, nil
		}
		return one.Ask(ctx, "item "+text, contract.Beside(p.Exchange), contract.Path(variable.Name, text))
	})
	return err
}

// readable are the items to read of those that a list shows: of what was there before the run, and of what the run created, which is much the same.
func readable(one *contract.Case, items []any) []any {
	var before, created []any
	for _, item := range items {
		if one.Mine(contract.IDOf(item, one.Last())) {
			created = append(created, item)
		} else {
			before = append(before, item)
		}
	}
	if len(before) == 0 {
		return spread(created)
	}
	return append(spread(before), created[:min(len(created), 3)]...)
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

// allRead is up to how many items a list is read whole, one by one.
const allRead = 30

// spread are all items of a short list; of a longer one the first, and one from each of as many equal parts of the rest.
func spread(items []any) []any {
	const first, parts = 6, 4
	if len(items) <= allRead {
		return items
	}
	list := append([]any{}, items[:first]...)
	for i := range parts {
		list = append(list, items[first+(len(items)-first-1)*(i+1)/(parts+1)])
	}
	return list
}
