package gen

import "github.com/getkin/kin-openapi/openapi3"

// dropAnnotations removes readOnly and writeOnly from the components that allOf puts together. They are annotations there,
// which JSON Schema lets differ between the members, but oapi-codegen refuses to merge schemas that differ in them. The
// Go type is the same either way.
func dropAnnotations(model *openapi3.T) {
	if model.Components == nil {
		return
	}
	seen := map[*openapi3.Schema]bool{}
	for _, s := range model.Components.Schemas {
		dropIn(s, seen)
	}
}

func dropIn(ref *openapi3.SchemaRef, seen map[*openapi3.Schema]bool) {
	if ref == nil || ref.Value == nil || seen[ref.Value] {
		return
	}
	s := ref.Value
	seen[s] = true
	for _, member := range s.AllOf {
		if member.Value != nil {
			member.Value.ReadOnly, member.Value.WriteOnly = false, false
		}
	}
	if s.AllOf != nil {
		s.ReadOnly, s.WriteOnly = false, false
	}
	for _, list := range []openapi3.SchemaRefs{s.AllOf, s.OneOf, s.AnyOf, {s.Items, s.AdditionalProperties.Schema}} {
		for _, inner := range list {
			dropIn(inner, seen)
		}
	}
	for _, property := range s.Properties {
		dropIn(property, seen)
	}
}
