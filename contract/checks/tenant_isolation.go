package checks

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/source"
)

func tenantIsolation() contract.Check {
	return contract.Check{
		ID:      "tenant-isolation",
		Promise: "What belongs to another tenant can be neither listed nor read, nor added to.",
		Why:     "One customer can read what belongs to another.",
		Source:  "the path: what stands below a parent belongs to it (OWASP API Security Top 10 2023, API1)",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool {
			return belowTenants(s) || s.Op.Method == http.MethodGet && s.PicksItem() || picked(s) != nil
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			if c.PicksItem() {
				return judgeTheirs(ctx, c)
			}
			if p := picked(&c.Subject); p != nil {
				findings, err := foreignListed(ctx, c, p)
				if err == nil && !belowTenants(&c.Subject) && len(c.Theirs(p.Name)) == 0 {
					err = contract.Skip("give another tenant's ID behind your own: -p %s=YOURS -p %s=THEIRS", p.Name, p.Name)
				}
				if err != nil || len(findings) > 0 || !belowTenants(&c.Subject) {
					return findings, err
				}
			}
			own, err := ask(ctx, c, "ordinary request")
			if err != nil {
				return nil, err
			}
			var findings []contract.Finding
			for _, t := range tenants(c) {
				found, err := t.judge(ctx, c, own)
				if findings = append(findings, found...); err != nil {
					return findings, err
				}
			}
			if len(tenants(c)) > 0 {
				return findings, nil
			}
			return nil, contract.Skip("give another tenant's value of a path parameter behind your own: -p %s=YOURS -p %s=THEIRS", parents(&c.Subject)[0].Name, parents(&c.Subject)[0].Name)
		},
	}
}

// belowTenants tells whether an operation lists what stands below parents that may be another tenant's.
func belowTenants(s *contract.Subject) bool {
	return s.Page != nil && len(parents(s)) > 0 && itemOperation(s, http.MethodGet) != nil
}

// judgeTheirs reads another tenant's item, where its ID was given: below one's own parents, and below theirs as far as they were given, too.
func judgeTheirs(ctx context.Context, c *contract.Case) (findings []contract.Finding, err error) {
	last := c.Last()
	findings, known, err := roundabout(ctx, c)
	if err != nil || len(findings) > 0 || known && len(c.Given(last.Name)) < 2 {
		return findings, err
	}
	if len(c.Given(last.Name)) < 2 {
		return nil, contract.Skip("give another tenant's ID behind your own: -p %s=YOURS -p %s=THEIRS", last.Name, last.Name)
	}
	own, err := c.Ordinary(ctx)
	if err != nil {
		return nil, err
	}
	var ways [][]contract.Change
	theirs := []contract.Change{contract.Path(last.Name, c.Given(last.Name)[1])}
	if len(c.Theirs(last.Name)) > 0 {
		ways = append(ways, theirs)
	}
	for _, p := range parents(&c.Subject) {
		if values := c.Theirs(p.Name); p != last && len(values) > 0 {
			theirs = append(theirs[:len(theirs):len(theirs)], contract.Path(p.Name, values[0]))
		}
	}
	if len(theirs) > 1 {
		ways = append(ways, theirs)
	}
	for _, way := range ways {
		x, err := c.Ask(ctx, "item of another tenant", append(way, contract.Provoking())...)
		if err != nil {
			return nil, err
		}
		if x.OK() {
			return []contract.Finding{c.New(x, "path "+last.Name, "", "read", "a refusal: the item is another tenant's", strconv.Itoa(x.Status), c.Op.Place.FileLine()).And(own)}, nil
		}
	}
	return nil, nil
}

// tenant is how another tenant's part of a list is asked for.
type tenant struct {
	p  *openapi.Parameter // the one that tells it apart
	of string             // what it is of: "another groupId", "another tenant"
	at []contract.Change
}

// tenants are the other tenants of a list: by each parent that was given more than once, and where those are several by all their second values at
// once.
func tenants(c *contract.Case) (list []tenant) {
	all := tenant{of: "another tenant"}
	for _, p := range parents(&c.Subject) {
		theirs := c.Theirs(p.Name)
		for _, value := range theirs {
			list = append(list, tenant{p, "another " + p.Name, []contract.Change{contract.Path(p.Name, value)}})
		}
		if len(theirs) > 0 {
			all.p, all.at = p, append(all.at, contract.Path(p.Name, theirs[0]))
		}
	}
	if len(all.at) > 1 {
		list = append(list, all)
	}
	return list
}

// asked are changes of a request for another tenant's part.
func (t tenant) asked(more ...contract.Change) []contract.Change {
	return append(append(more[:len(more):len(more)], t.at...), contract.Provoking())
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

// judge asks for what is another tenant's: its list, an item of one's own there, and with writes a new item.
func (t tenant) judge(ctx context.Context, c *contract.Case, own *page) (findings []contract.Finding, err error) {
	add := func(x *contract.Exchange, keyword, want, got string) {
		findings = append(findings, c.New(x, "path "+t.p.Name, "", keyword, want, got, c.Op.Place.FileLine()).And(own.Exchange))
	}
	x, err := c.Ask(ctx, "list of "+t.of, t.asked()...)
	if err != nil {
		return nil, err
	}
	var both *besideTenant
	if theirs, err := pageOf(c, x); err == nil && len(theirs.items) > 0 {
		add(x, "listed", "a refusal, or no item of "+t.of, strconv.Itoa(len(theirs.items))+" items")
		both = &besideTenant{t, c, own, theirs}
		found, err := both.judge(ctx)
		if findings = append(findings, found...); err != nil {
			return findings, err
		}
	}
	if both == nil && x.OK() {
		refused, err := t.unknownRefused(ctx, c, own)
		if err != nil {
			return nil, err
		}
		if refused != nil {
			findings = append(findings, c.New(x, "path "+t.p.Name, "", "empty", "a refusal, as of one that does not exist", strconv.Itoa(x.Status)+" with a list without items", c.Op.Place.FileLine()).And(refused).At(contract.Should))
		}
	}
	if n := carried(c, x); n > 0 {
		add(x, "listed", "a refusal without what is refused", fmt.Sprintf("%d with %d items", x.Status, n))
	}
	if len(findings) == 0 {
		for _, form := range []attempt{{name: "another page and form of the list", more: otherForm(c)}, {name: "list with / behind its path", more: []contract.Change{contract.Suffix("/")}}} {
			if len(form.more) == 0 {
				continue
			}
			y, err := c.Ask(ctx, form.name+" of "+t.of, t.asked(form.more...)...)
			if err != nil {
				return nil, err
			}
			for _, f := range t.listed(c, y) {
				findings = append(findings, f.And(own.Exchange))
			}
		}
	}
	if len(findings) == 0 {
		found, err := t.byCursor(ctx, c)
		if findings = append(findings, found...); err != nil {
			return findings, err
		}
	}
	told, err := t.foreignTold(ctx, c, x)
	if findings = append(findings, told...); err != nil {
		return findings, err
	}
	head, err := c.Ask(ctx, "HEAD of "+t.of, append([]contract.Change{contract.Method(http.MethodHead)}, t.at...)...)
	if err != nil {
		return nil, err
	}
	if head.OK() && !x.OK() {
		add(head, "head", "a refusal, as GET is answered", strconv.Itoa(head.Status))
	}
	if x, err = t.ownItem(ctx, c, own); err != nil {
		return nil, err
	} else if x != nil && x.OK() {
		add(x, "read", "404 or 403: the item is of "+t.of, strconv.Itoa(x.Status))
	}
	if x, err = t.newItem(ctx, c); err != nil {
		return nil, err
	} else if x != nil && x.OK() {
		add(x, "created", "a refusal", strconv.Itoa(x.Status))
		if both != nil {
			found, err := both.landed(ctx, x)
			return append(findings, found...), err
		}
	}
	return findings, nil
}

// unknownRefused is the answer that nothing stands below a parent that does not exist, nil where it is another one: who refuses that knows whose each
// parent is.
func (t tenant) unknownRefused(ctx context.Context, c *contract.Case, own *page) (*contract.Exchange, error) {
	text, err := c.UnknownValue(ctx, t.p)
	if err != nil {
		return nil, nil
	}
	x, err := askBelow(ctx, c, "unknown "+t.p.Name, t.p, text, contract.Beside(own.Exchange))
	if err != nil || x.Status != http.StatusNotFound && x.Status != http.StatusForbidden {
		return nil, err
	}
	return x, nil
}

// carried is how many items a refusal shows all the same, where the list would show them.
func carried(c *contract.Case, x *contract.Exchange) int {
	body, err := x.JSON()
	if x.OK() || err != nil || c.Page.Items == "" { // an array may be one of errors
		return 0
	}
	found, _ := source.Get(c.Plain(x, body), c.Page.Items)
	items, _ := found.([]any)
	return len(slices.DeleteFunc(slices.Clone(items), func(item any) bool { return !hasID(item) }))
}

// ownItem asks for an item of one's own list as if it was the tenant's, nil where the list shows none.
func (t tenant) ownItem(ctx context.Context, c *contract.Case, own *page) (*contract.Exchange, error) {
	one := c.Other(itemOperation(&c.Subject, http.MethodGet))
	if one == nil || !one.PicksItem() {
		return nil, nil
	}
	for _, item := range own.items {
		object, _ := item.(map[string]any)
		if id, ok := openapi.Text(contract.IDOf(object, one.Last())); ok && id != "null" {
			return one.Ask(ctx, "item of "+t.of, t.asked(contract.Beside(own.Exchange), contract.Path(one.Last().Name, id))...)
		}
	}
	return nil, nil
}

// newItem creates an item of the tenant's, nil where nothing may be written or the document offers no way.
func (t tenant) newItem(ctx context.Context, c *contract.Case) (*contract.Exchange, error) {
	op := sibling(&c.Subject, http.MethodPost)
	if op == nil || !c.Writes() {
		return nil, nil
	}
	maker := c.Other(op)
	if maker == nil {
		return nil, nil
	}
	x, err := maker.Ask(ctx, "create below "+t.of, t.asked()...)
	if contract.WasSkipped(err) {
		return nil, nil
	}
	return x, err
}
