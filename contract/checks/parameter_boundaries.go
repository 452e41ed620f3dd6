package checks

import (
	"context"
	"net/http"
	"strconv"

	"troth/contract"
)

func parameterBoundaries() contract.Check {
	return contract.Check{
		ID:      "parameter-boundaries",
		Promise: "A value at the edge of its parameter's constraints is accepted.",
		Why:     "Clients that use the whole range that they were promised are turned away.",
		Source:  "OpenAPI 3.1 §4.8.12 Parameter Object, schema",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool {
			for _, p := range s.Op.Parameters {
				if p.In == "query" && len(edges(p)) > 0 {
					return true
				}
			}
			return false
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			if _, err := c.Ordinary(ctx); err != nil {
				return nil, err
			}
			var findings []contract.Finding
			for _, p := range c.Op.Parameters {
				if p.In != "query" {
					continue
				}
				for _, m := range edges(p) {
					x, err := c.Ask(ctx, p.Name+" at its "+m.keyword, with(p, m))
					if err != nil {
						return nil, err
					}
					refused := refusesBeside(x.Status)
					if refused && c.Op.Method != http.MethodGet { // what was created once may be refused for that
						same, err := c.Ask(ctx, "ordinary request", contract.Again())
						if err != nil {
							return nil, err
						}
						refused = same.OK()
					}
					if refused {
						findings = append(findings, c.New(x, p.In+" "+p.Name, "", m.keyword, m.text+" is accepted", strconv.Itoa(x.Status)+": "+quote(string(x.Body)), p.Place.FileLine()))
					}
				}
			}
			return findings, nil
		},
	}
}
