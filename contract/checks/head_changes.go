package checks

import (
	"context"
	"net/http"

	"troth/contract"
)

// headChanges watches what is no list around HEAD, which changes nothing (RFC 9110 §9.2.1): it says something else behind one HEAD and behind another,
// and the same without.
func headChanges(ctx context.Context, c *contract.Case, get *contract.Exchange) ([]contract.Finding, error) {
	if c.Page != nil || !get.OK() {
		return nil, nil
	}
	before := get
	for _, head := range []bool{false, false, true} { // a HEAD was sent before the first
		var asked *contract.Exchange
		if head {
			var err error
			if asked, err = c.Ask(ctx, "HEAD", contract.Method(http.MethodHead), contract.Again()); err != nil {
				return nil, err
			}
		}
		behind, err := c.Ask(ctx, "ordinary request around HEAD", contract.Again())
		if err != nil || !behind.OK() {
			return nil, err
		}
		pointer, same := saysAs(c, before, behind)
		if changes := head || before == get; same == changes {
			return nil, nil
		}
		if head {
			f := c.New(behind, "answer behind HEAD", pointer, "safe", "the answer of before HEAD", "another one", c.Op.Place.FileLine())
			return []contract.Finding{f.After(before, asked)}, nil
		}
		before = behind
	}
	return nil, nil
}

// saysAs tells whether two answers say the same where the document says what they say, and where not.
func saysAs(c *contract.Case, a, b *contract.Exchange) (pointer string, same bool) {
	was, failed := a.JSON()
	is, err := b.JSON()
	if failed != nil || err != nil {
		return "", true
	}
	return agree(declaredIn(c, a, c.Plain(a, was)), c.Plain(b, is), "")
}
