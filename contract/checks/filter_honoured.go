package checks

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/schema"
	"troth/openapi/source"
)

func filterHonoured() contract.Check {
	return contract.Check{
		ID:      "filter-honoured",
		Promise: "A parameter that names a member chooses the items with that value, and the total counts those.",
		Why:     "A client that asks for some items takes all of them for those.",
		Source:  "the parameter, which has the name and the values of a member of the items; troth.yaml, selection",
		Level:   contract.Should,
		Needs:   []contract.Need{twoItems()},
		Applies: func(s *contract.Subject) bool { return s.Page != nil && s.Op.Body == nil && len(filters(s)) > 0 },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			all, err := ask(ctx, c, "large page", largest(ctx, c)...)
			if err != nil {
				return nil, err
			}
			var findings []contract.Finding
			judged := false
			chosen := filters(&c.Subject)
			for _, name := range slices.Sorted(maps.Keys(chosen)) {
				value, ok := telling(all.items, chosen[name])
				if !ok || !takesText(c.Op.Parameter("query", name), value) {
					continue
				}
				f, err := judgeFilter(ctx, c, all, name, chosen[name], value)
				if err != nil {
					return findings, err
				}
				judged, findings = true, append(findings, f...)
			}
			if !judged {
				return nil, contract.Skip("the items all say the same, or nothing, of what can be chosen by")
			}
			return findings, nil
		},
	}
}

// filters are the parameters of a list that choose items by a member, with the member: those of few values, which nobody matches in part.
func filters(s *contract.Subject) map[string]string {
	chosen := map[string]string{}
	selection := s.Conv.Selection(s.Op, s.Page.Items)
	if selection == nil {
		return nil
	}
	for name, member := range selection.Filters {
		if p := s.Op.Parameter("query", name); p != nil && (p.Schema.Enum != nil || p.Schema.Types == schema.TypeBoolean) {
			chosen[name] = member
		}
	}
	return chosen
}

// takesText tells whether some reading of a text is a value of a parameter.
func takesText(p *openapi.Parameter, text string) bool {
	if p.Schema.Valid(text, schema.Request) {
		return true
	}
	value, err := source.DecodeJSON([]byte(text))
	return err == nil && p.Schema.Valid(value, schema.Request)
}

// telling is a value of a member that some items have and others have not.
func telling(items []any, member string) (string, bool) {
	first := ""
	for _, item := range items {
		object, _ := item.(map[string]any)
		text, ok := openapi.Text(object[member])
		switch {
		case !ok || object[member] == nil:
		case first == "":
			first = text
		case text != first:
			return first, true
		}
	}
	return "", false
}

// judgeFilter asks for the items with a value.
func judgeFilter(ctx context.Context, c *contract.Case, all *page, name, member, value string) ([]contract.Finding, error) {
	p := c.Op.Parameter("query", name)
	some, err := ask(ctx, c, name+" as a filter", append(largest(ctx, c), contract.Query(name, value))...)
	if err != nil {
		return nil, err
	}
	finding := func(pointer, keyword, want, got string) []contract.Finding {
		return []contract.Finding{c.New(some.Exchange, "query "+name, pointer, keyword, want, got, p.Place.FileLine()).And(all.Exchange)}
	}
	for i, item := range some.items {
		object, _ := item.(map[string]any)
		if text, _ := openapi.Text(object[member]); text != value && object[member] != nil {
			return finding(c.Page.Items+"/"+strconv.Itoa(i)+"/"+member, "filter", value+" in each item", quote(text)), nil
		}
	}
	if len(some.items) == 0 {
		return finding(c.Page.Items, "filter", "the items with "+member+" "+value+", which stand in the list without the filter", "none"), nil
	}
	if whole := c.Page.Maximum > len(some.items); whole && some.total >= 0 && !near(c, some.total, len(some.items)) {
		return finding(c.Page.Total, "total", fmt.Sprintf("%d, as many as there are with the filter", len(some.items)), strconv.Itoa(some.total)), nil
	}
	return nil, nil
}
