package mock

import (
	"fmt"
	"net/http"
	"slices"

	"troth/openapi/schema"
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
		given, ok := valuesAt(value, key)
		if !ok || !c.has(id, key, given) {
			continue
		}
		return &Fault{
			Status: http.StatusConflict, Situation: "conflict", Parameters: []any{given[0]},
			Detail: fmt.Sprintf("%s %v exists already", key[0], given[0]),
		}
	}
	return nil
}

// has tells whether another item has the values: a client's, or one seeded item alone, since what several were seeded with is not kept apart.
func (c *collection) has(id string, key []string, given []any) bool {
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
		if !ok || !slices.EqualFunc(has, given, schema.Equal) {
			continue
		}
		if i < written {
			return true
		}
		seeded++
	}
	return seeded == 1
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
