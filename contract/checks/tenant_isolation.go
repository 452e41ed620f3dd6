package checks

import (
	"context"
	"net/http"
	"strconv"

	"troth/contract"
	"troth/openapi"
)

func tenantIsolation() contract.Check {
	return contract.Check{
		ID:      "tenant-isolation",
		Promise: "An item of one parent is not an item of another.",
		Why:     "One customer can read what belongs to another.",
		Source:  "the path: what stands below a parent belongs to it (OWASP API Security Top 10 2023, API1)",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool {
			return s.Page != nil && len(parents(s)) > 0 && itemOperation(s, http.MethodGet) != nil
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			one := c.Other(itemOperation(&c.Subject, http.MethodGet))
			if one == nil || !one.PicksItem() {
				return nil, contract.Skip("the item's operation cannot be asked")
			}
			var findings []contract.Finding
			judged := false
			for _, p := range parents(&c.Subject) {
				given := c.Given(p.Name)
				if len(given) < 2 {
					continue
				}
				found, err := judgeTenants(ctx, c, one, p, given[1])
				if err != nil {
					return findings, err
				}
				findings, judged = append(findings, found...), true
			}
			if judged {
				return findings, nil
			}
			return nil, contract.Skip("give two values of a path parameter: -p %s=A -p %s=B", parents(&c.Subject)[0].Name, parents(&c.Subject)[0].Name)
		},
	}
}

// parents are the path parameters of a list.
func parents(s *contract.Subject) (list []*openapi.Parameter) {
	for _, p := range s.Op.Parameters {
		if p.In == "path" {
			list = append(list, p)
		}
	}
	return list
}

func judgeTenants(ctx context.Context, c, one *contract.Case, p *openapi.Parameter, other string) ([]contract.Finding, error) {
	own, err := ask(ctx, c, "ordinary request")
	if err != nil {
		return nil, err
	}
	theirs, err := ask(ctx, c, "list of another "+p.Name, contract.Path(p.Name, other))
	if err != nil {
		return nil, err
	}
	var findings []contract.Finding
	if common(own, theirs) {
		f := c.New(theirs.Exchange, "path "+p.Name, c.Page.Items, "listed", "no item of another "+p.Name, "shared items", c.Op.Place.FileLine())
		f = f.And(own.Exchange)
		findings = append(findings, f)
	}
	for _, item := range own.items {
		object, _ := item.(map[string]any)
		id, ok := openapi.Text(contract.IDOf(object, one.Last()))
		if !ok || id == "null" {
			continue
		}
		x, err := one.Ask(ctx, "item of another "+p.Name, contract.Path(p.Name, other), contract.Path(one.Last().Name, id), contract.Beside(own.Exchange))
		if err != nil {
			return nil, err
		}
		if x.OK() {
			findings = append(findings, c.New(x, "path "+p.Name, "", "read", "404 or 403", strconv.Itoa(x.Status), one.Op.Place.FileLine()))
		}
		return findings, nil
	}
	if len(findings) > 0 {
		return findings, nil
	}
	return nil, contract.Skip("the list shows no item whose ID is known")
}
