package checks

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"troth/contract"
	"troth/openapi"
)

// besideTenant is what becomes of two parents whose lists can both be read: each has items of its own. That the other one can be read at all is judged
// elsewhere, and may be meant where both are one user's.
type besideTenant struct {
	t           tenant
	c           *contract.Case
	own, theirs *page
}

func (m besideTenant) finding(x *contract.Exchange, keyword, want, got string) []contract.Finding {
	return []contract.Finding{m.c.New(x, "path "+m.t.p.Name, "", keyword, want, got, m.c.Op.Place.FileLine()).And(m.theirs.Exchange)}
}

func (m besideTenant) judge(ctx context.Context) ([]contract.Finding, error) {
	findings := append(m.twice(), m.linked()...)
	below, err := m.below(ctx)
	return append(findings, below...), err
}

// twice finds an item that both lists show.
func (m besideTenant) twice() []contract.Finding {
	mine := map[string]bool{}
	for _, item := range m.own.items {
		mine[idOf(item)] = true
	}
	for _, item := range m.theirs.items {
		if id := idOf(item); len(id) > 5 && mine[id] { // shorter ones are counted from 1 below each parent
			return m.finding(m.own.Exchange, "shared", "an item in the list of its own "+m.t.p.Name, "the item "+quote(id)+" in two")
		}
	}
	return nil
}

// linked finds links of the other list that lead to another one.
func (m besideTenant) linked() []contract.Finding {
	here, err := url.Parse(m.theirs.URL)
	if err != nil {
		return nil
	}
	for _, rel := range []string{"self", "next", "first", "last"} {
		to, err := here.Parse(target(m.c, m.theirs, rel))
		own, failed := url.Parse(m.own.URL)
		if err == nil && failed == nil && to.EscapedPath() == own.EscapedPath() && to.EscapedPath() != here.EscapedPath() {
			return m.finding(m.theirs.Exchange, "links", "links that lead to pages of the same list", to.String())
		}
	}
	return nil
}

// below reads an item of the other list as if it stood in one's own: by GET, HEAD and in another form.
func (m besideTenant) below(ctx context.Context) ([]contract.Finding, error) {
	one := m.c.Other(itemOperation(&m.c.Subject, http.MethodGet))
	if one == nil || !one.PicksItem() {
		return nil, nil
	}
	id := m.foreign(one)
	if id == "" {
		return nil, nil
	}
	return m.readBelow(ctx, one, id)
}

// readBelow reads an item by its ID below one's own parent.
func (m besideTenant) readBelow(ctx context.Context, one *contract.Case, id string) ([]contract.Finding, error) {
	for _, how := range []attempt{{name: "item"}, {name: "HEAD of an item", more: []contract.Change{contract.Method(http.MethodHead)}}, {name: "item in another form", more: otherForm(one)}} {
		if how.name != "item" && len(how.more) == 0 {
			continue
		}
		x, err := one.Ask(ctx, how.name+" of "+m.t.of+" below one's own", append(how.more, contract.Beside(m.own.Exchange), contract.Path(one.Last().Name, id), contract.Provoking())...)
		if err != nil {
			return nil, err
		}
		if x.OK() {
			return m.finding(x, "below", "404: the item stands below another "+m.t.p.Name, strconv.Itoa(x.Status)), nil
		}
	}
	return nil, nil
}

// foreign is the ID of an item that only the other list shows, "" where there is none.
func (m besideTenant) foreign(one *contract.Case) string {
	mine := map[string]bool{}
	for _, item := range m.own.items {
		id, _ := openapi.Text(contract.IDOf(item, one.Last()))
		mine[id] = true
	}
	for _, item := range m.theirs.items {
		if id, ok := openapi.Text(contract.IDOf(item, one.Last())); ok && id != "null" && len(id) > 5 && !mine[id] {
			return id
		}
	}
	return ""
}

// landed finds an item that was created below the other parent in one's own list, or below one's own parent.
func (m besideTenant) landed(ctx context.Context, created *contract.Exchange) ([]contract.Finding, error) {
	now, err := ask(ctx, m.c, "list behind creating below "+m.t.of, append(largest(ctx, m.c), contract.Again())...)
	if contract.WasSkipped(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	value, _ := created.JSON()
	id := idOf(m.c.Plain(created, value))
	for _, item := range now.items {
		if id != "" && len(id) > 5 && idOf(item) == id {
			return m.finding(now.Exchange, "landed", "an item in the list of the "+m.t.p.Name+" that it was created below", "the item "+quote(id)+" in another one"), nil
		}
	}
	one := m.c.Other(itemOperation(&m.c.Subject, http.MethodGet))
	if one == nil || !one.PicksItem() || len(id) <= 5 {
		return nil, nil
	}
	return m.readBelow(ctx, one, id)
}
