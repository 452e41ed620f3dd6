package sample

import (
	"cmp"
	"slices"

	"troth/openapi/schema"
)

// facts are what several schemas that must all hold for one value say together.
type facts struct {
	parts      []*schema.Schema // all of them, applicators expanded, one branch of each oneOf and anyOf taken
	types      schema.Type      // what all allow; AnyType: no part names a type
	narrowed   bool             // types was set
	impossible bool
	enum       []any // nil: none
	tags       map[string]any
	like       map[string]any // see Like
}

// limit on how deep applicators are followed, against cycles of references.
const applicatorDepth = 24

func (m *maker) collect(parts []*schema.Schema, seed uint64, like map[string]any) *facts {
	f := &facts{like: like}
	for _, s := range parts {
		m.expand(f, s, seed, applicatorDepth)
	}
	return f
}

// expand adds a schema and what it applies to the same value. Which branch of a choice is taken depends on the seed.
func (m *maker) expand(f *facts, s *schema.Schema, seed uint64, depth int) {
	if s == nil || depth == 0 || slices.Contains(f.parts, s) {
		return
	}
	f.parts = append(f.parts, s)
	f.narrow(s)
	m.expand(f, s.Ref, seed, depth-1)
	for _, part := range s.AllOf {
		m.expand(f, part, seed, depth-1)
	}
	for i, choice := range [...][]*schema.Schema{s.OneOf, s.AnyOf} {
		if len(choice) == 0 || slices.ContainsFunc(choice, func(b *schema.Schema) bool { return slices.Contains(f.parts, b) }) {
			continue
		}
		choice = m.likely(f, s.Discriminator, choice)
		branch := choice[m.pick(choice, Hash(seed, "branch", itoa(i), s.Place.Pointer))]
		f.tag(s.Discriminator, branch)
		m.expand(f, branch, seed, depth-1)
	}
	if s.Discriminator != nil && len(s.OneOf)+len(s.AnyOf) == 0 {
		m.discriminate(f, s, seed, depth)
	}
	m.conditional(f, s, seed, depth)
}

// pick chooses a branch: deep down the one that ends soonest, so that recursion ends.
func (m *maker) pick(choice []*schema.Schema, seed uint64) int {
	i := int(seed % uint64(len(choice)))
	if m.depth < m.soft {
		return i
	}
	best := i
	for j := range choice {
		if weight(choice[j], 6) < weight(choice[best], 6) {
			best = j
		}
	}
	return best
}

// weight estimates how much a schema's smallest value holds.
func weight(s *schema.Schema, depth int) int {
	if s == nil {
		return 0
	}
	if depth == 0 {
		return 50
	}
	w := 1 + weight(s.Ref, depth-1)
	for _, part := range s.AllOf {
		w += weight(part, depth-1)
	}
	for _, p := range s.Properties {
		if p.Required {
			w += weight(p.Schema, depth-1)
		}
	}
	if s.MinItems > 0 {
		w += s.MinItems * weight(s.Items, depth-1)
	}
	return w
}

// conditional takes "then" for one half of the seeds and "else" for the other; validation has the last word.
func (m *maker) conditional(f *facts, s *schema.Schema, seed uint64, depth int) {
	if s.If == nil {
		return
	}
	if Hash(seed, "if", s.Place.Pointer)%2 == 0 {
		m.expand(f, s.If, seed, depth-1)
		m.expand(f, s.Then, seed, depth-1)
		return
	}
	m.expand(f, s.Else, seed, depth-1)
}

// tag notes the value of a discriminator that goes with a branch.
func (f *facts) tag(d *schema.Discriminator, branch *schema.Schema) {
	if d == nil {
		return
	}
	names := make([]string, 0, len(d.Mapping))
	for name, target := range d.Mapping {
		if target == branch {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return
	}
	slices.SortFunc(names, func(a, b string) int { // a name that the mapping gives wins over the schema's own
		return cmp.Or(cmp.Compare(b2i(a == branch.Name), b2i(b == branch.Name)), cmp.Compare(a, b))
	})
	f.set(d.Property, names[0])
}

func (f *facts) set(name string, v any) {
	if f.tags == nil {
		f.tags = map[string]any{}
	}
	if _, taken := f.tags[name]; !taken {
		f.tags[name] = v
	}
}

// discriminate takes one of the mapped schemas where the discriminator stands without oneOf (OpenAPI 3.1 §4.8.25), unless
// such a schema is being made already.
func (m *maker) discriminate(f *facts, s *schema.Schema, seed uint64, depth int) {
	d := s.Discriminator
	names := make([]string, 0, len(d.Mapping))
	for name, target := range d.Mapping {
		names = append(names, name)
		if slices.Contains(f.parts, target) {
			f.tag(d, target)
			return
		}
	}
	if len(names) == 0 {
		m.inherit(f, s)
		return
	}
	slices.Sort(names)
	name := names[seed%uint64(len(names))]
	if word, _ := f.like[d.Property].(string); d.Mapping[word] != nil {
		name = word
	}
	f.set(d.Property, name)
	m.expand(f, d.Mapping[name], seed, depth-1)
}

func (f *facts) narrow(s *schema.Schema) {
	if s.Bool != nil && !*s.Bool {
		f.impossible = true
	}
	if s.Types != schema.AnyType {
		types := s.Types
		if types&schema.TypeNumber != 0 {
			types |= schema.TypeInteger
		}
		if !f.narrowed {
			f.types, f.narrowed = types, true
		} else if f.types &= types; f.types == 0 {
			f.impossible = true
		}
	}
	if s.Enum != nil && (f.enum == nil || len(s.Enum) < len(f.enum)) {
		f.enum = s.Enum
	}
}

// accepts tells whether every part accepts a value.
func (f *facts) accepts(v any, dir schema.Direction) bool {
	for _, s := range f.parts {
		if !s.Valid(v, dir) {
			return false
		}
	}
	return true
}

// kindOf is the type that a try makes: where none is named, later tries make what no keyword says anything about.
func (f *facts) kindOf(try int) schema.Type {
	if f.narrowed || try < tries/2 {
		return f.kind()
	}
	return [...]schema.Type{schema.TypeString, schema.TypeNumber, schema.TypeBoolean, schema.TypeNull}[try%4]
}

// kind is the one type to make: the first that is allowed in this order, or what the keywords imply where none is named.
func (f *facts) kind() schema.Type {
	if !f.narrowed {
		return f.implied()
	}
	for _, t := range []schema.Type{schema.TypeObject, schema.TypeArray, schema.TypeString, schema.TypeInteger, schema.TypeNumber, schema.TypeBoolean} {
		if f.types&t != 0 {
			if t == schema.TypeInteger && f.types&schema.TypeNumber != 0 {
				return schema.TypeNumber
			}
			return t
		}
	}
	return schema.TypeNull
}

func (f *facts) implied() schema.Type {
	for _, s := range f.parts {
		switch {
		case len(s.Properties) > 0 || len(s.Required) > 0 || s.AdditionalProperties != nil || s.MinProperties > 0 || len(s.PatternProperties) > 0:
			return schema.TypeObject
		case s.Items != nil || len(s.PrefixItems) > 0 || s.MinItems > 0 || s.Contains != nil:
			return schema.TypeArray
		case s.Minimum != "" || s.Maximum != "" || s.MultipleOf != "" || s.ExclusiveMinimum != "" || s.ExclusiveMaximum != "":
			return schema.TypeNumber
		}
	}
	return schema.TypeString
}

// most and least combine a limit of all parts; -1 is absent.
func (f *facts) least(of func(*schema.Schema) int) int {
	limit := -1
	for _, s := range f.parts {
		limit = max(limit, of(s))
	}
	return limit
}

func (f *facts) most(of func(*schema.Schema) int) int {
	limit := -1
	for _, s := range f.parts {
		if n := of(s); n >= 0 && (limit < 0 || n < limit) {
			limit = n
		}
	}
	return limit
}

// format is the first format named; patterns are all of them.
func (f *facts) format() string {
	for _, s := range f.parts {
		if s.Format != "" {
			return s.Format
		}
	}
	return ""
}

func (f *facts) patterns() (list []*schema.Pattern) {
	for _, s := range f.parts {
		if s.Pattern != nil {
			list = append(list, s.Pattern)
		}
	}
	return list
}

// example is the first example of any part that all accept.
func (f *facts) example(dir schema.Direction) (any, bool) {
	for _, s := range f.parts {
		for _, e := range s.Examples {
			if f.accepts(e, dir) {
				return e, true
			}
		}
	}
	return nil, false
}
