package gen

import (
	"reflect"

	"github.com/getkin/kin-openapi/openapi3"
)

// compose simplifies an allOf. oapi-codegen merges the members into one type and refuses where they differ in keywords that
// no Go type tells of (readOnly, default, uniqueItems and the like, which JSON Schema lets differ), or where one says only
// what the other implies.
func compose(s *openapi3.Schema) {
	if s.AllOf == nil {
		return
	}
	var kept openapi3.SchemaRefs
	for _, member := range s.AllOf {
		if member.Value == nil {
			continue
		}
		if member.Ref == "" && !structural(member.Value) {
			takeOver(s, member.Value)
			continue
		}
		kept = append(kept, member)
	}
	s.AllOf = kept
	agree(s.AllOf)
	for _, member := range s.AllOf {
		forget(member.Value)
	}
	if len(s.AllOf) > 0 {
		forget(s)
	}
}

// structural tells whether a schema says anything that its Go type depends on.
func structural(s *openapi3.Schema) bool {
	rest := *s
	forget(&rest)
	rest.Origin, rest.Title, rest.Description, rest.ExternalDocs = nil, "", "", nil
	rest.Example, rest.Examples, rest.Deprecated, rest.Nullable, rest.XML, rest.Comment = nil, nil, false, false, nil, ""
	if len(rest.Extensions) == 0 {
		rest.Extensions = nil
	}
	return !reflect.DeepEqual(rest, openapi3.Schema{})
}

// takeOver moves what a member without structure says to the schema that it is a member of.
func takeOver(s, member *openapi3.Schema) {
	if s.Description == "" {
		s.Description = member.Description
	}
	if s.Title == "" {
		s.Title = member.Title
	}
	s.Nullable = s.Nullable || member.Nullable
	s.Deprecated = s.Deprecated || member.Deprecated
}

// forget removes the keywords that are no part of a Go type and that the members of an allOf may differ in.
func forget(s *openapi3.Schema) {
	s.ReadOnly, s.WriteOnly, s.AllowEmptyValue, s.UniqueItems, s.Default = false, false, false, false, nil
	s.ExclusiveMin, s.ExclusiveMax = openapi3.ExclusiveBound{}, openapi3.ExclusiveBound{}
	s.Min, s.Max, s.MultipleOf, s.Pattern = nil, nil, nil, ""
	s.MinLength, s.MaxLength, s.MinItems, s.MaxItems, s.MinProps, s.MaxProps = 0, nil, 0, nil, 0, nil
	s.Not, s.If, s.Then, s.Else = nil, nil, nil, nil
}

// agree gives type and format to the members written in place that leave to the others to say it.
func agree(members openapi3.SchemaRefs) {
	var kind *openapi3.Types
	format := ""
	for _, m := range members {
		if m.Value.Type != nil {
			if kind != nil && !reflect.DeepEqual(kind, m.Value.Type) {
				return
			}
			kind = m.Value.Type
		}
		if m.Value.Format != "" {
			if format != "" && format != m.Value.Format {
				return
			}
			format = m.Value.Format
		}
	}
	for _, m := range members {
		switch {
		case m.Ref == "":
			m.Value.Type, m.Value.Format = kind, format
		case m.Value.Format != format && m.Value.AllOf == nil:
			own := *m.Value
			own.Type, own.Format = kind, format
			m.Ref, m.Value = "", &own
		}
	}
}

// alternatives writes a schema of several types as oneOf with a schema for each, which oapi-codegen has a Go type for.
func alternatives(s *openapi3.Schema) {
	var types []string
	nullable := false
	for _, t := range s.Type.Slice() {
		if t == openapi3.TypeNull {
			nullable = true
			continue
		}
		types = append(types, t)
	}
	if len(types) < 2 || s.OneOf != nil || s.AnyOf != nil || s.AllOf != nil || s.Enum != nil {
		return
	}
	var list openapi3.SchemaRefs
	for _, t := range types {
		list = append(list, &openapi3.SchemaRef{Value: only(s, t)})
	}
	if nullable {
		list = append(list, &openapi3.SchemaRef{Value: &openapi3.Schema{Type: &openapi3.Types{openapi3.TypeNull}}})
	}
	*s = openapi3.Schema{
		Extensions: s.Extensions, Origin: s.Origin, Title: s.Title, Description: s.Description, Deprecated: s.Deprecated,
		ReadOnly: s.ReadOnly, WriteOnly: s.WriteOnly, OneOf: list,
	}
}

// only is what a schema of several types says of one of them.
func only(s *openapi3.Schema, kind string) *openapi3.Schema {
	one := &openapi3.Schema{Type: &openapi3.Types{kind}}
	switch kind {
	case openapi3.TypeObject:
		one.Properties, one.Required, one.AdditionalProperties = s.Properties, s.Required, s.AdditionalProperties
	case openapi3.TypeArray:
		one.Items = s.Items
	default:
		one.Format = s.Format
	}
	return one
}
