package checks

import (
	"context"
	"fmt"
	"strconv"

	"troth/contract"
)

// fullPage asks for the last page at a size that divides the number of items: it has no place left. nil where there is none.
func fullPage(ctx context.Context, c *contract.Case, changes ...contract.Change) (p *page, size int, err error) {
	if !numbered(&c.Subject) {
		return nil, 0, nil
	}
	count, err := held(ctx, c, changes)
	if err != nil || count < 1 {
		return nil, 0, err
	}
	for size = count; size > 1 && c.Page.Maximum > 0 && (size > c.Page.Maximum || count%size != 0); size-- {
	}
	if size < 2 && count > 1 || size < c.Page.Minimum {
		return nil, 0, nil
	}
	name := "page as long as the collection"
	changes = append(changes, contract.Query(c.Page.Size, strconv.Itoa(size)))
	if size < count {
		name = "last page without a place left"
		changes = append(changes, contract.Query(c.Page.Page, strconv.Itoa(c.Page.Number(count/size-1, size))))
	}
	p, err = ask(ctx, c, name, changes...)
	return p, size, err
}

// held is how many items a list holds, 0 where nobody can tell: a total may be an estimate.
func held(ctx context.Context, c *contract.Case, changes []contract.Change) (int, error) {
	size, err := walkSize(ctx, c)
	if err != nil {
		return 0, err
	}
	most := largeSize(ctx, c, size)
	large, err := ask(ctx, c, "large page", append(changes, contract.Query(c.Page.Size, strconv.Itoa(most)))...)
	switch {
	case err != nil:
		return 0, err
	case len(large.items) < most:
		return len(large.items), nil
	case c.Page.TotalExact:
		return large.total, nil
	}
	return 0, nil
}

// lastHeld finds a last page that lacks items though it has no place left.
func lastHeld(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
	for try := range 3 { // items may have gone in between
		p, size, err := fullPage(ctx, c, again(try)...)
		if contract.WasSkipped(err) {
			return nil, nil
		}
		if err != nil || p == nil || len(p.items) >= size {
			return nil, err
		}
		if try == 2 {
			return []contract.Finding{c.New(p.Exchange, "pages", c.Page.Items, "last", fmt.Sprintf("%d items: the page size divides their number", size), strconv.Itoa(len(p.items)), c.Op.Place.FileLine())}, nil
		}
	}
	return nil, nil
}
