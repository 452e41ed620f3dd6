package mock

import "troth/openapi/schema"

// pruned is a value without the members that a schema does not declare, at any depth: what one version of a resource has another must not
// show. Objects whose schemas declare no members, or allow others expressly, stay as they are.
func pruned(schemas []*schema.Schema, v any) any {
	switch v := v.(type) {
	case map[string]any:
		if open(schemas) {
			return v
		}
		kept := make(map[string]any, len(v))
		for name, member := range v {
			if declared := declaredBy(schemas, name); len(declared) > 0 {
				kept[name] = pruned(declared, member)
			}
		}
		return kept
	case []any:
		var items []*schema.Schema
		each(schemas, func(part *schema.Schema) {
			if part.Items != nil {
				items = append(items, part.Items)
			}
		})
		list := make([]any, len(v))
		for i := range v {
			list[i] = v[i]
			if len(items) > 0 {
				list[i] = pruned(items, v[i])
			}
		}
		return list
	}
	return v
}

// each visits schemas and what they apply to the same value, alternatives of a discriminator too.
func each(schemas []*schema.Schema, visit func(*schema.Schema)) {
	for _, s := range schemas {
		for part := range s.Parts(true) {
			visit(part)
			if part.Discriminator == nil {
				continue
			}
			for _, target := range part.Discriminator.Mapping {
				for inner := range target.Parts(true) {
					visit(inner)
				}
			}
		}
	}
}

// open tells whether schemas name no members, or say what others may be.
func open(schemas []*schema.Schema) bool {
	named, others := false, false
	each(schemas, func(part *schema.Schema) {
		named = named || len(part.Properties) > 0
		others = others || part.AdditionalProperties != nil || len(part.PatternProperties) > 0 || part.UnevaluatedProperties != nil
	})
	return !named || others
}

func declaredBy(schemas []*schema.Schema, name string) (list []*schema.Schema) {
	each(schemas, func(part *schema.Schema) {
		if p := part.Property(name); p != nil {
			list = append(list, p.Schema)
		}
	})
	return list
}
