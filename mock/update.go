package mock

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"

	jsonpatch "github.com/evanphx/json-patch/v5"

	"troth/openapi"
	"troth/openapi/refusal"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// answerUpdate changes an item: PUT replaces what a client may set, PATCH merges (RFC 7396) or applies a JSON Patch (RFC 6902),
// by the request's content type.
func (c *collection) answerUpdate(call *Call) (*Reply, error) {
	c, done := c.write()
	defer done()
	r := c.named(asked(call))
	if _, err := c.precondition(call, r); err != nil {
		return nil, err
	}
	if _, _, err := c.as(r, c.resource.shape.base); err != nil {
		return nil, err
	}
	object, ok := source.Clone(r.value).(map[string]any)
	if !ok {
		return c.reply(call, r)
	}
	object, err := c.updated(call, object)
	if err != nil {
		return nil, err
	}
	updated, fresh := &record{id: r.id, value: object}, c.get(r.id) == nil
	if !c.resource.server.tweaks.unchanged {
		c.set(updated)
		c.noted(call, updated)
	}
	if fresh {
		created(call)
	}
	return c.reply(call, updated)
}

// created turns the answer to a PUT of a new item into the declared 201 (RFC 9110 §9.3.4), where there is one.
func created(call *Call) {
	r := call.Operation.Response(http.StatusCreated)
	if r == nil || r.Code != "201" {
		return
	}
	call.Response, call.Status = r, http.StatusCreated
	for _, content := range r.Content {
		if call.Content == nil || content.Type.String() == call.Content.Type.String() {
			call.Content = content
			return
		}
	}
	if len(r.Content) == 0 {
		call.Content = nil
	}
}

// updated is an item as the request changes it. What the item's own schema refuses is left as it was.
func (c *collection) updated(call *Call, object map[string]any) (map[string]any, error) {
	sent, _ := openapi.ParseMediaType(call.Request.Header.Get("Content-Type"))
	_, isPatch := call.Body.([]any) // documents describe an object and call it a JSON Patch
	if call.Operation.Method == http.MethodPatch && sent.Subtype == "json-patch+json" && isPatch {
		return c.patched(call, object)
	}
	if call.Operation.Method == http.MethodPatch {
		c.merge(call, object)
	} else {
		c.replaced(call, object)
	}
	return object, nil
}

// replaced gives an item the members that PUT sends, and takes away those that it could have sent and did not.
func (c *collection) replaced(call *Call, object map[string]any) {
	base := c.resource.shape.base
	given := c.writable(call)
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if _, sent := given[name]; sent || c.resource.server.tweaks.leftOutStays || !c.settable(call, name) || !c.sendable(call, name) || name == c.resource.shape.idMember {
			continue
		}
		old := object[name]
		if delete(object, name); !base.Valid(object, schema.Response) {
			object[name] = old
		}
	}
	delete(given, c.resource.shape.idMember)
	replaceAll(base, object, given)
}

// sendable tells whether the request body's schema declares a member.
func (c *collection) sendable(call *Call, name string) bool {
	if call.Operation.Body == nil {
		return false
	}
	return slices.ContainsFunc(call.Operation.Body.Content, func(content *openapi.Content) bool {
		return content.Schema != nil && content.Schema.Find(name) != nil
	})
}

// merge is a merge patch of an item's settable members: null removes one.
func (c *collection) merge(call *Call, object map[string]any) {
	base := c.resource.shape.base
	patch, _ := call.Body.(map[string]any)
	set := map[string]any{}
	for name, v := range patch {
		if v != nil && c.settable(call, name) && name != c.resource.shape.idMember {
			set[name] = merged(object[name], v)
		}
	}
	replaceAll(base, object, set)
	for _, name := range slices.Sorted(maps.Keys(patch)) {
		if patch[name] != nil || c.resource.server.tweaks.nullStays || !c.settable(call, name) || name == c.resource.shape.idMember {
			continue
		}
		old, had := object[name]
		if delete(object, name); had && !base.Valid(object, schema.Response) {
			object[name] = old
			replace(base, object, name, nil)
		}
	}
}

// merged is the new value of a member, RFC 7396 §2.
func merged(old, sent any) any {
	patch, ok := sent.(map[string]any)
	if !ok {
		return sent
	}
	target, isObject := source.Clone(old).(map[string]any)
	if !isObject {
		target = map[string]any{}
	}
	for name, v := range patch {
		if v == nil {
			delete(target, name)
		} else {
			target[name] = merged(target[name], v)
		}
	}
	return target
}

// patched applies a JSON Patch. What it does to members that clients may not set is undone; a patch that cannot be applied, or whose
// result the item's schema refuses, changes nothing.
func (c *collection) patched(call *Call, object map[string]any) (map[string]any, error) {
	patch, err := jsonpatch.DecodePatch(appendJSON(nil, call.Body))
	if err != nil {
		return nil, unpatchable(call, refusal.BadRequest(call.Operation), err)
	}
	text, err := patch.Apply(appendJSON(nil, object))
	if err != nil {
		status := refusal.BadRequest(call.Operation)
		if errors.Is(err, jsonpatch.ErrTestFailed) { // RFC 5789 §2.2: a conflicting state
			status = conflict(call)
		}
		return nil, unpatchable(call, status, err)
	}
	value, err := source.DecodeJSON(text)
	result, ok := value.(map[string]any)
	if err != nil || !ok {
		return nil, unpatchable(call, refusal.BadRequest(call.Operation), errors.New("the result is no object"))
	}
	for _, names := range []map[string]any{object, result} {
		for name := range names {
			if !c.settable(call, name) || name == c.resource.shape.idMember {
				restore(result, object, name)
			}
		}
	}
	if broken := c.resource.shape.base.Validate(result, schema.Response); len(broken) > 0 {
		return nil, refusal.Invalid(call.Operation, bodyViolations(broken))
	}
	return result, nil
}

func restore(to, from map[string]any, name string) {
	if v, ok := from[name]; ok {
		to[name] = v
	} else {
		delete(to, name)
	}
}

func unpatchable(call *Call, status int, err error) error {
	return &Fault{Status: status, Situation: "invalid-body", Detail: fmt.Sprintf("the JSON Patch cannot be applied: %v", err)}
}
