package checks

import (
	"context"
	"fmt"
	"slices"
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

// fewPages is how many pages back is not far yet.
const fewPages = 4

// farPage asks for the last item that the large page shows on a small page, as far behind as it is: it stands there, too, unless far pages are refused.
func farPage(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
	if !numbered(&c.Subject) {
		return nil, nil
	}
	size, err := walkSize(ctx, c)
	if err != nil {
		return nil, err
	}
	most, small := largeSize(ctx, c, size), max(c.Page.Minimum, 1)
	var far *page
	want, i := "", 0
	large, shown, err := bracketed(ctx, c, func(repeat ...contract.Change) (*page, error) {
		return ask(ctx, c, "large page", append(repeat, contract.Query(c.Page.Size, strconv.Itoa(most)))...)
	}, func(large *page, repeat ...contract.Change) (bool, error) {
		if i = (len(large.items) - 1) / small; i < fewPages {
			return true, nil
		}
		want = identity(large.items[len(large.items)-1])
		var err error
		far, err = ask(ctx, c, "far page", append(repeat, contract.Query(c.Page.Page, strconv.Itoa(c.Page.Number(i, small))), contract.Query(c.Page.Size, strconv.Itoa(small)))...)
		return err == nil && slices.Contains(identities(far.items), want), err
	})
	if contract.WasSkipped(err) || err == nil && shown {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return []contract.Finding{c.New(far.Exchange, "pages", c.Page.Items, "far", fmt.Sprintf("item %d of the large page (%s)", len(large.items), quote(want)), fmt.Sprintf("%d items without it", len(far.items)), c.Op.Place.FileLine()).And(large.Exchange)}, nil
}
