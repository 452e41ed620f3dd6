package mock

import (
	"troth/openapi"
	"troth/openapi/convention"
	"troth/openapi/sample"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// within is where an item stands in a body that is something around it ({"data": {…}}, {"results": [{…}]}): the pointer of the member that
// has the item's ID and the schema of what stands there. ok is false where the body is the item, or shows none.
func (r *resource) within(body *schema.Schema) (pointer string, item *schema.Schema, ok bool) {
	if r.shape.idMember == "" || body == nil || body == r.shape.base || r.names(body) {
		return "", nil, false
	}
	object, of := "", (*schema.Schema)(nil)
	for part := range body.Parts(true) {
		for _, p := range part.Properties {
			at := "/" + source.Escape(p.Name)
			if r.names(p.Schema) && (p.Schema.Types == schema.AnyType || p.Schema.Types&schema.TypeObject != 0) {
				if r.calls(p.Name) {
					return at, p.Schema, true // of several objects with IDs the one that is called so
				}
				if object == "" {
					object, of = at, p.Schema
				}
				continue
			}
			own := r.shape.base.Find(p.Name) // a list that the item has itself holds its parts
			if listed := convention.ItemSchema(p.Schema, ""); own == nil && listed != nil && r.names(listed) && pointer == "" {
				pointer, item, ok = at+"/0", listed, true
			}
		}
	}
	if object != "" {
		return object, of, true
	}
	return pointer, item, ok
}

// calls tells whether a member is called as the items are.
func (r *resource) calls(member string) bool { return convention.CalledAs(member, r.idParam) }

// names tells whether a schema has the item's ID, by the name that the item has it by or by that of the path's variable: the list may show as "id"
// what the item's own answer calls "applicationId".
func (r *resource) names(s *schema.Schema) bool {
	return s.Find(r.shape.idMember) != nil || r.idParam != "" && find(s, plain(r.idParam)) != ""
}

// holds tells whether a body of a schema has a place for the item that tells more of it than the body itself does: one that may be empty
// is valid without it.
func (c *collection) holds(body *schema.Schema, shown map[string]any, item any) bool {
	object, _ := item.(map[string]any)
	_, inner, ok := c.resource.within(body)
	if !ok || shown == nil {
		return false
	}
	told := 0
	for name := range object {
		told += b2n(inner.Find(name) != nil)
	}
	return told > len(shown)
}

// wrapped shows an item in a body around it; nil where that cannot be.
func (c *collection) wrapped(r *record, s *schema.Schema, seed uint64) any {
	pointer, item, ok := c.resource.within(s)
	if !ok {
		return nil
	}
	body, err := sample.Value(s, seed, sample.Members(c.echoed()))
	if err != nil {
		return nil
	}
	shown, err := c.show(r, item, seed)
	if err != nil {
		return nil
	}
	if at, listed := cutFirst(pointer); listed {
		source.Put(body, at, []any{shown})
	} else {
		source.Put(body, pointer, shown)
	}
	if !s.Valid(body, schema.Response) {
		return nil
	}
	if object, ok := body.(map[string]any); ok {
		c.resource.server.cohere(s, object, c.itemPath(r.id))
	}
	return body
}

// cutFirst cuts the index of an array's first element off a pointer.
func cutFirst(pointer string) (array string, ok bool) {
	const first = "/0"
	if len(pointer) < len(first) || pointer[len(pointer)-len(first):] != first {
		return pointer, false
	}
	return pointer[:len(pointer)-len(first)], true
}

// unwrapped is a call whose body holds the item in a member of its own, as answers do ({"data": {…}}), as if it was the body; else the call itself.
func (c *collection) unwrapped(call *Call) *Call {
	sent, _ := call.Body.(map[string]any)
	if len(sent) != 1 || call.sent == nil || call.sent.Schema == nil {
		return call
	}
	for name, v := range sent {
		member := call.sent.Schema.Find(name)
		if member == nil || !isObject(v) || c.resource.shape.base.Find(name) != nil || !c.wrapsIn(name) {
			return call
		}
		content, inner := *call.sent, *call
		content.Schema = member
		inner.Body, inner.sent = v, &content
		return &inner
	}
	return call
}

// wrapsIn tells whether an operation of the resource answers with the item in a member of this name.
func (c *collection) wrapsIn(name string) bool {
	for _, op := range []*openapi.Operation{c.resource.read, c.resource.create} {
		p := c.resource.server.prepare(op)
		if p == nil || p.newest() == nil {
			continue
		}
		if pointer, _, ok := c.resource.within(p.newest()); ok && pointer == "/"+source.Escape(name) {
			return true
		}
	}
	return false
}
