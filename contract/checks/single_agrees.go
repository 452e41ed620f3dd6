package checks

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/source"
)

func singleAgrees() contract.Check {
	return contract.Check{
		ID:      "single-agrees",
		Promise: "An item says the same in its list and on its own.",
		Why:     "Clients that cache items from a list show what the item itself denies.",
		Source:  "the list and the item are representations of one resource (RFC 9110 §3.2)",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool { return s.Page != nil && itemOperation(s, http.MethodGet) != nil },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			one := c.Other(itemOperation(&c.Subject, http.MethodGet))
			for try := range 2 {
				var changes []contract.Change
				if try > 0 {
					changes = append(changes, contract.Again())
				}
				list, err := ask(ctx, c, "ordinary request", changes...)
				if err != nil {
					return nil, err
				}
				findings, err := compareItems(ctx, c, one, list, changes)
				if err != nil || len(findings) == 0 || try > 0 {
					return findings, err
				}
			}
			return nil, nil
		},
	}
}

// itemOperation is an operation on one item of a list: its path is the list's with one variable more.
func itemOperation(s *contract.Subject, method string) *openapi.Operation {
	for _, o := range s.Op.Document.Operations {
		rest, ok := strings.CutPrefix(o.Route, s.Op.Route+"/{")
		if ok && o.Method == method && strings.IndexByte(rest, '}') == len(rest)-1 {
			return o
		}
	}
	return nil
}

// compared are the items of a page that are asked for one by one: the first two and the last.
func compared(items []any) []any {
	if len(items) <= 3 {
		return items
	}
	return []any{items[0], items[1], items[len(items)-1]}
}

func compareItems(ctx context.Context, c, one *contract.Case, list *page, changes []contract.Change) ([]contract.Finding, error) {
	if one == nil || !one.PicksItem() {
		return nil, contract.Skip("the item's operation cannot be asked")
	}
	variable := one.Last()
	judged := false
	for _, item := range compared(list.items) {
		listed, _ := item.(map[string]any)
		id := contract.IDOf(listed, variable)
		if id == nil {
			break
		}
		text, _ := openapi.Text(id)
		x, err := one.Ask(ctx, "item "+text, append(slices.Clone(changes), contract.Beside(list.Exchange), contract.Path(variable.Name, text))...)
		if err != nil {
			return nil, err
		}
		finding := func(pointer, want, got string) []contract.Finding {
			f := c.New(x, "item", pointer, "agree", want, got, one.Op.Place.FileLine())
			f = f.And(list.Exchange)
			return []contract.Finding{f}
		}
		if !x.OK() {
			return finding("", "the item that the list shows", fmt.Sprint(x.Status)), nil
		}
		body, err := x.JSON()
		alone, ok := body.(map[string]any)
		if err != nil || !ok {
			return nil, contract.Skip("the item is no JSON object")
		}
		judged = true
		for _, name := range slices.Sorted(maps.Keys(listed)) {
			other, has := alone[name]
			if !has {
				continue
			}
			if pointer, same := agree(listed[name], other, "/"+source.Escape(name)); !same && !isLinks(listed[name]) {
				return finding(pointer, quote(fmt.Sprint(listed[name]))+", as in the list", quote(fmt.Sprint(other))), nil
			}
		}
	}
	if !judged {
		return nil, contract.Skip("the list shows no item whose ID is known")
	}
	return nil, nil
}

// isLinks tells whether a value is an array of link objects, which each representation has its own of.
func isLinks(v any) bool {
	list, _ := v.([]any)
	for _, item := range list {
		if link, ok := item.(map[string]any); ok && link["href"] != nil {
			return true
		}
	}
	return false
}
