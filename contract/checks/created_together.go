package checks

import (
	"context"

	"troth/contract"
	"troth/openapi"
)

// createTogether creates two items side by side: each has its own ID then, too.
func createTogether(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
	one := c.Other(itemOperation(&c.Subject, "GET"))
	if one == nil || !one.PicksItem() || listOf(c) == nil {
		return nil, nil
	}
	var bodies [2][]contract.Change
	var others []map[string]any
	for i := range bodies { // made one after the other, so that they are the same in each run
		content, value, err := c.Small()
		object, ok := value.(map[string]any)
		if err != nil || content == nil || !ok {
			return nil, err
		}
		c.Fresh(content, object, others...)
		others = append(others, object)
		c.Distinct(object, "")
		text, contentType, err := content.Encode(object)
		if err != nil {
			return nil, err
		}
		bodies[i] = []contract.Change{contract.Body(contentType, string(text)), contract.Again()}
	}
	answers, err := c.Together(len(bodies), func(i int) (*contract.Exchange, error) {
		return c.Ask(ctx, "create beside another", bodies[i]...)
	})
	if err != nil {
		return nil, err
	}
	ids := map[string]*contract.Exchange{}
	var findings []contract.Finding
	for _, x := range answers {
		body, _ := x.JSON()
		id, ok := openapi.Text(contract.IDOf(body, one.Last()))
		if !x.OK() || !ok || id == "null" {
			continue
		}
		if other := ids[id]; other != nil {
			findings = append(findings, c.New(x, "created item", "", "distinct", "another ID than the item that was created at the same time has", id, c.Op.Place.FileLine()).After(other))
		}
		ids[id] = x
		(&made{answer: x, id: id}).clean(ctx, c)
	}
	return findings, nil
}
