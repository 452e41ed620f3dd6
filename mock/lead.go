package mock

import (
	"encoding/json"
	"slices"
	"strings"

	"troth/openapi"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// lead is a Link Object (OpenAPI 3.1 §4.8.20) of an answer: the operation that it leads to, and where the value of each variable of that
// operation's path comes from.
type lead struct {
	target *openapi.Operation
	from   []leadValue
}

// leadValue is where a link has the value of a path variable from.
type leadValue struct {
	body    string // JSON pointer into the answer's body, "" where it comes from elsewhere
	place   int    // among the values of the answered operation's path, -1 where it comes from elsewhere
	literal string
}

// leadsOf are the links of a response whose path values are known once its body is.
func leadsOf(op *openapi.Operation, r *openapi.Response) (leads []lead) {
	if r == nil {
		return nil
	}
	for _, link := range op.Links() {
		if link.Code != r.Code || link.Operation == nil {
			continue
		}
		if from, ok := leadValues(op, link); ok {
			leads = append(leads, lead{link.Operation, from})
		}
	}
	return leads
}

func leadValues(op *openapi.Operation, link openapi.Link) (from []leadValue, ok bool) {
	for _, v := range variables(link.Operation.Route) {
		value, known := leadValueOf(op, v.name, link.Parameters)
		if !known {
			return nil, false
		}
		ok = ok || value.body != ""
		from = append(from, value)
	}
	return from, ok
}

// leadValueOf reads a runtime expression. A variable that a link tells nothing of is that of the same name in the path that was asked for.
func leadValueOf(op *openapi.Operation, name string, parameters map[string]string) (leadValue, bool) {
	expression, told := parameters[name]
	if !told {
		expression = "$request.path." + name
	}
	expression = strings.TrimSuffix(strings.TrimPrefix(expression, "{"), "}")
	value := leadValue{place: -1, literal: expression}
	if pointer, ok := strings.CutPrefix(expression, "$response.body#"); ok {
		value.body = pointer
		return value, strings.HasPrefix(pointer, "/")
	}
	if asked, ok := strings.CutPrefix(expression, "$request.path."); ok {
		for i, v := range variables(op.Route) {
			if v.name == asked {
				value.place = i
			}
		}
		return value, value.place >= 0
	}
	return value, !strings.HasPrefix(expression, "$")
}

// links are those of an item: what the answers of its operations say of it, wherever in them it stands. They are read when the first item is
// made; operations without links are not compiled for it.
func (r *resource) links() []lead {
	r.linked.Do(func() {
		for _, op := range append([]*openapi.Operation{r.list, r.create}, r.members...) {
			if op == nil || len(op.Links()) == 0 {
				continue
			}
			if p := r.server.prepare(op); p != nil {
				r.leads = append(r.leads, r.ofItem(p)...)
			}
		}
	})
	return r.leads
}

// ofItem are the links of an answer that say something of the item, with pointers into the item.
func (r *resource) ofItem(p *prepared) (leads []lead) {
	for _, l := range p.leads {
		own := lead{target: l.target}
		for _, value := range l.from {
			if value.body != "" {
				value.body = r.inItem(p, value.body)
				if value.body == "" {
					break
				}
				if value.body == "/"+source.Escape(r.shape.idMember) { // it tells which item this is
					value = leadValue{place: len(variables(r.path))}
				}
			}
			own.from = append(own.from, value)
		}
		if len(own.from) == len(l.from) {
			leads = append(leads, own)
		}
	}
	return leads
}

// inItem is a pointer into an answer's body as one into the item that it shows, "" where it points to something else.
func (r *resource) inItem(p *prepared, pointer string) string {
	if p.operation == r.list {
		rest, ok := strings.CutPrefix(pointer, r.shape.items+"/")
		_, rest, in := strings.Cut(rest, "/") // behind the item's index
		if !ok || !in {
			return ""
		}
		return "/" + rest
	}
	around, _, _ := r.within(p.newest())
	rest, ok := strings.CutPrefix(pointer, around)
	if !ok || !strings.HasPrefix(rest, "/") {
		return ""
	}
	return rest
}

// leadOn makes the links of an item lead to items that exist.
func (c *collection) leadOn(object map[string]any, id string, seed uint64) {
	leads := c.resource.links()
	if len(leads) == 0 {
		return
	}
	values := append(slices.Clone(c.parents), openapi.PathValue{Name: c.resource.idParam, Value: id})
	c.resource.server.world.leadOn(leads, c.resource.shape.base, object, values, seed)
}

// leadOn changes what links take from a body, so that they lead to items that lists show. What leads there already, and what the schema does
// not take another value for, stays as it was. values are those of the path that was asked for. No items are made for it, only IDs.
func (w *world) leadOn(leads []lead, s *schema.Schema, body any, values []openapi.PathValue, seed uint64) {
	for _, l := range leads {
		p := w.server.prepare(l.target)
		if p == nil || len(p.variables) != len(l.from) {
			continue
		}
		var parents []openapi.PathValue
		for i, v := range p.variables {
			value := l.from[i].read(body, values)
			if r := w.resources[v.collection]; r != nil && r.addressable() && r.list != nil && value != "" {
				value = l.from[i].to(w.collection(r, parents), p.compiled.Parameter("path", v.name), s, body, values, seed)
			}
			if value == "" {
				break
			}
			parents = append(parents, openapi.PathValue{Name: v.name, Value: value})
		}
	}
}

// read is the value that a link has, "" where it has none.
func (f leadValue) read(body any, values []openapi.PathValue) string {
	switch {
	case f.body != "":
		v, _ := source.Get(body, f.body)
		return text(v)
	case f.place < 0:
		return f.literal
	case f.place < len(values):
		return values[f.place].Value
	}
	return ""
}

// to is the ID of an item of a collection that a link leads to from now on, "" where it leads to none. What was deleted counts as there: an
// answer is the same whether it was made before that or after it.
func (f leadValue) to(c *collection, param *openapi.Parameter, s *schema.Schema, body any, values []openapi.PathValue, seed uint64) string {
	value := f.read(body, values)
	if f.echoes(value, values) || c.lookup(value) != unknown {
		return value
	}
	if f.body == "" {
		return ""
	}
	return c.pick(hashed(seed, "link", f.body), func(id string) bool {
		return (param == nil || accepts(param.Schema, id)) && point(s, body, f.body, id)
	})
}

// echoes tells whether a member says what the path says.
func (f leadValue) echoes(value string, values []openapi.PathValue) bool {
	return f.body != "" && slices.ContainsFunc(values, func(v openapi.PathValue) bool { return v.Value == value && plain(v.Name) == plain(f.body[1:]) })
}

// picked is how many of a collection's items links lead to: the first ones, which its first page shows.
const picked = 10

// pick is the ID of an item that fits, one of the first; "" where none does.
func (c *collection) pick(seed uint64, fits func(id string) bool) string {
	c.mu.Lock()
	c.fill()
	ids := c.ids
	if len(ids) == 0 {
		for _, r := range c.created {
			ids = append(ids, r.id)
		}
	}
	c.mu.Unlock()
	n := uint64(min(len(ids), picked))
	for i := range n {
		if id := ids[(seed%n+i)%n]; id != "" && fits(id) {
			return id
		}
	}
	return ""
}

// point writes an ID into a body where that is still valid then.
func point(s *schema.Schema, body any, pointer, id string) bool {
	old, _ := source.Get(body, pointer)
	ways := []any{id}
	if _, number := old.(json.Number); number && isNumber(id) {
		ways = []any{json.Number(id), id}
	}
	for _, way := range ways {
		if source.Put(body, pointer, way); s.Valid(body, schema.Response) {
			return true
		}
	}
	source.Put(body, pointer, old)
	return false
}
