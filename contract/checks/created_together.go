package checks

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"troth/contract"
	"troth/openapi"
)

// atATime is how many items are created, and how many changes made, side by side.
const atATime = 4

// createTogether creates items side by side: each has its own ID then, too, and is there behind.
func createTogether(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
	one := c.Other(itemOperation(&c.Subject, http.MethodGet))
	if one == nil || !one.PicksItem() || listOf(c) == nil {
		return nil, nil
	}
	var bodies [atATime]contract.Change
	var others []map[string]any
	for i := range bodies { // made one after the other, so that they are the same in each run
		body, object, _, err := newBody(c, others...)
		if err != nil || body == nil {
			return nil, err
		}
		bodies[i], others = body, append(others, object)
	}
	answers, err := c.Together(len(bodies), func(i int) (*contract.Exchange, error) {
		return c.Ask(ctx, "create beside others", bodies[i], contract.Again())
	})
	if err != nil {
		return nil, err
	}
	all, findings := apartByID(c, one, answers)
	defer func() {
		for _, m := range all {
			m.clean(ctx, c)
		}
	}()
	if len(findings) > 0 {
		return findings, nil
	}
	return lostBeside(ctx, c, all)
}

// newBody is a body that creates an item, with names that none before and no other has; nil where that is no object. once tells whether the server takes
// a name only once.
func newBody(c *contract.Case, others ...map[string]any) (body contract.Change, object map[string]any, once bool, err error) {
	content, value, err := c.Small()
	object, ok := value.(map[string]any)
	if err != nil || content == nil || !ok {
		return nil, nil, false, err
	}
	named := c.Fresh(content, object, others...)
	r := c.Op.Response(http.StatusConflict)
	once = c.Distinct(object, "") || named && r != nil && r.Code == "409"
	text, contentType, err := content.Encode(object)
	return contract.Body(contentType, string(text)), object, once, err
}

// apartByID are the items that answers say were created, and a finding where two are told to have one ID.
func apartByID(c, one *contract.Case, answers []*contract.Exchange) (all []*made, findings []contract.Finding) {
	for _, x := range answers {
		body, _ := x.JSON()
		id, ok := openapi.Text(contract.IDOf(c.Plain(x, body), one.Last()))
		if !x.OK() || !ok || id == "null" {
			continue
		}
		if i := slices.IndexFunc(all, func(m *made) bool { return m.id == id }); i >= 0 {
			findings = append(findings, c.New(x, "created item", "", "distinct", "another ID than the item that was created at the same time has", id, c.Op.Place.FileLine()).After(all[i].answer))
			continue
		}
		all = append(all, &made{answer: x, id: id, one: one, variable: one.Last()})
	}
	return all, findings
}

// lostBeside finds an item that is not there though creating it succeeded, where those are that are created alone.
func lostBeside(ctx context.Context, c *contract.Case, all []*made) ([]contract.Finding, error) {
	for _, m := range all {
		gone, err := m.missing(ctx)
		if err != nil {
			return nil, err
		}
		if gone == nil {
			continue
		}
		alone, err := create(ctx, c, "create alone", fresh(c))
		if err != nil {
			return nil, err
		}
		defer alone.clean(ctx, c)
		if x, err := alone.missing(ctx); err != nil || x != nil {
			return nil, err
		}
		return []contract.Finding{c.New(gone, "created item", "", "kept", "the item "+m.id+", which was created beside others", strconv.Itoa(gone.Status), c.Op.Place.FileLine()).After(m.answer)}, nil
	}
	return nil, nil
}

// missing is the answer that an item is not there, twice; nil where it is, or was only promised.
func (m *made) missing(ctx context.Context) (*contract.Exchange, error) {
	var x *contract.Exchange
	for range 2 {
		var err error
		x, _, err = m.read(ctx, "read what was created")
		if err != nil || m.answer.Status == http.StatusAccepted || x.Status != http.StatusNotFound && x.Status != http.StatusGone {
			return nil, err
		}
	}
	return x, nil
}
