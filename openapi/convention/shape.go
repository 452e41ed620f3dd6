package convention

import (
	"slices"
	"strings"

	"troth/openapi/schema"
)

// plain is a name in lower case without separators: page_size, pageSize and page-size are one.
func plain(name string) string { return separators.Replace(strings.ToLower(name)) }

var separators = strings.NewReplacer("_", "", "-", "", ".", "", "[", "", "]", "", "$", "")

func oneOf(name string, names []string) bool { return slices.Contains(names, plain(name)) }

// propertyNames lists the members that a schema and what it includes declare.
func propertyNames(s *schema.Schema) (names []string) {
	for part := range s.Parts(false) {
		for _, p := range part.Properties {
			if !slices.Contains(names, p.Name) {
				names = append(names, p.Name)
			}
		}
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

// may tells whether a schema says that its values may be of a type (an integer for a number, too).
func may(s *schema.Schema, t schema.Type) bool {
	for part := range s.Parts(true) {
		types := part.Types
		if types&schema.TypeNumber != 0 {
			types |= schema.TypeInteger
		}
		if types&t != 0 || types == schema.AnyType && (t == schema.TypeObject && len(part.Properties) > 0 || t == schema.TypeArray && part.Items != nil) {
			return true
		}
	}
	return false
}

// itemsOf is the schema of an array's items, nil where none is declared.
func itemsOf(s *schema.Schema) *schema.Schema {
	for part := range s.Parts(false) {
		if part.Items != nil {
			return part.Items
		}
	}
	return nil
}
