package checks

import (
	"context"
	"fmt"

	"troth/contract"
)

func totalConstant() contract.Check {
	return contract.Check{
		ID:      "total-constant",
		Promise: "The total is the same whatever the page and its size.",
		Why:     "A total that depends on the page makes progress bars and last-page links jump.",
		Source:  "the member of the total: it counts the list, not the page",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool { return sized(s) && s.Page.Total != "-" && s.Page.TotalExact },
		Needs:   []contract.Need{twoItems()},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			size, err := walkSize(ctx, c)
			if err != nil {
				return nil, err
			}
			for try := range 2 {
				small, err := ask(ctx, c, "small page", sizedBy(c, size, try)...)
				if err != nil {
					return nil, err
				}
				large, err := ask(ctx, c, "large page", sizedBy(c, largeSize(c, size), try)...)
				if err != nil {
					return nil, err
				}
				again, err := ask(ctx, c, "small page", sizedBy(c, size, 1)...)
				if err != nil {
					return nil, err
				}
				if small.total == large.total || small.total != again.total {
					if small.total != again.total && try > 0 {
						return nil, contract.Skip("inconclusive: the collection changed between two requests")
					}
					if small.total == large.total {
						return nil, nil
					}
					continue
				}
				if try > 0 {
					f := c.New(large.Exchange, "body", c.Page.Total, "total", fmt.Sprint(small.total), fmt.Sprint(large.total), c.Op.Place.FileLine())
					f = f.And(small.Exchange)
					return []contract.Finding{f}, nil
				}
			}
			return nil, nil
		},
	}
}

func totalSwitch() contract.Check {
	return contract.Check{
		ID:      "total-switch",
		Promise: "The parameter of the total switches the total, and nothing else.",
		Why:     "Clients that ask for the total do not get it, or pay for counting that they asked to leave out.",
		Source:  "the parameter that asks for the total; troth.yaml, pagination.totalParam",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool {
			return s.Page != nil && s.Page.TotalParam != "" && s.Page.Total != "-" && s.Op.Parameter("query", s.Page.TotalParam) != nil
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			p := c.Op.Parameter("query", c.Page.TotalParam)
			on, err := ask(ctx, c, "with the total", contract.Query(p.Name, "true"))
			if err != nil {
				return nil, err
			}
			off, err := ask(ctx, c, "without the total", contract.Query(p.Name, "false"))
			if err != nil {
				return nil, err
			}
			var findings []contract.Finding
			if on.total < 0 {
				findings = append(findings, c.New(on.Exchange, "query "+p.Name, c.Page.Total, "true", "a total", "none", p.Place.FileLine()))
			}
			if off.total > 0 { // 0 stands for a total that was not counted, too
				findings = append(findings, c.New(off.Exchange, "query "+p.Name, c.Page.Total, "false", "no total", fmt.Sprint(off.total), p.Place.FileLine()))
			}
			if unasked, err := ask(ctx, c, "ordinary request"); err != nil {
				return nil, err
			} else if p.Schema.Default == true && unasked.total < 0 {
				findings = append(findings, c.New(unasked.Exchange, "query "+p.Name, c.Page.Total, "default", "a total: "+p.Name+" is true by default", "none", p.Place.FileLine()))
			}
			if len(on.items) > 0 && !common(on, off) {
				findings = append(findings, c.New(off.Exchange, "query "+p.Name, c.Page.Items, "items", "the items of the answer with the total", "others", p.Place.FileLine()))
			}
			return findings, nil
		},
	}
}
