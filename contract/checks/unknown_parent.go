package checks

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/schema"
)

func unknownParent() contract.Check {
	return contract.Check{
		ID:      "unknown-parent",
		Promise: "Nothing stands below a parent that does not exist, and no item below another parent than its own.",
		Why:     "A client that mistypes a parent's name takes the empty list, or somebody else's items, for an answer.",
		Source:  "RFC 9110 §15.5.5: 404 says that no representation of the target was found",
		Level:   contract.Should,
		Once:    true, // a parent that comes into being with what is created below it is there at the next look
		Applies: func(s *contract.Subject) bool {
			return (s.Op.Method == http.MethodGet || creates(s)) && len(parentsAbove(s)) > 0
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			if creates(&c.Subject) {
				return createdBelowUnknown(ctx, c)
			}
			ordinary, err := c.Ordinary(ctx)
			if err != nil {
				return nil, err
			}
			var findings []contract.Finding
			var skipped error
			for _, p := range parentsAbove(&c.Subject) {
				text, unusual, err := unknownName(ctx, c, p)
				if another, ok := c.AnotherValue(ctx, ordinary, p); ok && c.PicksItem() {
					x, err := c.Ask(ctx, "item below another "+p.Name, contract.Path(p.Name, another), contract.Beside(ordinary), contract.Provoking())
					if err != nil {
						return nil, err
					}
					if x.OK() && !elsewhere(c, ordinary, x) && unlisted(ctx, c, ordinary, contract.Path(p.Name, another)) {
						findings = append(findings, c.New(x, "path "+p.Name, "", "below", "404: the item stands below another "+p.Name, strconv.Itoa(x.Status), c.Op.Place.FileLine()).And(ordinary))
					}
				}
				if err != nil {
					skipped = err
					continue
				}
				x, err := askBelow(ctx, c, "unknown "+p.Name, p, text, contract.Beside(ordinary))
				if err != nil {
					return nil, err
				}
				refused, plain, err := refusedName(ctx, c, p, x, unusual)
				if err != nil {
					return nil, err
				}
				findings, x = append(findings, refused...), plain
				if x.OK() && !elsewhere(c, ordinary, x) {
					findings = append(findings, c.New(x, "path "+p.Name, "", "exists", "404: no "+p.Name+" "+quote(x.PathValue(p.Name))+" exists", strconv.Itoa(x.Status), c.Op.Place.FileLine()))
				}
			}
			if len(findings) == 0 && skipped != nil {
				return nil, skipped
			}
			return findings, nil
		},
	}
}

// askBelow asks for what stands below a parent of a name that nothing has.
func askBelow(ctx context.Context, c *contract.Case, name string, p *openapi.Parameter, text string, beside ...contract.Change) (*contract.Exchange, error) {
	return c.Ask(ctx, name, append(beside, contract.Path(p.Name, text), contract.Provoking(), contract.In(contract.UnknownName, p))...)
}

// unlisted tells whether the list that an item stands in shows items, and not that one, below another parent: settings and kinds may stand below each.
func unlisted(ctx context.Context, c *contract.Case, item *contract.Exchange, other contract.Change) bool {
	body, _ := item.JSON()
	id := contract.IDOf(body, c.Last())
	route := strings.TrimSuffix(c.Op.Route, "/{"+c.Last().Name+"}")
	for _, o := range c.Op.Document.Operations {
		if o.Method != http.MethodGet || o.Route != route || id == nil {
			continue
		}
		list := c.Other(o)
		if list == nil || list.Page == nil {
			return false
		}
		p, err := ask(ctx, list, "list below the other parent", append(largest(ctx, list), other, contract.Beside(item))...)
		if err != nil || p.total > len(p.items) {
			return false
		}
		return len(p.items) > 0 && !slices.ContainsFunc(p.items, func(listed any) bool { return schema.Equal(contract.IDOf(listed, c.Last()), id) })
	}
	return false
}

// createdBelowUnknown creates an item below parents that do not exist, where the list below them says that they do not.
func createdBelowUnknown(ctx context.Context, c *contract.Case) (findings []contract.Finding, err error) {
	list := listBefore(ctx, c)
	if list == nil {
		return nil, contract.Skip("the list of the items cannot be asked")
	}
	judged := false
	for _, p := range parentsAbove(&c.Subject) {
		text, err := list.UnknownValue(ctx, p)
		if err != nil {
			continue
		}
		x, err := askBelow(ctx, list, "list below an unknown "+p.Name, p, text)
		if err != nil {
			return nil, err
		}
		if x.Status != http.StatusNotFound {
			continue
		}
		m, err := create(ctx, c, "create below an unknown "+p.Name, fresh(c), contract.Path(p.Name, text), contract.Provoking())
		if m == nil {
			return findings, err
		}
		if judged = true; m.answer.OK() {
			m.clean(ctx, c)
			findings = append(findings, c.New(m.answer, "path "+p.Name, "", "exists", "404: no "+p.Name+" "+quote(text)+" exists, and its list is not found", strconv.Itoa(m.answer.Status), c.Op.Place.FileLine()).And(x))
		}
	}
	if !judged {
		return nil, contract.Skip("no parent is known not to exist")
	}
	return findings, nil
}

// unknownName is a name that nothing has. An item is asked for below an unusual one, of those that the schema takes: its list is asked for below
// one near that which exists, else a plain one.
func unknownName(ctx context.Context, c *contract.Case, p *openapi.Parameter) (text string, unusual bool, err error) {
	if c.PicksItem() && p.Schema.Pattern != nil {
		if text, ok := c.UnusualValue(ctx, p); ok {
			return text, true, nil
		}
	}
	if near, ok := c.Neighbour(ctx, p); ok && c.Page != nil {
		return near, false, nil
	}
	text, err = c.UnknownValue(ctx, p)
	return text, false, err
}

// refusedName finds a name that is refused for its form, which the document gives: with 400, or otherwise than a plain name that is unknown, too. plain is
// the answer to a name whose form is not at fault.
func refusedName(ctx context.Context, c *contract.Case, p *openapi.Parameter, x *contract.Exchange, unusual bool) (findings []contract.Finding, plain *contract.Exchange, err error) {
	malformed := x.Status == http.StatusBadRequest || unusual && refusesBeside(x.Status)
	if !malformed || !spelled(p) {
		return nil, x, nil
	}
	f := c.New(x, "path "+p.Name, "", "status", "404: "+quote(x.PathValue(p.Name))+" is what the schema asks for", strconv.Itoa(x.Status), p.Place.FileLine())
	if !unusual {
		return []contract.Finding{f}, x, nil
	}
	text, err := c.UnknownValue(ctx, p)
	if err != nil {
		return nil, x, nil
	}
	plain, err = askBelow(ctx, c, "plain unknown "+p.Name, p, text, contract.Beside(x))
	if err != nil || plain.Status != http.StatusNotFound && plain.Status != x.Status && !plain.OK() {
		return nil, plain, err
	}
	return []contract.Finding{f.And(plain)}, plain, nil
}

// spelled tells whether the document says how a parameter is written: then a value that is written so and names nothing is not malformed.
func spelled(p *openapi.Parameter) bool {
	return p.Schema.Pattern != nil || p.Schema.Format == "uuid" || p.Schema.Types == schema.TypeInteger
}

// parentsAbove are the path parameters that name what an operation's resource stands below: texts of any value, with a segment of their own
// that is not the last.
func parentsAbove(s *contract.Subject) (list []*openapi.Parameter) {
	for _, p := range s.Op.Parameters {
		if p.In == "path" && p.Schema.Enum == nil && p.Schema.Types&schema.TypeBoolean == 0 && strings.Contains(s.Op.Route, "/{"+p.Name+"}/") {
			list = append(list, p)
		}
	}
	return list
}

// elsewhere tells whether what stands below an unknown parent is its own: then the parent does exist, as every value may.
func elsewhere(c *contract.Case, ordinary, x *contract.Exchange) bool {
	if c.Page != nil {
		known, err := pageOf(c, ordinary)
		if err != nil {
			return false
		}
		other, err := pageOf(c, x)
		return err == nil && len(other.items) > 0 && !common(known, other)
	}
	known, err := ordinary.JSON()
	if err != nil {
		return false
	}
	other, err := x.JSON()
	if err != nil {
		return false
	}
	_, same := agree(known, other, "")
	return !same
}
