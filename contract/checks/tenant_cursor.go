package checks

import (
	"context"
	"strconv"

	"troth/contract"
)

// byCursor asks for the tenant's list with a cursor of one's own: whose list it is may be looked at on the first page only.
func (t tenant) byCursor(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
	if !byCursor(&c.Subject) {
		return nil, nil
	}
	size := contract.Query(c.Page.Size, strconv.Itoa(max(c.Page.Minimum, 1)))
	first, err := ask(ctx, c, "first page", size)
	if contract.WasSkipped(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	cursor := cursorOf(c, first)
	if cursor == "" {
		return nil, nil
	}
	x, err := c.Ask(ctx, "list of "+t.of+" by a cursor of one's own", t.asked(size, contract.Query(c.Page.Page, cursor))...)
	if err != nil {
		return nil, err
	}
	findings := t.listed(c, x)
	for i := range findings {
		findings[i] = findings[i].After(first.Exchange)
	}
	return findings, nil
}
