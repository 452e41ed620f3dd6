package checks

import (
	"context"
	"slices"
	"strconv"

	"troth/contract"
	"troth/openapi"
)

// forms are the parameters of an operation that change the form of its answers.
func forms(s *contract.Subject) (switches []*openapi.Parameter) {
	for _, p := range []*openapi.Parameter{enveloped(s), pretty(s)} {
		if p != nil {
			switches = append(switches, p)
		}
	}
	return switches
}

// switched are the changes that switch each form on.
func switched(c *contract.Case) (on []contract.Change) {
	for _, p := range forms(&c.Subject) {
		on = append(on, contract.Query(p.Name, "true"))
	}
	return on
}

// formsTogether asks for all forms at once, of a list for its second page without the total: forms that a server renders by themselves, and of
// the first page only, are lost there.
func formsTogether(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
	both := secondWithoutTotal(c)
	if len(both) == 0 && len(forms(&c.Subject)) < 2 {
		return nil, nil
	}
	plain, err := c.Ask(ctx, "the same without its form", both...)
	if err != nil || !plain.OK() {
		return nil, err
	}
	findings, err := pageUnderSwitch(ctx, c, plain)
	if err != nil {
		return nil, err
	}
	x, err := c.Ask(ctx, "in all forms at once", append(both, switched(c)...)...)
	if err != nil {
		return nil, err
	}
	for _, p := range forms(&c.Subject) {
		findings = append(findings, judgeForm(c, p, plain, x)...)
	}
	return findings, nil
}

// secondWithoutTotal asks for the second page of the smallest size, without the total, as far as there are parameters for it.
func secondWithoutTotal(c *contract.Case) (changes []contract.Change) {
	if numbered(&c.Subject) {
		size := max(c.Page.Minimum, 1)
		changes = append(changes, contract.Query(c.Page.Size, strconv.Itoa(size)), contract.Query(c.Page.Page, strconv.Itoa(c.Page.Number(1, size))))
	}
	if c.Page != nil && c.Page.TotalParam != "" && c.Op.Parameter("query", c.Page.TotalParam) != nil {
		changes = append(changes, contract.Query(c.Page.TotalParam, "false"))
	}
	return changes
}

// pageUnderSwitch compares the second page of the smallest size, without the total, with what stands there in the ordinary answer.
func pageUnderSwitch(ctx context.Context, c *contract.Case, second *contract.Exchange) ([]contract.Finding, error) {
	if !numbered(&c.Subject) || c.Page.TotalParam == "" || c.Op.Parameter("query", c.Page.TotalParam) == nil {
		return nil, nil
	}
	got, err := pageOf(c, second)
	if err != nil {
		return nil, nil // body-matches-schema tells
	}
	first, err := ask(ctx, c, "ordinary request")
	if size := max(c.Page.Minimum, 1); err != nil || len(first.items) < 2*size || slices.Equal(identities(got.items), identities(first.items[size:2*size])) {
		return nil, err
	}
	p := c.Op.Parameter("query", c.Page.TotalParam)
	return []contract.Finding{c.New(second, "query "+p.Name, c.Page.Items, "page", "the items of page 2, total or not", "others", p.Place.FileLine()).And(first.Exchange)}, nil
}

// formsOfCreated creates an item and asks for the answer in all forms: one item is created.
func formsOfCreated(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
	list := listBefore(ctx, c)
	before, err := takeCensus(ctx, list, itemVariable(c))
	if err != nil {
		return nil, err
	}
	m, err := create(ctx, c, "create, in all forms at once", fresh(c), switched(c)...)
	if m == nil {
		return nil, err
	}
	defer m.clean(ctx, c)
	body, malformed := m.answer.JSON()
	if !m.answer.OK() || malformed != nil {
		return nil, err // created-exists and body-matches-schema tell
	}
	for _, p := range forms(&c.Subject) {
		if found := lostForm(c, p, m.answer, body); found != nil {
			return []contract.Finding{*found}, nil
		}
	}
	if before == nil || m.variable == nil {
		return nil, nil
	}
	behind, err := takeCensus(ctx, list.Below(m.answer), m.variable)
	if err != nil || behind == nil || behind.items[m.id] == nil {
		return nil, err
	}
	if came := less(before.came(behind), []string{m.id, identity(m.body)}); len(came) > 0 {
		if err := quiet(ctx, list, false); err != nil {
			return nil, err
		}
		f := c.New(behind.on[came[0]].Exchange, "list", list.Page.Items, "others", "one item more than before", "the item "+quote(came[0])+", too, which nobody created", c.Op.Place.FileLine())
		return []contract.Finding{f.After(m.answer)}, nil
	}
	return nil, nil
}
