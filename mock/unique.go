package mock

import (
	"fmt"
	"maps"
	"net/http"
	"slices"

	"troth/openapi"
	"troth/openapi/convention"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// uniqueWithin is how many seeded items a value is looked for in; in longer lists it is looked for among those that clients wrote.
const uniqueWithin = 1000

// taken refuses what another item has, where the document says that there is one of it only (convention.UniqueBy). The collection is written to.
func (c *collection) taken(call *Call, id string, value any) error {
	r := call.Operation.Response(http.StatusConflict)
	create := c.resource.server.prepare(c.resource.create)
	if create == nil || r == nil || r.Code != "409" || c.resource.server.tweaks.again {
		return nil
	}
	for _, key := range c.resource.server.conv.UniqueBy(create.compiled) {
		given, ok := valuesAt(value, key.Members)
		if !ok || !c.has(id, key.Members, given, beside(create.compiled, call, key, value)) {
			continue
		}
		return &Fault{
			Status: http.StatusConflict, Situation: "conflict", Parameters: []any{given[0]},
			Detail: fmt.Sprintf("%s %v exists already", key.Members[0], given[0]),
		}
	}
	return nil
}

// beside are other members that another item has to have, too, where values are unique within something else than the list: those that are sent to create
// it, and behind a change those that may be.
func beside(create *openapi.Compiled, call *Call, key convention.Unique, value any) map[string]any {
	object, _ := call.Body.(map[string]any)
	switch {
	case !key.Within:
		return nil
	case call.Operation == create:
		return object
	}
	object, _ = source.Clone(value).(map[string]any)
	maps.DeleteFunc(object, func(name string, _ any) bool {
		return !slices.ContainsFunc(create.Body.Content, func(content *openapi.Content) bool { return content.Schema.Find(name) != nil })
	})
	return object
}

// has tells whether another item has the values, and other members as they were sent: a client's, or one seeded item alone, since what several were seeded with is not kept apart.
func (c *collection) has(id string, key []string, given []any, beside map[string]any) bool {
	c.mu.Lock()
	others := slices.Clone(c.created)
	if c.size() <= uniqueWithin {
		others = slices.Clone(c.alive())
	}
	written := len(c.created)
	c.mu.Unlock()
	seeded := 0
	for i, other := range others {
		if other.id == id {
			continue
		}
		if _, _, err := c.as(other, c.resource.shape.base); err != nil {
			continue
		}
		has, ok := valuesAt(other.value, key)
		if !ok || !slices.EqualFunc(has, given, schema.Equal) || !agrees(other.value, beside) {
			continue
		}
		if i < written {
			return true
		}
		seeded++
	}
	return seeded == 1
}

// agrees tells whether an item has all members as they were sent, but for those that it does not show.
func agrees(item any, sent map[string]any) bool {
	object, _ := item.(map[string]any)
	for name, v := range sent {
		if has, shown := object[name]; shown && !schema.Equal(has, v) {
			return false
		}
	}
	return true
}

// valuesAt are the values of all members of a key: ok is false where an item lacks one.
func valuesAt(item any, key []string) (values []any, ok bool) {
	object, _ := item.(map[string]any)
	for _, name := range key {
		v := object[name]
		if v == nil {
			return nil, false
		}
		values = append(values, v)
	}
	return values, len(values) > 0
}
