package checks

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"troth/contract"
)

// holed asks for a first page that has a place for an item of each value more than the list begins with: one that is cut before items are chosen has
// fewer items than its size. Pages that lead on by a cursor may be short.
func holed(ctx context.Context, c *contract.Case, all *page, f filter) ([]contract.Finding, error) {
	value, size, due := f.scattered(all.items, max(c.Page.Minimum, 1))
	if value == "" || !numbered(&c.Subject) || size > c.Largest(ctx, 0) {
		return nil, nil
	}
	many, err := ask(ctx, c, "large page of the chosen", append(largest(ctx, c), contract.Query(f.p.Name, value))...)
	if contract.WasSkipped(err) || err == nil && len(many.items) < size { // the parameter may choose by something else
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var p *page
	base := func(repeat ...contract.Change) (*page, error) {
		return ask(ctx, c, "large page", append(largest(ctx, c), repeat...)...)
	}
	_, full, err := bracketed(ctx, c, base, func(now *page, repeat ...contract.Change) (bool, error) {
		var err error
		p, err = ask(ctx, c, "first page of the chosen", append(repeat, contract.Query(c.Page.Size, strconv.Itoa(size)), contract.Query(f.p.Name, value))...)
		return err == nil && (len(p.items) >= size || f.count(now.items, value) < size), err
	})
	if contract.WasSkipped(err) {
		return nil, nil
	}
	if err != nil || full {
		return nil, err
	}
	want := fmt.Sprintf("%d items: a page as large as was asked for, since %d items have %s %s", size, due, f.member, value)
	return []contract.Finding{c.New(p.Exchange, "query "+f.p.Name, c.Page.Items, "holes", want, strconv.Itoa(len(p.items)), f.p.Place.FileLine()).And(all.Exchange)}, nil
}

// scattered is a value that enough items have to fill a page, not all of them at the beginning, the size of that page, and how many have it; "" where
// there is none.
func (f filter) scattered(items []any, least int) (value string, size, due int) {
	values := f.telling(items)
	if most, ok := f.several(items); ok {
		values = append([]string{most}, values...)
	}
	for _, value := range values {
		first := slices.IndexFunc(items, func(item any) bool { return !f.exactly(item, value) })
		due := f.count(items, value)
		if size := max(first+1, least); first >= 0 && size <= due {
			return value, size, due
		}
	}
	return "", 0, 0
}

// count is how many items have a value.
func (f filter) count(items []any, value string) (n int) {
	for _, item := range items {
		if f.exactly(item, value) {
			n++
		}
	}
	return n
}
