package checks

import (
	"context"
	"fmt"
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
			var findings []contract.Finding
			for _, text := range outside(c) {
				x, err := c.Ask(ctx, "page size "+text, contract.Query(c.Page.Size, text), contract.Provoking())
				if err != nil {
					return nil, err
				}
				if f := judgeOutside(c, x, text); f != nil {
					findings = append(findings, *f)
				}
			}
			return findings, nil
		},
	}
}

// outside are texts that no reading of the parameter's schema accepts.
func outside(c *contract.Case) []string {
	p := c.Op.Parameter("query", c.Page.Size)
	texts := []string{"x-malformed"}
	for _, n := range []int{0, -1} {
		if c.Page.Minimum > n {
			texts = append(texts, strconv.Itoa(n))
		}
	}
	if c.Page.Maximum > 0 {
		texts = append(texts, strconv.Itoa(c.Page.Maximum+1))
	}
	if p.Schema.Types&schema.TypeString != 0 {
		return texts[1:]
	}
	return texts
}

func judgeOutside(c *contract.Case, x *contract.Exchange, text string) *contract.Finding {
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
	if n := len(got.items); n == 0 || c.Page.Maximum > 0 && n > c.Page.Maximum {
		return finding(fmt.Sprintf("a page of %d items", n))
	}
	return nil
}
