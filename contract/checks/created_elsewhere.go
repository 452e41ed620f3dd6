package checks

import (
	"context"

	"troth/contract"
)

// belowOther looks for a new item below another parent, one that is said to have none.
func belowOther(ctx context.Context, c *contract.Case, m *made) ([]contract.Finding, error) {
	list := listOf(c)
	if list == nil || len(m.id) < shortestID {
		return nil, nil
	}
	for _, p := range parentsAbove(&list.Subject) {
		for _, value := range c.Empty(p.Name) {
			if value == m.answer.PathValue(p.Name) {
				continue
			}
			other, err := ask(ctx, list.Below(m.answer), "list below another parent", contract.Path(p.Name, value), contract.Again())
			if contract.WasSkipped(err) {
				continue
			}
			if err != nil {
				return nil, err
			}
			if m.among(other.items) {
				f := c.New(other.Exchange, "list", list.Page.Items, "elsewhere", "no item "+m.id+": it was created below "+m.answer.PathValue(p.Name), "the item", c.Op.Place.FileLine())
				return []contract.Finding{f.After(m.answer)}, nil
			}
		}
	}
	return nil, nil
}
