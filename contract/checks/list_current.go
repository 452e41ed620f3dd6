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
			end, err := endOf(ctx, list, before)
			if err != nil {
				return nil, err
			}
			m, err := create(ctx, c, "create for its list", fresh(c))
			if m != nil {
				defer m.clean(ctx, c)
			}
			if err != nil {
				return nil, err
			}
			return stale(ctx, c, list.Below(m.answer), m, before, end)
		},
	}
}

// stale compares the list, asked for as before, with one page that nobody asked for yet: one item longer.
func stale(ctx context.Context, c, list *contract.Case, m *made, before, end *page) ([]contract.Finding, error) {
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
	due := other.items
	if len(due) == size && list.Page.Default < size {
		due = due[:size-1] // the last one stands on the next page
	}
	if !m.among(due) {
		return staleEnd(ctx, c, list, m, end)
	}
	if m.among(behind.items) || !slices.Equal(identities(before.items), identities(behind.items)) {
		return nil, nil
	}
	last, err := ask(ctx, list, "list behind creating", contract.Again())
	if err != nil || m.among(last.items) || !slices.Equal(identities(before.items), identities(last.items)) {
		return nil, err
	}
	return []contract.Finding{c.New(last.Exchange, "list", list.Page.Items, "current", "the item "+m.id+", as the page that is one longer shows", "the items from before it was created", c.Op.Place.FileLine()).After(m.answer).And(other.Exchange)}, nil
}

// among tells whether a list shows what was created.
func (m *made) among(items []any) bool {
	return slices.ContainsFunc(items, func(item any) bool {
		text, _ := openapi.Text(contract.IDOf(item, m.variable))
		return text == m.id
	})
}

// endOf asks for the page of the usual size that the next item stands on where new ones come last, nil where nobody can tell which it is.
func endOf(ctx context.Context, list *contract.Case, first *page) (*page, error) {
	if !numbered(&list.Subject) || !list.Page.TotalExact || len(first.items) == 0 || first.total <= len(first.items) {
		return nil, nil
	}
	size := len(first.items)
	number := list.Page.Number(first.total/size, size)
	end, err := ask(ctx, list, "last page before creating", contract.Query(list.Page.Page, strconv.Itoa(number)), contract.Again())
	if contract.WasSkipped(err) {
		return nil, nil
	}
	return end, err
}

// staleEnd compares the last page, asked for as before, with one of another size that nobody asked for yet.
func staleEnd(ctx context.Context, c, list *contract.Case, m *made, before *page) ([]contract.Finding, error) {
	elsewhere := contract.Skip("what is created stands neither on the first page nor on the last")
	if before == nil || before.total < 0 {
		return nil, elsewhere
	}
	size := list.Page.Default - 1
	if size < max(list.Page.Minimum, 1) {
		return nil, elsewhere
	}
	number := list.Page.Number(before.total/size, size)
	other, err := ask(ctx, list, "last page of another size", contract.Query(list.Page.Page, strconv.Itoa(number)), contract.Query(list.Page.Size, strconv.Itoa(size)), contract.Again())
	if err != nil {
		return nil, err
	}
	if !m.among(other.items) {
		return nil, elsewhere
	}
	var behind *page
	for range 2 {
		x, err := list.Follow(ctx, "last page behind creating", before.URL, contract.Again())
		if err != nil {
			return nil, err
		}
		if behind, err = pageOf(list, x); err != nil || !slices.Equal(identities(before.items), identities(behind.items)) {
			return nil, err
		}
	}
	return []contract.Finding{c.New(behind.Exchange, "list", list.Page.Items, "current", "the item "+m.id+", as the last page of another size shows", "the items from before it was created", c.Op.Place.FileLine()).After(m.answer).And(other.Exchange)}, nil
}
