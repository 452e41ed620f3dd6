package checks

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"troth/contract"
	"troth/openapi/schema"
)

func pageLimitsEnforced() contract.Check {
	return contract.Check{
		ID:      "page-limits-enforced",
		Promise: "A page size outside the declared limits is refused or clamped, never served as it is.",
		Why:     "Without the limit one request can ask for everything, and slow the service down for everybody.",
		Source:  "minimum, maximum and type of the parameter of the page size",
		Level:   contract.Must,
		Applies: sized,
		Needs:   []contract.Need{twoItems()},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			usual, err := ask(ctx, c, "ordinary request")
			if err != nil {
				return nil, err
			}
			var findings []contract.Finding
			for _, text := range outside(c) {
				x, err := c.Ask(ctx, "page size "+text, contract.Query(c.Page.Size, text), contract.Provoking())
				if err != nil {
					return nil, err
				}
				f := judgeOutside(c, usual, x, text)
				if f == nil {
					if f, err = judgeClamped(ctx, c, x, text); err != nil {
						return findings, err
					}
				}
				if f != nil {
					findings = append(findings, *f)
				}
			}
			below, err := numberBelow(ctx, c)
			return append(findings, below...), err
		},
	}
}

// numberBelow asks for a page whose number is below zero: where that is not refused, it is the first page, or none.
func numberBelow(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
	p := c.Op.Parameter("query", c.Page.Page)
	if p == nil || !numbered(&c.Subject) || p.Schema.Valid(json.Number("-2"), schema.Request) {
		return nil, nil
	}
	number := []contract.Change{contract.Query(p.Name, "-2"), contract.Provoking()}
	x, err := c.Ask(ctx, p.Name+" below zero", number...)
	if err != nil || !x.OK() {
		return nil, err // refused; not-a-server-error tells the rest
	}
	small := contract.Query(c.Page.Size, smallSize(c)) // the last page of a short list may be the first, too
	number = append(number, small)
	if x, err = c.Ask(ctx, p.Name+" below zero of a small size", number...); err != nil {
		return nil, err
	}
	below, err := pageOf(c, x)
	if err != nil || len(below.items) == 0 {
		return nil, nil // refused, or none
	}
	var first *page
	for try := range 2 { // a list that changes in between proves nothing
		if first, err = ask(ctx, c, "small first page", again(try, small)...); err != nil {
			return nil, err
		}
		if slices.Equal(identities(first.items), identities(below.items)) {
			return nil, nil
		}
		if x, err = c.Ask(ctx, p.Name+" below zero", again(1, number...)...); err != nil {
			return nil, err
		}
		if below, err = pageOf(c, x); err != nil {
			return nil, nil
		}
	}
	f := c.New(x, "query "+p.Name, c.Page.Items, "below zero", "a refusal (4xx), the first page or none", "other items", p.Place.FileLine())
	return []contract.Finding{f.And(first.Exchange)}, nil
}

// smallSize is a page size that most lists have more than one page of.
func smallSize(c *contract.Case) string { return strconv.Itoa(max(c.Page.Minimum, 3)) }

// prefixed begins with a number: what reads numbers up to the first character that is none takes it for a size.
const prefixed = "3x"

// outside are texts that no reading of the parameter's schema accepts; a negative one whose absolute value is not the smallest size, too.
func outside(c *contract.Case) []string {
	p := c.Op.Parameter("query", c.Page.Size)
	texts := []string{prefixed}
	for _, n := range []int{0, -7} {
		if c.Page.Minimum > n {
			texts = append(texts, strconv.Itoa(n))
		}
	}
	if c.Page.Maximum > 0 {
		texts = append(texts, strconv.Itoa(c.Page.Maximum+1), "4294967297") // and one that is 1 where 32 bits are kept
	}
	if p.Schema.Types&schema.TypeString != 0 {
		return texts[1:]
	}
	return texts
}

func judgeOutside(c *contract.Case, usual *page, x *contract.Exchange, text string) *contract.Finding {
	p := c.Op.Parameter("query", c.Page.Size)
	want := fmt.Sprintf("a refusal (4xx) or a page of %d to %d items", max(c.Page.Minimum, 1), c.Page.Maximum)
	finding := func(got string) *contract.Finding {
		f := c.New(x, "query "+c.Page.Size, "", "limit "+text, want, got, p.Place.FileLine())
		return &f
	}
	if x.Status >= 500 {
		return finding("status " + strconv.Itoa(x.Status))
	}
	got, err := pageOf(c, x)
	if err != nil {
		return nil // refused
	}
	if n := len(got.items); n == 3 && text == prefixed && len(usual.items) > n {
		return finding("a page of the 3 items that the text begins with")
	}
	if n := len(got.items); n == 0 || c.Page.Maximum > 0 && n > c.Page.Maximum {
		return finding(fmt.Sprintf("a page of %d items", n))
	}
	return nil
}

// judgeClamped wants a page outside the limits to be as long as one at the nearest limit; above the largest size also as one without a size. What
// else is served is no reading of it.
func judgeClamped(ctx context.Context, c *contract.Case, x *contract.Exchange, text string) (*contract.Finding, error) {
	n, err := strconv.Atoi(text)
	got, failed := pageOf(c, x)
	if err != nil || failed != nil {
		return nil, nil
	}
	edge := max(c.Page.Minimum, 1)
	above := n > edge
	if above {
		edge = c.Page.Maximum
	}
	base := func(repeat ...contract.Change) (*page, error) {
		return ask(ctx, c, "page at its limit", append(repeat, contract.Query(c.Page.Size, strconv.Itoa(edge)))...)
	}
	without := 0
	at, same, err := bracketed(ctx, c, base, func(at *page, repeat ...contract.Change) (bool, error) {
		if len(repeat) > 0 {
			again, err := c.Ask(ctx, "page size "+text, append(repeat, contract.Query(c.Page.Size, text), contract.Provoking())...)
			if err != nil {
				return false, err
			}
			if got, err = pageOf(c, again); err != nil {
				return true, nil
			}
		}
		ordinary, err := ask(ctx, c, "ordinary request", repeat...)
		if err != nil {
			return false, err
		}
		without = len(ordinary.items)
		return len(got.items) == len(at.items) || above && len(got.items) == without, nil
	})
	if err != nil || same {
		return nil, err
	}
	p := c.Op.Parameter("query", c.Page.Size)
	want := fmt.Sprintf("a refusal (4xx), or as many items as with %s=%d (%d)", c.Page.Size, edge, len(at.items))
	if above {
		want += fmt.Sprintf(" or without it (%d)", without)
	}
	f := c.New(x, "query "+c.Page.Size, "", "limit "+text, want, strconv.Itoa(len(got.items)), p.Place.FileLine()).And(at.Exchange)
	return &f, nil
}
