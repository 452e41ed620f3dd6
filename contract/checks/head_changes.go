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
		same := says(c, before) == says(c, behind)
		if changes := head || before == get; same == changes {
			return nil, nil
		}
		if head {
			f := c.New(behind, "answer behind HEAD", "", "safe", quote(says(c, before))+", as before HEAD", quote(says(c, behind)), c.Op.Place.FileLine())
			return []contract.Finding{f.After(before, asked)}, nil
		}
		before = behind
	}
	return nil, nil
}
