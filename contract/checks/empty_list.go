package checks

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"troth/contract"
	"troth/openapi"
)

// emptyParents is below how many other parents a list without items is looked for.
const emptyParents = 4

func emptyList() contract.Check {
	return contract.Check{
		ID:      "empty-list",
		Promise: "A list that holds nothing is a list without items: its total is 0, no other page is linked, and it tells what other lists tell.",
		Why:     "Clients of a new customer, who has nothing yet, fail or ask for ever.",
		Source:  "the schema of the list; the member of the total; RFC 8288 §3",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool {
			return s.Page != nil && s.Op.Method == http.MethodGet && len(parentsAbove(s)) > 0
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			above := parentsAbove(&c.Subject)
			p := above[len(above)-1]
			for _, value := range c.Empty(p.Name) {
				x, err := c.Ask(ctx, "list below a parent without items", contract.Path(p.Name, value))
				if err != nil {
					return nil, err
				}
				if !x.OK() {
					return []contract.Finding{c.New(x, "path "+p.Name, "", "status", "2xx with a list that has no items", strconv.Itoa(x.Status), c.Op.Place.FileLine()).At(contract.Should)}, nil
				}
				if findings, empty := judgeEmpty(ctx, c, x); empty {
					more, err := emptyForms(ctx, c, contract.Path(p.Name, value))
					return append(findings, more...), err
				}
				if findings, err := othersListed(ctx, c, p, x); err != nil || len(findings) > 0 {
					return findings, err
				}
			}
			return foundEmpty(ctx, c, p)
		},
	}
}

// emptyForms asks for a list without items in the forms that the document has for its answers.
func emptyForms(ctx context.Context, c *contract.Case, at contract.Change) (findings []contract.Finding, err error) {
	for _, p := range forms(&c.Subject) {
		x, err := c.Ask(ctx, "list without items with "+p.Name, at, contract.Query(p.Name, "true"))
		if err != nil {
			return findings, err
		}
		if !x.OK() {
			findings = append(findings, c.New(x, "query "+p.Name, "", "status", "2xx, as without it", strconv.Itoa(x.Status), p.Place.FileLine()))
		}
	}
	return findings, nil
}

// othersListed finds items of the ordinary list in one that is said to have none.
func othersListed(ctx context.Context, c *contract.Case, p *openapi.Parameter, x *contract.Exchange) ([]contract.Finding, error) {
	list, err := pageOf(c, x)
	if err != nil {
		return nil, nil // body-matches-schema tells
	}
	ordinary, err := c.Ordinary(ctx)
	if err != nil || ordinary.PathValue(p.Name) == x.PathValue(p.Name) {
		return nil, err
	}
	theirs, err := pageOf(c, ordinary)
	if err != nil {
		return nil, nil
	}
	for _, item := range list.items {
		id := idOf(item)
		if len(id) < shortestID || !slices.ContainsFunc(theirs.items, func(other any) bool { return idOf(other) == id }) {
			continue
		}
		got := fmt.Sprintf("%d items, one of which, %s, stands below %s, too", len(list.items), id, ordinary.PathValue(p.Name))
		f := c.New(x, "path "+p.Name, c.Page.Items, "others", "no items: the list below "+x.PathValue(p.Name)+" is said to be empty", got, c.Op.Place.FileLine())
		return []contract.Finding{f.And(ordinary)}, nil
	}
	return nil, nil
}

// foundEmpty looks for a list without items below the parents that a list shows, and with writes below a new one.
func foundEmpty(ctx context.Context, c *contract.Case, p *openapi.Parameter) ([]contract.Finding, error) {
	ordinary, err := c.Ordinary(ctx)
	if err != nil {
		return nil, err
	}
	others := c.OtherValues(ctx, ordinary, p)
	for _, value := range others[:min(len(others), emptyParents)] {
		x, err := c.Ask(ctx, "list below "+p.Name+" "+value, contract.Path(p.Name, value))
		if err != nil {
			return nil, err
		}
		if findings, empty := judgeEmpty(ctx, c, x); empty {
			return findings, nil
		}
	}
	if maker := parentMaker(c, p); maker != nil && c.Writes() {
		m, err := create(ctx, maker, "create a parent", fresh(maker), contract.Beside(ordinary))
		if m != nil {
			defer m.clean(ctx, maker)
		}
		if err != nil {
			return nil, err
		}
		if !p.Schema.ValidText(m.id) {
			return nil, contract.Skip("the ID of a new parent is no %s", p.Name)
		}
		x, err := c.Ask(ctx, "list below a new parent", contract.Beside(m.answer), contract.Path(p.Name, m.id), contract.Provoking()) // what is below may be of another kind
		if err != nil {
			return nil, err
		}
		if findings, empty := judgeEmpty(ctx, c, x); empty {
			for i := range findings {
				findings[i] = findings[i].After(m.answer)
			}
			return findings, nil
		}
	}
	return nil, contract.Skip("no list without items was found: give a parent that has none (--empty %s=VALUE)", p.Name)
}

// parentMaker creates the items that a path variable picks from, nil where the document offers no way.
func parentMaker(c *contract.Case, p *openapi.Parameter) *contract.Case {
	home, _, _ := strings.Cut(c.Op.Route, "/{"+p.Name+"}")
	for _, o := range c.Op.Document.Operations {
		if o.Method != http.MethodPost || openapi.Unnamed(o.Route) != openapi.Unnamed(home) {
			continue
		}
		if op, err := o.Compile(); err == nil && creates(&contract.Subject{Op: op, Conv: c.Conv}) {
			return c.Other(o)
		}
	}
	return nil
}

// judgeEmpty judges a list that has no items; empty is false for any other answer.
func judgeEmpty(ctx context.Context, c *contract.Case, x *contract.Exchange) (findings []contract.Finding, empty bool) {
	list, err := pageOf(c, x)
	if err != nil || len(list.items) > 0 {
		return nil, false // body-matches-schema tells what is no list
	}
	if list.total > 0 {
		where, pointer := totalAt(c, "body")
		findings = append(findings, c.New(x, where, pointer, "total", "0: the list has no items", strconv.Itoa(list.total), c.Op.Place.FileLine()))
	}
	for _, rel := range []string{"next", "previous"} {
		if link := target(c, list, rel); link != "" {
			findings = append(findings, c.New(x, "links", "", rel, "no link "+rel+": the list has no items", link, c.Op.Place.FileLine()))
		}
	}
	above := parentsAbove(&c.Subject)
	below := x.PathValue(above[len(above)-1].Name)
	link := target(c, list, "self")
	if to, err := url.Parse(link); link != "" && err == nil && !slices.Contains(strings.Split(to.EscapedPath(), "/"), below) {
		findings = append(findings, c.New(x, "links", "", "self", "a link to the list itself, below "+below, link, c.Op.Place.FileLine()))
	}
	if ordinary, err := c.Ordinary(ctx); err == nil {
		if full, err := pageOf(c, ordinary); err == nil && len(full.items) > 0 {
			findings = append(findings, untold(c, list, full)...)
		}
	}
	return findings, true
}

// untold finds the total and the link self missing from a list without items, which one of some items has: what is zero or first is as true of none.
func untold(c *contract.Case, list, full *page) (findings []contract.Finding) {
	if list.total < 0 && full.total >= 0 {
		where, pointer := totalAt(c, "body")
		findings = append(findings, c.New(list.Exchange, where, pointer, "untold", "0, as lists with items tell their total", "none", c.Op.Place.FileLine()))
	}
	if onePage := target(c, full, "next") == ""; onePage && target(c, full, "self") != "" && target(c, list, "self") == "" {
		findings = append(findings, c.New(list.Exchange, "links", "", "untold", "a link self, as lists with items on one page have it", "none", c.Op.Place.FileLine()))
	}
	for i := range findings {
		findings[i] = findings[i].And(full.Exchange).At(contract.Should)
	}
	return findings
}
