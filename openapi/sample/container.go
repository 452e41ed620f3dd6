package sample

import (
	"maps"
	"slices"

	"troth/openapi/schema"
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
	for _, name := range m.names(f, depth) {
		if err := m.property(f, object, name, seed, depth); err != nil {
			return nil, err
		}
	}
	return object, m.fill(f, object, seed, depth)
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
	if v, ok := m.members[name]; ok && all(parts, v, m.dir) {
		object[name] = v
		return nil
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
	for i := 0; len(object) < least && i < least+20; i++ {
		name, ok := m.key(f, Hash(seed, "key", itoa(i)))
		if _, taken := object[name]; taken || !ok {
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

// key makes a member name: an optional declared one, one that a pattern asks for, else a word that propertyNames accepts.
func (m *maker) key(f *facts, seed uint64) (string, bool) {
	d := &dice{seed}
	for _, s := range f.parts {
		if n := len(s.Properties); n > 0 {
			if p := s.Properties[d.n(n)]; p.Schema.Travels(m.dir) {
				return p.Name, true
			}
		}
		for _, p := range s.PatternProperties {
			if text, ok := matching(p.Pattern, d, 0, 30); ok {
				return text, true
			}
		}
	}
	for _, s := range f.parts {
		if s.PropertyNames != nil {
			v, err := m.value([]*schema.Schema{s.PropertyNames}, seed, "", hardDepth-1)
			name, ok := v.(string)
			return name, ok && err == nil
		}
	}
	return m.faker(d).Noun(), true
}

// array makes as many items as the facts ask for, one or two where they leave it open.
func (m *maker) array(f *facts, seed uint64, name string, depth int) (any, error) {
	least := max(f.least(func(s *schema.Schema) int { return s.MinItems }), 0)
	most := f.most(func(s *schema.Schema) int { return s.MaxItems })
	n := least
	if !m.minimal && m.depth < m.soft {
		n = max(least, 1+int(Hash(seed, "items")%2))
	}
	if most >= 0 {
		n = min(n, most)
	}
	items := []any{}
	for _, part := range m.contained(f) {
		v, err := m.value([]*schema.Schema{part}, Hash(seed, "contains", itoa(len(items))), singular(name), depth+1)
		if err != nil {
			return nil, err
		}
		items = append(items, v)
	}
	for i, misses := len(items), 0; len(items) < n && misses < 20; i++ {
		v, err := m.item(f, len(items), Hash(seed, itoa(i)), name, depth)
		if err != nil {
			if len(items) >= least && err != errBudget {
				return items, nil
			}
			return nil, err
		}
		if unique(f) && contains(items, v) {
			misses++
			continue
		}
		items = append(items, v)
	}
	return items, nil
}

// contained lists "contains" as often as it is asked for.
func (m *maker) contained(f *facts) (list []*schema.Schema) {
	for _, s := range f.parts {
		if s.Contains == nil {
			continue
		}
		for range max(s.MinContains, 0) + b2i(s.MinContains < 0) {
			list = append(list, s.Contains)
		}
	}
	return list
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (m *maker) item(f *facts, i int, seed uint64, name string, depth int) (any, error) {
	var parts []*schema.Schema
	for _, s := range f.parts {
		switch {
		case i < len(s.PrefixItems):
			parts = append(parts, s.PrefixItems[i])
		case s.Items != nil:
			parts = append(parts, s.Items)
		}
	}
	if len(parts) == 0 {
		return m.word(&dice{seed}, singular(name)), nil
	}
	outer := m.clock
	m.clock = nil // each item has a life of its own
	defer func() { m.clock = outer }()
	return m.value(parts, seed, singular(name), depth+1)
}

func unique(f *facts) bool {
	return slices.ContainsFunc(f.parts, func(s *schema.Schema) bool { return s.UniqueItems })
}

func contains(items []any, v any) bool {
	return slices.ContainsFunc(items, func(item any) bool { return schema.Equal(item, v) })
}

func singular(name string) string {
	if len(name) > 3 && name[len(name)-1] == 's' {
		return name[:len(name)-1]
	}
	return name
}

func sortedNames(object map[string]any) []string { return slices.Sorted(maps.Keys(object)) }
