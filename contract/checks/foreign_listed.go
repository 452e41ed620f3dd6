package checks

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/source"
)

// picked is the path parameter by which the items of a list are picked ("/depots" and "/depots/{depotId}/…"), nil where none are.
func picked(s *contract.Subject) *openapi.Parameter {
	if s.Op.Method != http.MethodGet || s.PicksItem() {
		return nil
	}
	for _, o := range s.Op.Document.Operations {
		rest, below := strings.CutPrefix(o.Route, s.Op.Route+"/{")
		name, _, _ := strings.Cut(rest, "}")
		if op, err := o.Compile(); below && err == nil && op.Parameter("path", name) != nil {
			return op.Parameter("path", name)
		}
	}
	return nil
}

// foreignListed finds an ID that was given as another tenant's in one's own list.
func foreignListed(ctx context.Context, c *contract.Case, p *openapi.Parameter) ([]contract.Finding, error) {
	_, pointer, item := c.Conv.Items(c.Op)
	if item == nil || len(c.Theirs(p.Name)) == 0 {
		return nil, nil
	}
	x, err := c.Ask(ctx, "ordinary request")
	if err != nil || !x.OK() {
		return nil, err
	}
	body, _ := x.JSON()
	found, _ := source.Get(c.Plain(x, body), pointer)
	items, _ := found.([]any)
	for _, item := range items {
		if id, ok := openapi.Text(contract.IDOf(item, p)); ok && slices.Contains(c.Theirs(p.Name), id) {
			return []contract.Finding{c.New(x, "body", pointer, "foreign", "no item of another tenant", "the item "+quote(id), c.Op.Place.FileLine())}, nil
		}
	}
	return nil, nil
}
