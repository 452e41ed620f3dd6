package checks

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"troth/contract"
	"troth/openapi/schema"
)

func filterSpecial() contract.Check {
	return contract.Check{
		ID:      "filter-special",
		Promise: "An item is found by a text that has characters which URLs write in another way, and the links of that page, or of one that is searched for such a text, keep it.",
		Why:     "Nobody finds what has a blank, an ampersand, a plus, a percent sign or an umlaut in its name, or the second page of it.",
		Source:  "RFC 3986 §2.1; the parameter, which has the name of a member of the items",
		Level:   contract.Should,
		Applies: func(s *contract.Subject) bool { return sized(s) && len(textFilters(s))+len(searches(s)) > 0 },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			var findings []contract.Finding
			judged := false
			for _, f := range textFilters(&c.Subject) {
				text, list, clean, err := f.special(ctx, c)
				if err != nil {
					return nil, err
				}
				if text == "" {
					continue
				}
				judged = true
				found, err := judgeSpecial(ctx, list, choice{f, text})
				clean()
				if findings = append(findings, found...); err != nil {
					return findings, err
				}
			}
			found, searched, err := searchLinks(ctx, c)
			if findings = append(findings, found...); err != nil || len(findings) > 0 {
				return findings, err
			}
			if !judged && !searched {
				return nil, contract.Skip("no item has a text with a blank, &, +, %% or a character beyond ASCII by which it can be chosen")
			}
			return nil, nil
		},
	}
}

// textFilters are the parameters that choose items by any text.
func textFilters(s *contract.Subject) (list []filter) {
	item := itemSchema(s)
	for name, member := range filters(s) {
		if p := s.Op.Parameter("query", name); isText(valuesOf(p)) && valuesOf(p).Format == "" && !isList(item.Find(member)) {
			list = append(list, filter{p, member})
		}
	}
	slices.SortFunc(list, func(a, b filter) int { return strings.Compare(a.p.Name, b.p.Name) })
	return list
}

// isList tells whether a schema describes an array.
func isList(s *schema.Schema) bool {
	for part := range s.Parts(false) {
		if part.Items != nil {
			return true
		}
	}
	return false
}

// specialTexts have characters that are written in another way in URLs, as many as there is room for. %41 is A where it is decoded once more.
var specialTexts = []string{"R&D +1 %41 ä", "R&D+ %41", "a&+ é"}

// special is a text of some items with special characters: of items that are created for it where the run may write, else of those that are there.
func (f filter) special(ctx context.Context, c *contract.Case) (text string, list *contract.Case, clean func(), err error) {
	if maker := makerIn(c); maker != nil && c.Writes() {
		if text, list, clean, err = f.createSpecial(ctx, maker, c); text != "" || err != nil {
			return text, list, clean, err
		}
	}
	p, err := ask(ctx, c, "large page", largest(ctx, c)...)
	if contract.WasSkipped(err) {
		return "", nil, nil, nil
	}
	if err != nil {
		return "", nil, nil, err
	}
	for _, item := range p.items {
		if text := f.says(item); strings.ContainsAny(text, " &+%äöüéèàçñ") && !strings.ContainsAny(text, ",;*|\"\\()[]{}") && takesText(f.p, text) {
			return text, c, func() {}, nil
		}
	}
	return "", nil, nil, nil
}

// makerIn is the case of the operation that creates items of a list, nil where there is none.
func makerIn(c *contract.Case) *contract.Case {
	op := sibling(&c.Subject, "POST")
	if op == nil {
		return nil
	}
	if maker := c.Other(op); maker != nil && creates(&maker.Subject) {
		return maker
	}
	return nil
}

// createSpecial creates two items with a special text; the list is the one that they are in.
func (f filter) createSpecial(ctx context.Context, maker, c *contract.Case) (text string, list *contract.Case, clean func(), err error) {
	content, object, err := jsonObject(maker)
	if err != nil {
		return "", nil, nil, nil
	}
	member := content.Schema.Find(f.member)
	if member == nil || !member.Travels(schema.Request) {
		return "", nil, nil, nil
	}
	i := slices.IndexFunc(specialTexts, func(text string) bool {
		object[f.member] = text
		return content.Schema.Valid(object, schema.Request) && takesText(f.p, text)
	})
	if i < 0 {
		return "", nil, nil, nil
	}
	var both []*made
	clean = func() {
		for _, m := range both {
			m.clean(ctx, maker)
		}
	}
	for range 2 {
		m, err := createBut(ctx, maker, "create to be found by "+f.p.Name, func(object map[string]any) {
			fresh(maker)(object)
			object[f.member] = specialTexts[i]
		}, []string{f.member}, beside(both)...)
		if m == nil || m.answer == nil || !m.answer.OK() || m.id == "" || m.body[f.member] != specialTexts[i] {
			break // others tell
		}
		if err != nil {
			clean()
			return "", nil, nil, err
		}
		both = append(both, m)
	}
	if len(both) == 0 {
		return "", nil, nil, nil
	}
	return specialTexts[i], c.Below(both[0].answer), clean, nil
}

// beside asks below the same parents as what was made before.
func beside(list []*made) (changes []contract.Change) {
	for _, m := range list[:min(len(list), 1)] {
		changes = append(changes, contract.Beside(m.answer))
	}
	return changes
}

// spelt asks for a text with every special character encoded by percent: not all servers take + for a blank.
func (f choice) spelt() contract.Change {
	return contract.RawQuery(f.p.Name, url.QueryEscape(f.p.Name)+"="+strings.ReplaceAll(url.QueryEscape(f.value), "+", "%20"))
}

// judgeSpecial asks for the items with a text, and follows the links of the first page.
func judgeSpecial(ctx context.Context, c *contract.Case, f choice) ([]contract.Finding, error) {
	whole, err := ask(ctx, c, "large page", append(largest(ctx, c), contract.Again())...)
	if err != nil {
		return nil, err
	}
	some, err := ask(ctx, c, f.p.Name+" with special characters", append(largest(ctx, c), f.spelt(), contract.Again())...)
	if err != nil {
		return nil, err
	}
	if findings := lostOf(ctx, c, whole, some, "characters", func(item any) bool { return f.exactly(item, f.value) }, f.filter); len(findings) > 0 {
		return findings, nil
	}
	first, err := ask(ctx, c, "first page of "+f.p.Name+" with special characters", contract.Query(c.Page.Size, strconv.Itoa(max(c.Page.Minimum, 1))), f.spelt())
	if err != nil || !numbered(&c.Subject) {
		return nil, err
	}
	return keepsText(c, first, f.p, f.value), nil
}
