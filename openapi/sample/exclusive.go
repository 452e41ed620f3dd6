package sample

import (
	"encoding/json"
	"slices"

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
		if !m.without(f, s, object) && !m.spoil(f, s, object) && !m.narrow(f, s, object) {
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
	fit := slices.DeleteFunc(slices.Clone(s.OneOf), func(a *schema.Schema) bool { return !a.Valid(object, m.dir) })
	for part := range s.Parts(true) {
		for i := range part.Properties {
			name := part.Properties[i].Name
			old, had := object[name]
			for _, v := range []any{"none", json.Number("0"), false, []any{}, map[string]any{}, nil} {
				if object[name] = v; m.hopeless(f, fit, name, v) {
					continue
				}
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

// hopeless tells that a member's value leads nowhere: a part refuses it, or two alternatives that accept the object go on to do so. Most values
// fall here, and judging the one member costs a hundredth of judging the object.
func (m *maker) hopeless(f *facts, fit []*schema.Schema, name string, v any) bool {
	for _, part := range f.parts {
		if p := part.Property(name); p != nil && p.Schema.Travels(m.dir) && !p.Schema.Valid(v, m.dir) {
			return true
		}
	}
	n := 0
	for _, a := range fit {
		if member, ok := a.Apart(name, m.dir); ok && (member == nil || member.Valid(v, m.dir)) {
			n++
		}
	}
	return n > 1
}

// part is an object within a value, and the schemas that alternatives have for it.
type part struct {
	object  map[string]any
	schemas []*schema.Schema
}

// narrowedDepth is how deep in a value members are spoiled.
const narrowedDepth = 3

// narrow spoils members, of inner objects too and one after another, as long as each leaves fewer alternatives.
func (m *maker) narrow(f *facts, s *schema.Schema, object map[string]any) bool {
	fit := m.fitting(s, object)
	for fit > 1 {
		less := m.lessen(s, object, fit)
		if less == fit {
			return false
		}
		fit = less
	}
	return fit == 1 && f.accepts(object, m.dir)
}

// fitting is how many alternatives of a oneOf accept a value.
func (m *maker) fitting(s *schema.Schema, v any) (n int) {
	for _, alternative := range s.OneOf {
		if alternative.Valid(v, m.dir) {
			n++
		}
	}
	return n
}

// lessen spoils one member so that fewer alternatives fit, but one; it returns how many do.
func (m *maker) lessen(s *schema.Schema, object map[string]any, fit int) int {
	for _, p := range parts(part{object, s.OneOf}, narrowedDepth) {
		for _, name := range declaredIn(p.schemas) {
			old, had := p.object[name]
			for _, v := range []any{"none", json.Number("0"), false, []any{}, map[string]any{}, nil} {
				p.object[name] = v
				if less := m.fitting(s, object); less > 0 && less < fit {
					return less
				}
			}
			if delete(p.object, name); had {
				p.object[name] = old
			}
		}
	}
	return fit
}

// declaredIn are the members that some of the schemas declare, sorted.
func declaredIn(schemas []*schema.Schema) []string {
	names := map[string]any{}
	for _, s := range schemas {
		for part := range s.Parts(true) {
			for i := range part.Properties {
				names[part.Properties[i].Name] = true
			}
		}
	}
	return sortedNames(names)
}

// parts lists a part and the objects within it, also the first of each array.
func parts(p part, depth int) []part {
	list := []part{p}
	if depth == 0 {
		return list
	}
	for _, name := range sortedNames(p.object) {
		inner := part{}
		for _, s := range p.schemas {
			if member := s.Find(name); member != nil {
				inner.schemas = append(inner.schemas, member)
			}
		}
		v := p.object[name]
		if items, ok := v.([]any); ok && len(items) > 0 {
			v, inner.schemas = items[0], itemSchemas(inner.schemas)
		}
		if object, ok := v.(map[string]any); ok && len(inner.schemas) > 0 {
			inner.object = object
			list = append(list, parts(inner, depth-1)...)
		}
	}
	return list
}

func itemSchemas(schemas []*schema.Schema) (items []*schema.Schema) {
	for _, s := range schemas {
		for part := range s.Parts(true) {
			if part.Items != nil {
				items = append(items, part.Items)
			}
		}
	}
	return items
}
