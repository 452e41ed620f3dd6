package checks

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"troth/contract"
	"troth/openapi"
)

func listCurrent() contract.Check {
	return contract.Check{
		ID:      "list-current",
		Promise: "A list that was asked for before shows what was created since.",
		Why:     "A client that reloads a list, as people do, does not see what it has just created.",
		Source:  "RFC 9111 §4: an answer that is kept is used again only while it is fresh",
		Level:   contract.Should,
		Once:    true, // what is asked for twice may be kept, too
		Applies: func(s *contract.Subject) bool { return creates(s) },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			list := listBefore(ctx, c)
			if list == nil || !sized(&list.Subject) {
				return nil, contract.Skip("the items stand in no list with a page size")
			}
			before, err := ask(ctx, list, "list before creating", contract.Again())
			if err != nil {
				return nil, err
			}
			if fresh := before.Header.Get("Cache-Control"); strings.Contains(fresh, "max-age") && !strings.Contains(fresh, "max-age=0") || before.Header.Get("Age") != "" {
				return nil, contract.Skip("the list may be kept: Cache-Control %s", fresh)
			}
			m, err := create(ctx, c, "create for its list", fresh(c))
			if m != nil {
				defer m.clean(ctx, c)
			}
			if err != nil {
				return nil, err
			}
			return stale(ctx, c, list.Below(m.answer), m, before)
		},
	}
}

// stale compares the list, asked for as before, with one page that nobody asked for yet: one item longer.
func stale(ctx context.Context, c, list *contract.Case, m *made, before *page) ([]contract.Finding, error) {
	behind, err := ask(ctx, list, "list behind creating", contract.Again())
	if err != nil {
		return nil, err
	}
	size := len(behind.items) + 1
	if most := list.Page.Maximum; most > 0 && size > most {
		return nil, contract.Skip("the page is as long as it may be")
	}
	other, err := ask(ctx, list, "list behind creating, one longer", contract.Query(list.Page.Size, strconv.Itoa(size)), contract.Again())
	if err != nil {
		return nil, err
	}
	shows := func(items []any) bool {
		return slices.ContainsFunc(items, func(item any) bool {
			text, _ := openapi.Text(contract.IDOf(item, m.variable))
			return text == m.id
		})
	}
	due := other.items
	if len(due) == size && list.Page.Default < size {
		due = due[:size-1] // the last one stands on the next page
	}
	if !shows(due) {
		return nil, contract.Skip("what is created does not stand on the first page")
	}
	if shows(behind.items) || !slices.Equal(identities(before.items), identities(behind.items)) {
		return nil, nil
	}
	last, err := ask(ctx, list, "list behind creating", contract.Again())
	if err != nil || shows(last.items) || !slices.Equal(identities(before.items), identities(last.items)) {
		return nil, err
	}
	return []contract.Finding{c.New(last.Exchange, "list", list.Page.Items, "current", "the item "+m.id+", as the page that is one longer shows", "the items from before it was created", c.Op.Place.FileLine()).After(m.answer).And(other.Exchange)}, nil
}
