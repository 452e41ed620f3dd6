package schema

import (
	"encoding/json"
	"iter"
	"slices"

	"troth/openapi/source"
)

// Type is a set of JSON types.
type Type uint8

// The types of JSON Schema 2020-12 validation §6.1.1. Integer means "a number without fraction": 1.0 is one.
const (
	TypeNull Type = 1 << iota
	TypeBoolean
	TypeInteger
	TypeNumber
	TypeString
	TypeArray
	TypeObject

	AnyType Type = 0 // no type keyword
)

// Schema is one compiled schema. All fields are read-only; nil, -1 or zero stand for an absent keyword as noted.
// A "$ref" without siblings (or any in 3.0) compiles to the schema that it points at, so pointers may form cycles.
type Schema struct {
	Place source.Place // where it is written, after following $ref
	Name  string       // last segment of the place's pointer under components/schemas or $defs, else ""

	Bool  *bool // the boolean schemas true and false (3.1); nil otherwise
	Types Type  // AnyType where absent; 3.0's nullable adds TypeNull

	Enum    []any // nil: absent. 3.1's const is an Enum of one with IsConst
	IsConst bool

	Minimum, Maximum                   json.Number // "": absent
	ExclusiveMinimum, ExclusiveMaximum json.Number // 3.0's booleans are turned into these
	MultipleOf                         json.Number

	MinLength, MaxLength int // -1: absent; count Unicode code points
	Pattern              *Pattern
	Format               string
	ContentEncoding      string
	ContentMediaType     string
	ContentSchema        *Schema // an annotation, as the two above: JSON Schema validation §8.2

	Items              *Schema // items behind PrefixItems
	PrefixItems        []*Schema
	MinItems, MaxItems int // -1: absent
	UniqueItems        bool
	Contains           *Schema
	MinContains        int // -1: absent (means 1)
	MaxContains        int // -1: absent
	UnevaluatedItems   *Schema

	Properties            []Property // document order; no duplicates
	Required              []string
	PatternProperties     []PatternProperty
	AdditionalProperties  *Schema // nil: absent (anything goes)
	PropertyNames         *Schema
	MinProperties         int // -1: absent
	MaxProperties         int
	DependentRequired     map[string][]string
	DependentSchemas      map[string]*Schema
	UnevaluatedProperties *Schema

	Ref                 *Schema // 3.1's $ref beside other keywords: an applicator of its own
	AllOf, AnyOf, OneOf []*Schema
	Not                 *Schema
	If, Then, Else      *Schema
	Discriminator       *Discriminator
	XML                 *XML // nil: absent

	ReadOnly, WriteOnly, Deprecated bool
	Title, Description              string
	Default                         any
	HasDefault                      bool
	Examples                        []any // 3.0's example first, then 3.1's examples

	checks // what Validate needs beyond the above
}

// Property is one entry of "properties".
type Property struct {
	Name     string
	Schema   *Schema
	Required bool
}

// PatternProperty is one entry of "patternProperties".
type PatternProperty struct {
	Pattern *Pattern
	Schema  *Schema
}

// Discriminator is OpenAPI's Discriminator Object with the mapping resolved to schemas (explicit mapping first, then the
// names of the oneOf/anyOf members).
type Discriminator struct {
	Property string
	Mapping  map[string]*Schema
	Default  *Schema // 3.2's defaultMapping: for a value that is absent or not mapped; nil where there is none
}

// XML is OpenAPI's XML Object: how a value is written as XML.
type XML struct {
	Name, Namespace, Prefix string // "": absent
	Attribute, Wrapped      bool
}

// ArrayOf is the schema of an array whose items a schema describes: what sequential media types hold.
func ArrayOf(item *Schema) *Schema {
	s := blank(item.Place)
	s.Types, s.Items, s.Name = TypeArray, item, ""
	return s
}

// PatchOf is the schema of a merge patch (RFC 7396) to what an object schema describes: any of its members, none required.
func PatchOf(object *Schema) *Schema {
	s := blank(object.Place)
	s.Types = TypeObject
	named := map[string]bool{}
	for part := range object.Parts(true) {
		for _, p := range part.Properties {
			if !named[p.Name] {
				named[p.Name] = true
				s.Properties = append(s.Properties, Property{Name: p.Name, Schema: p.Schema})
			}
		}
	}
	s.checks = newChecks(s, false)
	return s
}

// Property returns the property of that name declared by this schema itself (not by its applicators), or nil.
func (s *Schema) Property(name string) *Property {
	if i, ok := s.index[name]; ok {
		return &s.Properties[i]
	}
	return nil
}

// Lone returns the schema that alone judges what stands at one token of a JSON pointer into responses that s accepts: a member, or any item of
// an array. It is nil where something else judges it too, or judges how it goes with the rest ("allOf", "uniqueItems").
func (s *Schema) Lone(token string) *Schema {
	if s.Bool != nil || s.Enum != nil || s.composed || s.Discriminator != nil {
		return nil
	}
	if s.Types == TypeArray {
		if s.PrefixItems != nil || s.Contains != nil || s.UniqueItems {
			return nil
		}
		return s.Items
	}
	if p := s.Property(token); p != nil && s.Types == TypeObject && s.PatternProperties == nil && p.Schema.Travels(Response) {
		return p.Schema
	}
	return nil
}

// Apart returns the schema that judges a member of objects that s accepts whatever else they hold, nil where anything goes. ok is false where
// something else judges it too, or it decides how something else is judged.
func (s *Schema) Apart(name string, dir Direction) (member *Schema, ok bool) {
	if s.Bool != nil || s.Enum != nil || s.composed || s.Discriminator != nil || s.PatternProperties != nil || s.PropertyNames != nil ||
		s.MaxProperties >= 0 || s.DependentRequired != nil {
		return nil, false
	}
	if p := s.Property(name); p != nil {
		return p.Schema, p.Schema.Travels(dir)
	}
	return s.AdditionalProperties, true
}

// OnlyText tells whether strings alone are valid, and their length, pattern and format all that is judged: by ValidText, then.
func (s *Schema) OnlyText() bool {
	return s.Bool == nil && s.Types == TypeString && s.Enum == nil && !s.composed
}

// AnyText tells whether each text is valid.
func (s *Schema) AnyText() bool {
	return s.OnlyText() && s.MinLength < 0 && s.MaxLength < 0 && s.Pattern == nil && !s.textFormat
}

// Parts yields this schema and those that it applies to the same value by Ref and AllOf and, where choices is set, AnyOf and OneOf;
// each once, depth first.
func (s *Schema) Parts(choices bool) iter.Seq[*Schema] {
	return func(yield func(*Schema) bool) {
		var seen []*Schema
		var visit func(*Schema) bool
		visit = func(part *Schema) bool {
			if part == nil || slices.Contains(seen, part) {
				return true
			}
			if seen = append(seen, part); !yield(part) || !visit(part.Ref) {
				return false
			}
			for i, group := range [...][]*Schema{part.AllOf, part.AnyOf, part.OneOf} {
				for _, inner := range group {
					if (i == 0 || choices) && !visit(inner) {
						return false
					}
				}
			}
			return true
		}
		visit(s)
	}
}

// Find returns the first schema that this one, its Ref, AllOf, AnyOf or OneOf declare for the property, or nil.
func (s *Schema) Find(name string) *Schema {
	if s == nil {
		return nil
	}
	if p := s.Property(name); p != nil || !s.composed {
		if p == nil {
			return nil
		}
		return p.Schema
	}
	for part := range s.Parts(true) {
		if p := part.Property(name); p != nil {
			return p.Schema
		}
	}
	return nil
}

// WantsItems tells whether an array of this schema may not be empty, here or by what the schema refers to.
func (s *Schema) WantsItems() bool {
	for part := range s.Parts(false) {
		if part.MinItems > 0 {
			return true
		}
	}
	return false
}

// Travels tells whether a member with this schema may be in a value of that direction: not readOnly in a request, not
// writeOnly in a response, here or in what the schema refers to.
func (s *Schema) Travels(dir Direction) bool {
	if dir == Either {
		return true
	}
	if !s.composed {
		return !s.marked(dir)
	}
	for part := range s.Parts(false) {
		if part.marked(dir) {
			return false
		}
	}
	return true
}

func (s *Schema) marked(dir Direction) bool {
	return dir == Request && s.ReadOnly || dir == Response && s.WriteOnly
}
