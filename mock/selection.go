package mock

import (
	"cmp"
	"encoding/json"
	"maps"
	"math/big"
	"slices"
	"strings"

	"troth/openapi"
	"troth/openapi/convention"
	"troth/openapi/schema"
)

// selected lists the records that a query lets through, in the order that it asks for.
func (c *collection) selected(q *query) ([]*record, error) {
	c.mu.Lock()
	all := c.alive()
	c.mu.Unlock()
	if q != nil && c.resource.server.tweaks.unfiltered {
		q = &query{bounds: q.bounds, form: q.form}
	}
	if q == nil {
		return all, nil
	}
	spoilt := &c.resource.server.tweaks.choice
	records, err := c.sorted(q, spoilt.among(all, q))
	if spoilt.fallback && len(records) == 0 && len(q.wanted) > 0 {
		return all, err
	}
	return records, err
}

// sorted are those of some records that a query lets through, in the order that it asks for.
func (c *collection) sorted(q *query, all []*record) ([]*record, error) {
	kept := make([]chosen, 0, len(all))
	for _, r := range all {
		value, _, err := c.as(r, cmp.Or(q.form, c.resource.shape.base))
		if err != nil {
			return nil, err
		}
		object, _ := value.(map[string]any)
		if q.lets(object) {
			kept = append(kept, chosen{r, object})
		}
	}
	c.resource.server.tweaks.choice.turn(kept)
	slices.SortStableFunc(kept, q.compare)
	records := make([]*record, len(kept))
	for i, k := range kept {
		records[i] = k.record
	}
	return records, nil
}

type chosen struct {
	record *record
	object map[string]any
}

// query is what one request asks of a list.
type query struct {
	wanted map[string]any // by member: a value or, for a list, any of several
	bounds []bound
	keys   []convention.Key
	form   *schema.Schema // of the list's items, whose members are looked at; nil: the items' own

	element func(v any, want any) bool // whether an element of an array is a wanted value, nil where equal ones are
}

// chooses tells whether a query leaves items out.
func (q *query) chooses() bool { return len(q.wanted)+len(q.bounds) > 0 }

// selection reads the filters and sort parameters that a request has, nil where it has none.
func (c *collection) selection(call *Call) *query {
	s := c.resource.server.conv.Selection(call.Operation, c.resource.shape.items)
	if s == nil {
		return nil
	}
	_, _, listed := c.resource.server.conv.Items(call.Operation)
	q := &query{form: listed}
	for name, member := range s.Filters {
		if v, ok := call.Values.Get("query", name); ok {
			if q.wanted == nil {
				q.wanted = map[string]any{}
			}
			q.wanted[member] = v
		}
	}
	if c.resource.server.tweaks.choice.unnarrowed && searched(call) {
		q.wanted = nil
	}
	q.bounds = boundsIn(call, s)
	if v, sent := call.Values.Get("query", s.Sort); v != nil && s.Sort != "" && !c.resource.server.tweaks.oneOrder {
		order, _ := call.Values.Get("query", s.Order)
		form := cmp.Or(q.form, c.resource.shape.base) // on its own the item may be one of several kinds
		q.keys = c.resource.server.tweaks.choice.keys(s.Keys(joined(v), joined(order), form), sent)
	}
	if !q.chooses() && len(q.keys) == 0 {
		return nil
	}
	return c.resource.server.tweaks.choice.query(q)
}

// joined is the text of a scalar or of an array of them.
func joined(v any) string {
	items, ok := v.([]any)
	if !ok {
		return text(v)
	}
	texts := make([]string, len(items))
	for i, item := range items {
		texts[i] = text(item)
	}
	return strings.Join(texts, ",")
}

func (q *query) lets(object map[string]any) bool {
	for member, want := range q.wanted {
		if list, isList := object[member].([]any); isList && q.element != nil {
			if !slices.ContainsFunc(list, func(v any) bool { return q.element(v, want) }) {
				return false
			}
		} else if !meets(object[member], want) {
			return false
		}
	}
	return !slices.ContainsFunc(q.bounds, func(b bound) bool { return !b.lets(object) })
}

// meets tells whether a member has a wanted value, or one of several; an array member has each of its items.
func meets(v, want any) bool {
	if list, ok := want.([]any); ok {
		return slices.ContainsFunc(list, func(one any) bool { return meets(v, one) })
	}
	if items, ok := v.([]any); ok {
		return slices.ContainsFunc(items, func(item any) bool { return meets(item, want) })
	}
	if schema.Equal(v, want) {
		return true
	}
	t, ok := openapi.Text(v)
	w, wok := openapi.Text(want)
	return ok && wok && v != nil && t == w // a number asked for in a parameter that is declared a string
}

func (q *query) compare(a, b chosen) int {
	for _, key := range q.keys {
		d := order(a.object[key.Member], b.object[key.Member])
		if key.Falls {
			d = -d
		}
		if d != 0 {
			return d
		}
	}
	return 0
}

// longNumber is how many characters two numbers may have that are compared as numbers: reading them takes time that grows with the square.
const longNumber = 10000

// order compares two members: by number where both are numbers, else by text; what is absent comes last.
func order(a, b any) int {
	x, xok := openapi.Text(a)
	y, yok := openapi.Text(b)
	if !xok || !yok || a == nil || b == nil {
		return cmp.Compare(b2n(a == nil || !xok), b2n(b == nil || !yok))
	}
	m, mok := a.(json.Number)
	n, nok := b.(json.Number)
	if !mok || !nok || len(m)+len(n) > longNumber {
		return cmp.Compare(x, y)
	}
	p, pok := new(big.Float).SetString(m.String())
	r, rok := new(big.Float).SetString(n.String())
	if !pok || !rok {
		return cmp.Compare(x, y)
	}
	return p.Cmp(r)
}

func b2n(b bool) int {
	if b {
		return 1
	}
	return 0
}

// key tells one selection from another: a cursor belongs to the list that it was issued for.
func (q *query) key() string {
	if q == nil {
		return ""
	}
	var b strings.Builder
	for _, member := range slices.Sorted(maps.Keys(q.wanted)) {
		b.WriteString(member + "=" + string(appendJSON(nil, q.wanted[member])) + "&")
	}
	for _, bound := range q.bounds {
		b.WriteString(bound.parameter + "=" + string(appendJSON(nil, bound.value)) + "&")
	}
	for _, key := range q.keys {
		b.WriteString(key.Member)
		b.WriteByte("+-"[b2n(key.Falls)])
	}
	return b.String()
}
