package checks

import (
	"context"
	"slices"
	"strings"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/convention"
	"troth/openapi/schema"
)

func sortDefault() contract.Check {
	return contract.Check{
		ID:      "sort-default",
		Promise: "A list that is not asked to be sorted stands in the order that the parameter's default names.",
		Why:     "A client that takes the first items for the newest, as documented, gets the oldest.",
		Source:  "default of the parameter that sorts (JSON Schema 2020-12 validation §9.2, OpenAPI 3.1 §4.8.24)",
		Level:   contract.Must,
		Needs:   []contract.Need{twoItems()},
		Applies: func(s *contract.Subject) bool { return s.Page != nil && s.Op.Body == nil && orderByDefault(s) != nil },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			o := orderByDefault(&c.Subject)
			var with *page
			judged := false
			without, same, err := bracketed(ctx, c, func(repeat ...contract.Change) (*page, error) {
				return ask(ctx, c, "large page", append(largest(ctx, c), repeat...)...)
			}, func(without *page, repeat ...contract.Change) (bool, error) {
				var err error
				with, err = ask(ctx, c, "sorted by the default "+o.value, slices.Concat(largest(ctx, c), o.changes, repeat)...)
				if err != nil {
					return false, err
				}
				judged = judged || len(o.said(with.items)) > 1
				return isPrefix(o.said(without.items), o.said(with.items)), nil
			})
			if err != nil {
				return nil, err
			}
			if same && !judged {
				return nil, contract.Skip("the items say nothing of what they are sorted by")
			}
			if same {
				return nil, nil
			}
			return []contract.Finding{c.New(without.Exchange, "query "+o.p.Name, c.Page.Items, "default", "the order of "+o.p.Name+"="+o.value+": "+quote(strings.Join(o.said(with.items), ", ")),
				quote(strings.Join(o.said(without.items), ", ")), o.p.Place.FileLine()).And(with.Exchange)}, nil
		},
	}
}

// byDefault is the order that a list has by the defaults of its parameters.
type byDefault struct {
	p       *openapi.Parameter
	value   string
	keys    []convention.Key
	changes []contract.Change
}

// orderByDefault is nil where the parameter that sorts has no default, or one that names no member of the items.
func orderByDefault(s *contract.Subject) *byDefault {
	selection, item := s.Conv.Selection(s.Op, s.Page.Items), itemSchema(s)
	if selection == nil || item == nil {
		return nil
	}
	value, p := defaultOf(s, selection.Sort)
	direction, order := defaultOf(s, selection.Order)
	o := &byDefault{p: p, value: value, keys: selection.Keys(value, direction, item)}
	fields := strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ';' })
	if p == nil || len(o.keys) == 0 || len(o.keys) != len(fields) {
		return nil
	}
	o.changes = append(o.changes, contract.Query(p.Name, value))
	if order != nil {
		o.changes = append(o.changes, contract.Query(order.Name, direction))
	}
	return o
}

// defaultOf is the text that a parameter of the query has by default, nil where it has none.
func defaultOf(s *contract.Subject, name string) (string, *openapi.Parameter) {
	p := s.Op.Parameter("query", name)
	if name == "" || p == nil || !p.Schema.HasDefault || !p.Schema.Valid(p.Schema.Default, schema.Request) {
		return "", nil
	}
	text, ok := p.Schema.Default.(string)
	if !ok || text == "" {
		return "", nil
	}
	return text, p
}

// said is what items say of what they are sorted by: those that are alike in it may stand in any order, those that say nothing anywhere.
func (o *byDefault) said(items []any) (list []string) {
	for _, item := range items {
		object, _ := item.(map[string]any)
		var says []string
		for _, key := range o.keys {
			if text, ok := openapi.Text(object[key.Member]); ok && object[key.Member] != nil {
				says = append(says, text)
			}
		}
		if len(says) == len(o.keys) {
			list = append(list, strings.Join(says, " "))
		}
	}
	return list
}
