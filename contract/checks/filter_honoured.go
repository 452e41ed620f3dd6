package checks

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

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
			return eachFilter(ctx, c, "the items all say the same, or nothing, of what can be chosen by", func(all *page, f filter) ([]contract.Finding, bool, error) {
				values := f.telling(all.items)
				for _, value := range values {
					if findings, err := judgeFilter(ctx, c, all, f, value); err != nil || len(findings) > 0 {
						return findings, true, err
					}
				}
				findings, err := judgeSeveral(ctx, c, all, f, values)
				return findings, len(values) > 0, err
			})
		},
	}
}

// eachFilter judges each parameter that chooses items of a list, by the largest page without any; Skip, with a reason, where none could be judged.
func eachFilter(ctx context.Context, c *contract.Case, unjudged string, judge func(all *page, f filter) (findings []contract.Finding, judged bool, err error)) ([]contract.Finding, error) {
	all, err := ask(ctx, c, "large page", largest(ctx, c)...)
	if err != nil {
		return nil, err
	}
	var findings []contract.Finding
	judgedAny := false
	chosen := filters(&c.Subject)
	for _, name := range slices.Sorted(maps.Keys(chosen)) {
		found, judged, err := judge(all, filter{c.Op.Parameter("query", name), chosen[name]})
		if err != nil {
			return findings, err
		}
		judgedAny, findings = judgedAny || judged, append(findings, found...)
	}
	if !judgedAny {
		return nil, contract.Skip("%s", unjudged)
	}
	return findings, nil
}

// filters are the parameters of a list that choose items by a member, with the member: those of few values, and texts.
func filters(s *contract.Subject) map[string]string {
	chosen := map[string]string{}
	selection := s.Conv.Selection(s.Op, s.Page.Items)
	if selection == nil {
		return nil
	}
	for name, member := range selection.Filters {
		if p := s.Op.Parameter("query", name); p != nil && !p.Schema.HasDefault && (isWord(valuesOf(p)) || isText(valuesOf(p))) {
			chosen[name] = member
		}
	}
	return chosen
}

// valuesOf is the schema of a parameter's value, or of each of several.
func valuesOf(p *openapi.Parameter) *schema.Schema {
	if p.Schema.Types == schema.TypeArray && p.Schema.Items != nil {
		return p.Schema.Items
	}
	return p.Schema
}

// isWord tells whether a schema has few values, which nobody matches in part.
func isWord(s *schema.Schema) bool { return s.Enum != nil || s.Types == schema.TypeBoolean }

// isText tells whether a schema takes any text; a date may stand for a day and all that follow.
func isText(s *schema.Schema) bool {
	return s.Types == schema.TypeString && s.Enum == nil && (s.Format == "" || s.Format == "uuid" || s.Format == "email")
}

// filter is a parameter that chooses items by a member.
type filter struct {
	p      *openapi.Parameter
	member string
}

// lets tells whether an item may stand in a list of those with a value. Texts may be looked for in part, whatever their case.
func (f filter) lets(item any, value string) bool {
	texts, told := f.texts(item)
	return !told || slices.ContainsFunc(texts, func(text string) bool {
		switch {
		case isWord(valuesOf(f.p)):
			return text == value
		case f.exact():
			return strings.EqualFold(text, value)
		}
		return strings.Contains(strings.ToLower(text), strings.ToLower(value))
	})
}

// texts are what an item says of what it is chosen by: one, or each element of an array that a parameter names one of; a parameter with the name of the
// array may have several in a way of its own. told is false where it says nothing.
func (f filter) texts(item any) (texts []string, told bool) {
	object, _ := item.(map[string]any)
	list, isArray := object[f.member].([]any)
	switch {
	case !isArray:
		list = []any{object[f.member]}
	case letters(strings.TrimSuffix(f.p.Name, "[]")) == letters(f.member):
		return nil, false
	}
	for _, v := range list {
		text, isScalar := openapi.Text(v)
		if v == nil || !isScalar {
			return nil, false
		}
		texts = append(texts, text)
	}
	return texts, true
}

// saysExact is how descriptions say that a text is not looked for in part.
var saysExact = regexp.MustCompile(`(?i)\bexact (match|value|name|text)|\bexactly (this|that|the|match\w*)\b|\b(is|are|equals?|match\w*|compared) exactly\b`)

// exact tells whether a parameter takes whole values only.
func (f filter) exact() bool { return isWord(valuesOf(f.p)) || saysExact.MatchString(f.p.Description) }

// The most values that are asked for: of words each, and some texts.
const mostValues, mostTexts = 8, 3

// plainWord is a text that has one reading: no list of several, no wildcard, no search for several words.
var plainWord = regexp.MustCompile(`^[\pL\pN_-]{3,}$`)

// telling are values of a member that some items have and others have not.
func (f filter) telling(items []any) (values []string) {
	most := mostValues
	if !isWord(valuesOf(f.p)) {
		most = mostTexts
	}
	differ, first := false, ""
	for _, item := range items {
		texts, told := f.texts(item)
		if !told {
			continue
		}
		if said := strings.Join(texts, ","); first == "" {
			first = said
		} else {
			differ = differ || said != first
		}
		for _, text := range texts {
			if !slices.Contains(values, text) && len(values) < most && (isWord(valuesOf(f.p)) || plainWord.MatchString(text)) && takesText(f.p, text) {
				values = append(values, text)
			}
		}
	}
	if !differ {
		return nil
	}
	return values
}

// takesText tells whether some reading of a text is a value of a parameter.
func takesText(p *openapi.Parameter, text string) bool {
	s := valuesOf(p)
	if s.Valid(text, schema.Request) {
		return true
	}
	value, err := source.DecodeJSON([]byte(text))
	return err == nil && s.Valid(value, schema.Request)
}

// judgeFilter asks for the items with a value.
func judgeFilter(ctx context.Context, c *contract.Case, all *page, f filter, value string) ([]contract.Finding, error) {
	some, err := ask(ctx, c, f.p.Name+" as a filter", append(largest(ctx, c), contract.Query(f.p.Name, value))...)
	if err != nil {
		return nil, err
	}
	finding := func(pointer, keyword, want, got string) []contract.Finding {
		return []contract.Finding{c.New(some.Exchange, "query "+f.p.Name, pointer, keyword, want, got, f.p.Place.FileLine()).And(all.Exchange)}
	}
	for i, item := range some.items {
		if !f.lets(item, value) {
			return finding(c.Page.Items+"/"+strconv.Itoa(i)+"/"+f.member, "filter", value+" in each item", quote(f.says(item))), nil
		}
	}
	whole := c.Page.Maximum > 0 && hasSpace(ctx, c, all, some)
	if i := slices.IndexFunc(all.items, func(item any) bool { return f.exactly(item, value) && hasID(item) && !shows(some, item) }); i >= 0 && (whole || len(some.items) == 0 && !leadsOn(c, some)) {
		return finding(c.Page.Items, "filter", "the item "+quote(identity(all.items[i]))+" with "+f.member+" "+value+", which stands in the list without the filter", "none"), nil
	}
	if i := slices.IndexFunc(some.items, func(item any) bool { return hasID(item) && !shows(all, item) }); i >= 0 && c.Page.Maximum > len(all.items) && all.total <= len(all.items) {
		return finding(c.Page.Items+"/"+strconv.Itoa(i), "others", "an item of the list without the filter", quote(identity(some.items[i]))), nil
	}
	if whole && some.total >= 0 && !near(c, some.total, len(some.items)) {
		where, pointer := totalAt(c, "query "+f.p.Name)
		return []contract.Finding{c.New(some.Exchange, where, pointer, "total", fmt.Sprintf("%d, as many as there are with the filter", len(some.items)), strconv.Itoa(some.total), f.p.Place.FileLine()).And(all.Exchange)}, nil
	}
	return nil, nil
}

// hasSpace tells whether a page holds fewer items than it was asked for, or than a page does that was asked for without a size, as the whole list's
// was, and nothing leads on.
func hasSpace(ctx context.Context, c *contract.Case, whole, p *page) bool {
	room := c.Largest(ctx, 0)
	if u, err := url.Parse(p.URL); c.Page.Size != "" && (err != nil || !u.Query().Has(c.Page.Size)) {
		room = max(c.Page.Default, len(whole.items))
	}
	return len(p.items) < room && !leadsOn(c, p)
}

// leadsOn tells whether another page follows by a cursor or link: one that need not be full before.
func leadsOn(c *contract.Case, p *page) bool {
	return !numbered(&c.Subject) && target(c, p, "next") != ""
}

// exactly tells whether an item has a value.
func (f filter) exactly(item any, value string) bool {
	texts, _ := f.texts(item)
	return slices.Contains(texts, value)
}

// shows tells whether a page shows an item.
func shows(p *page, item any) bool { return slices.Contains(identities(p.items), identity(item)) }
