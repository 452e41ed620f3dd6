package sample

import (
	"encoding/json"

	"troth/openapi/schema"
)

// exclude changes an object that fits several alternatives of a oneOf until it fits one: by leaving out an optional member,
// else by a member that only a sibling constrains, with a value that the sibling refuses. Documents have such alternatives
// (one whose members are a part of the other's), and no natural value satisfies them.
func (m *maker) exclude(f *facts, v any) bool {
	object, ok := v.(map[string]any)
	if !ok {
		return false
	}
	for _, s := range f.parts {
		if len(s.OneOf) < 2 || s.Valid(v, m.dir) {
			continue
		}
		if !m.without(f, s, object) && !m.spoil(f, s, object) {
			return false
		}
	}
	return f.accepts(v, m.dir)
}

// without leaves out one member.
func (m *maker) without(f *facts, s *schema.Schema, object map[string]any) bool {
	for _, name := range sortedNames(object) {
		old := object[name]
		if delete(object, name); s.Valid(object, m.dir) && f.accepts(object, m.dir) {
			return true
		}
		object[name] = old
	}
	return false
}

// spoil gives a member that an alternative declares a value that the alternative refuses.
func (m *maker) spoil(f *facts, s *schema.Schema, object map[string]any) bool {
	for part := range s.Parts(true) {
		for i := range part.Properties {
			name := part.Properties[i].Name
			old, had := object[name]
			for _, v := range []any{"none", json.Number("0"), false, []any{}, map[string]any{}, nil} {
				object[name] = v
				if s.Valid(object, m.dir) && f.accepts(object, m.dir) {
					return true
				}
			}
			if delete(object, name); had {
				object[name] = old
			}
		}
	}
	return false
}
