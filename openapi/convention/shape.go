package convention

import (
	"slices"
	"strings"

	"troth/openapi/schema"
)

// plain is a name in lower case without separators: page_size, pageSize and page-size are one.
func plain(name string) string {
	return strings.NewReplacer("_", "", "-", "", ".", "", "[", "", "]", "", "$", "").Replace(strings.ToLower(name))
}

func oneOf(name string, names []string) bool { return slices.Contains(names, plain(name)) }

// propertyNames lists the members that a schema and what it includes declare.
func propertyNames(s *schema.Schema) []string { return appendNames(nil, s, 6) }

func appendNames(names []string, s *schema.Schema, depth int) []string {
	if s == nil || depth == 0 {
		return names
	}
	for _, p := range s.Properties {
		if !slices.Contains(names, p.Name) {
			names = append(names, p.Name)
		}
	}
	names = appendNames(names, s.Ref, depth-1)
	for _, part := range s.AllOf {
		names = appendNames(names, part, depth-1)
	}
	return names
}

// memberNamed is the member whose name comes first in names and that may be of a type, "" where there is none.
func memberNamed(s *schema.Schema, names []string, t schema.Type) string {
	declared := propertyNames(s)
	for _, want := range names {
		for _, name := range declared {
			if plain(name) == want && may(s.Find(name), t) {
				return name
			}
		}
	}
	return ""
}

// may tells whether a schema says that its values are of a type (an integer for a number, too).
func may(s *schema.Schema, t schema.Type) bool { return mayBe(s, t, 6) }

func mayBe(s *schema.Schema, t schema.Type, depth int) bool {
	if s == nil || depth == 0 {
		return false
	}
	if s.Types != schema.AnyType {
		types := s.Types
		if types&schema.TypeNumber != 0 {
			types |= schema.TypeInteger
		}
		return types&t != 0
	}
	if t == schema.TypeObject && len(s.Properties) > 0 || t == schema.TypeArray && s.Items != nil {
		return true
	}
	for _, part := range slices.Concat([]*schema.Schema{s.Ref}, s.AllOf, s.AnyOf, s.OneOf) {
		if mayBe(part, t, depth-1) {
			return true
		}
	}
	return false
}

// itemsOf is the schema of an array's items, nil where none is declared.
func itemsOf(s *schema.Schema) *schema.Schema {
	for range 6 {
		switch {
		case s == nil:
			return nil
		case s.Items != nil:
			return s.Items
		case s.Ref != nil:
			s = s.Ref
		case len(s.AllOf) > 0:
			s = s.AllOf[0]
		default:
			return nil
		}
	}
	return nil
}
