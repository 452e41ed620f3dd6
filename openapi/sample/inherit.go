package sample

import (
	"slices"

	"troth/openapi/schema"
)

// inherit has the discriminator of a schema without a mapping name the schema that is being made: the outermost one that includes it, by its
// own name.
func (m *maker) inherit(f *facts, s *schema.Schema) {
	property := s.Discriminator.Property
	for _, part := range f.parts {
		if part.Name == "" || !includes(part, s, 8) {
			continue
		}
		if member := part.Find(property); member != nil && member.Valid(part.Name, m.dir) {
			f.set(property, part.Name)
		}
		return
	}
}

// includes tells whether a schema is another or has it among what it applies to every value.
func includes(s, other *schema.Schema, depth int) bool {
	if s == other || s == nil || depth == 0 {
		return s == other
	}
	return includes(s.Ref, other, depth-1) || slices.ContainsFunc(s.AllOf, func(part *schema.Schema) bool { return includes(part, other, depth-1) })
}
