package mock

import (
	"maps"
	"net/http"
	"slices"

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
	object, err := c.updated(c.unwrapped(call), object)
	if err != nil {
		return nil, err
	}
	if err := c.taken(call, r.id, object); err != nil {
		return nil, err
	}
	if edited := c.resource.server.tweaks.edited; edited != nil {
		edited(c, call, object)
	}
	updated, fresh := &record{id: r.id, value: object}, c.get(r.id) == nil
	if t := &c.resource.server.tweaks; !t.unchanged && !(t.dropBeside && call.overlapped) {
		c.set(updated)
		c.noted(call, updated)
		if written := c.resource.server.tweaks.written; written != nil {
			written(c, call, r, updated)
		}
	}
	if fresh {
		created(call)
	}
	if !c.resource.server.tellsOf(call, c.resource) {
		return nil, nil
	}
	if c.resource.server.tweaks.answersOld {
		updated = r
	}
	return c.reply(call, updated)
}

// tellsOf tells whether the answer to a change says something of the item: it has a member that the item has, too.
func (s *Server) tellsOf(call *Call, r *resource) bool {
	if call.Content == nil || s.shows(call, r) {
		return true
	}
	for part := range call.Content.Schema.Parts(true) {
		if slices.ContainsFunc(part.Properties, func(p schema.Property) bool { return r.shape.base.Find(p.Name) != nil }) {
			return true
		}
	}
	return false
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

// updated is an item as the request changes it. What the item's own schema refuses is left as it was where the request's schema declares it, since
// then the document promises that it may be sent; what only the item's schema speaks of is refused.
func (c *collection) updated(call *Call, object map[string]any) (map[string]any, error) {
	sent, _ := openapi.ParseMediaType(call.Request.Header.Get("Content-Type"))
	_, isPatch := call.Body.([]any) // documents describe an object and call it a JSON Patch
	if call.Operation.Method == http.MethodPatch && sent.Subtype == "json-patch+json" && isPatch {
		return c.patched(call, object)
	}
	if call.Operation.Method == http.MethodPatch {
		return object, c.merge(call, object)
	}
	return object, c.replaced(call, object)
}

// put sets members of an item together, else one by one.
func (c *collection) put(call *Call, object, given map[string]any) error {
	base := c.resource.shape.base
	whole := maps.Clone(object)
	maps.Copy(whole, given)
	replaceAll(base, object, given)
	for name, v := range given {
		if !schema.Equal(object[name], v) && !c.sendable(call, name) {
			return c.refused(call, whole)
		}
	}
	return nil
}

// refused is the refusal of what would become of an item, nil where that is valid.
func (c *collection) refused(call *Call, object map[string]any) error {
	if broken := c.resource.shape.base.Validate(object, schema.Response); len(broken) > 0 {
		return refusal.Invalid(call.Operation, bodyViolations(broken))
	}
	return nil
}

// replaced gives an item the members that PUT sends, and takes away those that it could have sent and did not.
func (c *collection) replaced(call *Call, object map[string]any) error {
	base := c.resource.shape.base
	given := c.writable(call)
	for name, v := range given {
		if member := base.Find(name); v == nil && member != nil && !member.Valid(nil, schema.Response) {
			delete(given, name) // requests may say by null what an item says by leaving it out
		}
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if _, sent := given[name]; sent || c.resource.server.tweaks.leftOutStays || !c.settable(call, name) || !c.sendable(call, name) || name == c.resource.shape.idMember {
			continue
		}
		if usual, ok := defaultOf(call, name); !takeAway(base, object, name) && ok {
			replace(base, object, name, usual)
		}
	}
	delete(given, c.resource.shape.idMember)
	for name, v := range given {
		if member := base.Find(name); v == nil && member != nil && !member.Valid(nil, schema.Response) {
			takeAway(base, object, name)
			delete(given, name)
			continue
		}
		if c.resource.server.tweaks.innerStays || c.resource.server.tweaks.kindStays && isChoice(base.Find(name)) {
			given[name] = merged(nil, object[name], v)
		}
	}
	return c.put(call, object, given)
}

func isChoice(s *schema.Schema) bool { return s != nil && (len(s.OneOf) > 1 || len(s.AnyOf) > 1) }

// sendable tells whether the request body's schema declares a member.
func (c *collection) sendable(call *Call, name string) bool {
	return slices.ContainsFunc(call.bodies(), func(content *openapi.Content) bool {
		return content.Schema != nil && content.Schema.Find(name) != nil
	})
}

// takeAway takes a member away where the object still fits its schema.
func takeAway(s *schema.Schema, object map[string]any, name string) bool {
	old, had := object[name]
	if delete(object, name); had && !s.Valid(object, schema.Response) {
		object[name] = old
		return false
	}
	return true
}

// defaultOf is what the request body's schema says a member is where it is left out.
func defaultOf(call *Call, name string) (v any, ok bool) {
	for _, content := range call.bodies() {
		if member := content.Schema.Find(name); member != nil && member.HasDefault {
			return member.Default, true
		}
	}
	return nil, false
}

// merge is a merge patch of an item's settable members: null removes one.
func (c *collection) merge(call *Call, object map[string]any) error {
	base := c.resource.shape.base
	patch, _ := call.Body.(map[string]any)
	set := map[string]any{}
	for name, v := range patch {
		if v != nil && c.settable(call, name) && name != c.resource.shape.idMember {
			set[name] = c.mergedMember(object, name, v)
		}
	}
	if err := c.put(call, object, set); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(patch)) {
		if patch[name] != nil || c.resource.server.tweaks.nullStays || !c.settable(call, name) || name == c.resource.shape.idMember {
			continue
		}
		old, had := object[name]
		if delete(object, name); had && !base.Valid(object, schema.Response) {
			err := c.refused(call, object)
			object[name] = old
			if replace(base, object, name, nil); object[name] != nil && !c.sendable(call, name) {
				return err
			}
		}
	}
	return nil
}

// mergedMember is the new value of a member of an item.
func (c *collection) mergedMember(object map[string]any, name string, sent any) any {
	if member := c.resource.shape.base.Find(name); c.resource.server.tweaks.mapReplaced && member != nil && len(member.Properties) == 0 {
		return merged(nil, nil, sent)
	}
	return merged(c.resource.shape.base.Find(name), object[name], sent)
}

// merged is the new value of a member, RFC 7396 §2. What is of another kind than before, so that nothing is both (oneOf), takes the place of the old:
// s is the member's schema, nil where that does not matter.
func merged(s *schema.Schema, old, sent any) any {
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
			target[name] = merged(s.Find(name), target[name], v)
		}
	}
	if s != nil && !s.Valid(target, schema.Response) && s.Valid(patch, schema.Response) {
		return patch
	}
	return target
}
