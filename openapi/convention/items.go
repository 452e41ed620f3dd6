package convention

import (
	"troth/openapi"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// Items finds what an operation lists: how it is paged (nil: not at all), the pointer of the item array in the body of its success
// ("": the body is the array), and the schema of an item; nil where the operation lists nothing.
func (c *Conventions) Items(op *openapi.Compiled) (page *Pagination, pointer string, item *schema.Schema) {
	response, _ := op.Success()
	content := response.JSON()
	if content == nil {
		return nil, "", nil
	}
	if page = c.Pagination(op); page != nil {
		pointer = page.Items
	} else if len(content.Schema.Properties) > 0 {
		if pointer = onlyArray(content.Schema); pointer == "" {
			return nil, "", nil
		}
	}
	return page, pointer, ItemSchema(content.Schema, pointer)
}

// included is the member of JSON:API for what the items refer to (JSON:API 1.1 §7.2.6).
const included = "included"

// onlyArray is the pointer of the one array of objects that an object has, links and what is included aside; "" where there is none or more than one.
func onlyArray(body *schema.Schema) (pointer string) {
	for _, p := range body.Properties {
		item := ItemSchema(p.Schema, "")
		if item == nil || IsLink(item) || p.Name == included || len(item.Properties) == 0 && item.Ref == nil && item.AllOf == nil && item.OneOf == nil {
			continue
		}
		if pointer != "" {
			return ""
		}
		pointer = "/" + source.Escape(p.Name)
	}
	return pointer
}

// ItemSchema is the schema of the items of the array at a pointer into values of s, nil where none is declared.
func ItemSchema(s *schema.Schema, pointer string) *schema.Schema {
	homes := []*schema.Schema{s}
	for token := range source.Each(pointer) {
		homes = declarations(homes, token)
	}
	for _, alternatives := range []bool{false, true} { // "either the items or their names"
		for _, home := range homes {
			if home == nil {
				continue
			}
			for part := range home.Parts(alternatives) {
				if part.Items != nil && (part.Types == schema.AnyType || part.Types&schema.TypeArray != 0) {
					return part.Items
				}
			}
		}
	}
	return nil
}

// declarations are all that schemas declare for a member: of a list that is composed one part may say that it is an array, and another of what.
func declarations(homes []*schema.Schema, name string) (list []*schema.Schema) {
	for _, home := range homes {
		if home == nil {
			continue
		}
		for part := range home.Parts(true) {
			if p := part.Property(name); p != nil {
				list = append(list, p.Schema)
			}
		}
	}
	return list
}

// IsLink tells whether a schema is of the usual link form: an object with href and rel.
func IsLink(s *schema.Schema) bool { return s.Find("href") != nil && s.Find("rel") != nil }
