package sample

import (
	"maps"
	"slices"

	"troth/openapi/schema"
	"troth/openapi/source"
)

// object makes the members that the facts declare or require.
func (m *maker) object(f *facts, seed uint64, depth int) (any, error) {
	if m.clock == nil { // what an object holds happens in the object's own life
		m.clock = m.newSequence(seed)
		defer func() { m.clock = nil }()
	}
	object := map[string]any{}
	for name, v := range f.tags {
		object[name] = v
	}
	for _, name := range m.depending(f, seed, depth) {
		if err := m.property(f, object, name, seed, depth); err != nil {
			return nil, err
		}
	}
	return object, m.fill(f, object, seed, depth)
}

// depending lists the members to make, once the schemas that depend on them are among the facts.
func (m *maker) depending(f *facts, seed uint64, depth int) []string {
	for {
		names, known := m.leaveOut(f, m.names(f, depth), seed), len(f.parts)
		for _, s := range f.parts[:known:known] {
			for _, name := range names {
				m.expand(f, s.DependentSchemas[name], seed, applicatorDepth)
			}
		}
		if len(f.parts) == known {
			return names
		}
	}
}

// leaveOut drops optional members that others depend on by schemas, by chance from the second attempt on: those of two may exclude each other.
func (m *maker) leaveOut(f *facts, names []string, seed uint64) []string {
	if !m.again {
		return names
	}
	required := m.required(f)
	return slices.DeleteFunc(names, func(name string) bool {
		depended := slices.ContainsFunc(f.parts, func(s *schema.Schema) bool { return s.DependentSchemas[name] != nil })
		return depended && !slices.Contains(required, name) && Hash(seed, "left out", name)%2 == 0
	})
}

// names lists the members to make: all declared ones, or the required ones only where the value is to be small.
func (m *maker) names(f *facts, depth int) []string {
	var names []string
	small := m.minimal || m.depth >= m.soft
	required := m.required(f)
	for _, s := range f.parts {
		for i := range s.Properties {
			p := &s.Properties[i]
			if slices.Contains(names, p.Name) || !p.Schema.Travels(m.dir) {
				continue
			}
			if !small || slices.Contains(required, p.Name) {
				names = append(names, p.Name)
			}
		}
	}
	for _, name := range required {
		if !slices.Contains(names, name) && m.travels(f, name) {
			names = append(names, name)
		}
	}
	return names
}

// required lists required members with those that depend on them.
func (m *maker) required(f *facts) []string {
	var names []string
	for _, s := range f.parts {
		for _, name := range s.Required {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	for i := 0; i < len(names); i++ {
		for _, s := range f.parts {
			for _, name := range s.DependentRequired[names[i]] {
				if !slices.Contains(names, name) {
					names = append(names, name)
				}
			}
		}
	}
	return names
}

func (m *maker) travels(f *facts, name string) bool {
	for _, s := range f.parts {
		if p := s.Property(name); p != nil && !p.Schema.Travels(m.dir) {
			return false
		}
	}
	return true
}

// declared lists the schemas that a member must satisfy.
func declared(f *facts, name string) []*schema.Schema {
	var parts []*schema.Schema
	for _, s := range f.parts {
		known := false
		if p := s.Property(name); p != nil {
			parts, known = append(parts, p.Schema), true
		}
		for _, p := range s.PatternProperties {
			if ok, err := p.Pattern.Match(name); ok && err == nil {
				parts, known = append(parts, p.Schema), true
			}
		}
		if !known && s.AdditionalProperties != nil {
			parts = append(parts, s.AdditionalProperties)
		}
	}
	return parts
}

// property makes one member; one that cannot be made is left out where it is optional.
func (m *maker) property(f *facts, object map[string]any, name string, seed uint64, depth int) error {
	if _, made := object[name]; made {
		return nil
	}
	parts := declared(f, name)
	for _, given := range [...]map[string]any{f.like, m.members} {
		if v, ok := given[name]; ok && all(parts, v, m.dir) {
			object[name] = source.Clone(v)
			return nil
		}
	}
	if len(parts) == 0 {
		object[name] = m.word(&dice{Hash(seed, name)}, name)
		return nil
	}
	v, err := m.value(parts, Hash(seed, name), name, depth+1)
	if err != nil {
		if slices.Contains(m.required(f), name) || err == errBudget {
			return err
		}
		return nil
	}
	object[name] = v
	return nil
}

func all(parts []*schema.Schema, v any, dir schema.Direction) bool {
	for _, s := range parts {
		if !s.Valid(v, dir) {
			return false
		}
	}
	return true
}

// fill adds members to a map: an object whose names are not declared, or too few of them.
func (m *maker) fill(f *facts, object map[string]any, seed uint64, depth int) error {
	least := f.least(func(s *schema.Schema) int { return s.MinProperties })
	if len(object) == 0 && !m.minimal && m.depth < m.soft && isMap(f) {
		least = max(least, 1)
	}
	for i, misses := 0, 0; len(object) < least && i < 2*(least+20); i++ {
		from := Hash(seed, "key", itoa(i))
		name, ok := m.key(f, from, misses)
		if i >= least+20 { // the names that the schema has are used up, or lead nowhere
			name, ok = m.free(f, from, &dice{from})
		}
		if _, taken := object[name]; taken || !ok {
			misses++
			continue
		}
		if err := m.property(f, object, name, seed, depth); err != nil {
			return err
		}
	}
	return nil
}

func isMap(f *facts) bool {
	open := false
	for _, s := range f.parts {
		if len(s.Properties) > 0 {
			return false
		}
		open = open || s.AdditionalProperties != nil && (s.AdditionalProperties.Bool == nil || *s.AdditionalProperties.Bool) || len(s.PatternProperties) > 0
	}
	return open
}

// key makes a member name: an optional declared one, one that a pattern asks for, else a word that propertyNames accepts. misses is how many
// names were no use before.
func (m *maker) key(f *facts, seed uint64, misses int) (string, bool) {
	d := &dice{seed}
	for _, s := range f.parts {
		if n := len(s.Properties); n > 0 {
			if p := s.Properties[d.n(n)]; p.Schema.Travels(m.dir) {
				return p.Name, true
			}
		}
		for i := range s.PatternProperties {
			p := s.PatternProperties[(i+misses)%len(s.PatternProperties)].Pattern
			if text, ok := matching(p, d, 0, 30); ok {
				return lengthened(p, text, misses, d), true
			}
		}
	}
	return m.free(f, seed, d)
}

// free makes a member name that propertyNames accepts.
func (m *maker) free(f *facts, seed uint64, d *dice) (string, bool) {
	for _, s := range f.parts {
		if s.PropertyNames != nil {
			v, err := m.value([]*schema.Schema{s.PropertyNames}, seed, "", hardDepth-1)
			name, ok := v.(string)
			return name, ok && err == nil
		}
	}
	return m.faker(d).Noun(), true
}

// lengthened is another name that a pattern finds, where names that it finds were no use before.
func lengthened(p *schema.Pattern, name string, misses int, d *dice) string {
	if misses == 0 {
		return name
	}
	longer := name + itoa(d.n(1000))
	if ok, err := p.Match(longer); ok && err == nil {
		return longer
	}
	return name
}

func sortedNames(object map[string]any) []string { return slices.Sorted(maps.Keys(object)) }
