package openapi

import (
	"strconv"
	"strings"

	"troth/openapi/schema"
	"troth/openapi/source"
)

// query is a query cut into its parameters, once for all that are declared.
type query struct {
	raw  string
	home [inline]pair
	list []pair // behind home
	n    int
}

type pair struct{ raw, name, value string } // the name as it was sent and plain, the value as it was sent

func (q *query) read(raw string) {
	q.raw = raw
	for name, value := range pairs(raw) {
		p := pair{name, unquery(name), value}
		if q.n < inline {
			q.home[q.n] = p
		} else {
			q.list = append(q.list, p)
		}
		q.n++
	}
}

// texts returns the raw values of a name; the first one without allocation.
func (q *query) texts(name string) (first string, rest []string, n int) {
	for _, pairs := range [...][]pair{q.home[:min(q.n, inline)], q.list} {
		for i := range pairs {
			if pairs[i].name != name && pairs[i].raw != name {
				continue
			}
			if n++; n == 1 {
				first = pairs[i].value
			} else {
				rest = append(rest, pairs[i].value)
			}
		}
	}
	return first, rest, n
}

// decodeQuery decodes one query parameter.
func (p *Parameter) decodeQuery(q *query, c *Compiled, values *Values, violations []Violation) []Violation {
	if p.form.itemized && p.Content.Type == "" && p.form.types&schema.TypeObject != 0 {
		if first, _, n := q.texts(p.Name); n == 1 && p.form.types&^(schema.TypeObject|schema.TypeArray|schema.TypeNull) != 0 { // no object, which another alternative is
			if v := read(unquery(first), p.Schema); p.Schema.Valid(v, schema.Request) {
				return p.keep(v, "", []string{first}, values, violations)
			}
		}
		switch {
		case p.Style == "deepObject":
			return p.deep(q.raw, values, violations)
		case p.Style == "form" && p.Explode && p.form.types&schema.TypeArray == 0:
			return p.spread(q.raw, c, values, violations)
		}
	}
	first, rest, n := q.texts(p.Name)
	switch {
	case n == 0:
		return p.absent(values, violations)
	case n == 1 && !p.form.itemized && p.Content.Type == "":
		return p.scalar(unquery(first), values, violations)
	}
	return p.take(append([]string{first}, rest...), values, violations)
}

// pairs yields the raw names and values of a query.
func pairs(raw string) func(yield func(name, value string) bool) {
	return func(yield func(name, value string) bool) {
		for raw != "" {
			var pair string
			pair, raw, _ = strings.Cut(raw, "&")
			name, value, _ := strings.Cut(pair, "=")
			if pair != "" && !yield(name, value) {
				return
			}
		}
	}
}

// deep decodes style deepObject: name[member]=value, members of members in further brackets, arrays by repetition.
func (p *Parameter) deep(raw string, values *Values, violations []Violation) []Violation {
	object, problem := map[string]any{}, ""
	for key, value := range pairs(raw) {
		rest, ok := strings.CutPrefix(unquery(key), p.Name+"[")
		if !ok {
			continue
		}
		path, closed := strings.CutSuffix(rest, "]")
		if !closed || !deepPut(object, p.Schema, strings.Split(path, "]["), unquery(value)) {
			problem = p.Name + "[member]=value"
		}
	}
	if len(object) == 0 && problem == "" {
		return p.absent(values, violations)
	}
	return p.keep(object, problem, []string{unquery(raw)}, values, violations)
}

func deepPut(object map[string]any, s *schema.Schema, path []string, text string) bool {
	name := path[0]
	member := memberOf(s, name)
	if len(path) > 1 && isDigits(path[1]) && member != nil && typesOf(member, 8)&schema.TypeArray != 0 {
		return indexPut(object, member, path, text)
	}
	if len(path) > 1 && path[1] != "" {
		inner, ok := object[name].(map[string]any)
		if !ok && object[name] != nil {
			return false
		}
		if inner == nil {
			inner = map[string]any{}
			object[name] = inner
		}
		return deepPut(inner, orAny(member), path[1:], text)
	}
	if member != nil && typesOf(member, 8)&schema.TypeArray != 0 {
		items, _ := object[name].([]any)
		item := itemOf(member, len(items), 8)
		value := read(text, item)
		if list, isList := jsonArray(text); isList && len(items) == 0 && item != nil && !item.Valid(value, schema.Request) {
			object[name] = list // the whole array, as JSON text: what it holds has no form of its own in a query
			return true
		}
		object[name] = append(items, value)
		return true
	}
	_, repeated := object[name]
	object[name] = read(text, member)
	return !repeated
}

// jsonArray reads a text that is a JSON array.
func jsonArray(text string) ([]any, bool) {
	if !strings.HasPrefix(text, "[") {
		return nil, false
	}
	v, err := source.DecodeJSON([]byte(text))
	list, ok := v.([]any)
	return list, ok && err == nil
}

// indexPut puts into an array by index: name[0]=text, name[0][member]=text. Indexes count up from 0.
func indexPut(object map[string]any, s *schema.Schema, path []string, text string) bool {
	items, _ := object[path[0]].([]any)
	i, err := strconv.Atoi(path[1])
	if err != nil || i > len(items) {
		return false
	}
	item := itemOf(s, i, 8)
	if len(path) == 2 {
		object[path[0]] = append(items, read(text, item))
		return i == len(items)
	}
	if i == len(items) {
		items = append(items, map[string]any{})
		object[path[0]] = items
	}
	inner, ok := items[i].(map[string]any)
	return ok && deepPut(inner, orAny(item), path[2:], text)
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// orAny makes Find safe on a member that is not declared.
func orAny(s *schema.Schema) *schema.Schema {
	if s == nil {
		return &schema.Schema{}
	}
	return s
}

// namesMembers tells whether a schema, or one of its alternatives, declares members.
func namesMembers(s *schema.Schema) bool {
	for part := range s.Parts(true) {
		if len(part.Properties) > 0 {
			return true
		}
	}
	return false
}

// spread decodes an exploded object of style form: its members are query parameters of their own. Names that the schema does not declare belong to
// it only where it declares none at all, and no other parameter has them.
func (p *Parameter) spread(raw string, c *Compiled, values *Values, violations []Violation) []Violation {
	object, problem := map[string]any{}, ""
	for key, value := range pairs(raw) {
		name := unquery(key)
		member := p.Schema.Find(name)
		if member == nil && (namesMembers(p.Schema) || c.Parameter("query", name) != nil) {
			continue
		}
		if !deepPut(object, p.Schema, []string{name}, unquery(value)) {
			problem = "one value of " + name
		}
	}
	if len(object) == 0 {
		return p.absent(values, violations)
	}
	return p.keep(object, problem, []string{unquery(raw)}, values, violations)
}
