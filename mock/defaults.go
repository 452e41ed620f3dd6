package mock

import (
	"encoding/json"
	"slices"

	"troth/openapi/schema"
)

// leftOut gives a new item the defaults of the members that were not sent, as far as it can have them.
func (c *collection) leftOut(call *Call, value any) {
	object, ok := value.(map[string]any)
	sent, isObject := call.Body.(map[string]any)
	if !ok || !isObject {
		return
	}
	for _, content := range call.bodies() {
		for part := range content.Schema.Parts(false) {
			for _, p := range part.Properties {
				_, given := sent[p.Name]
				member := c.resource.shape.base.Find(p.Name)
				if given || !p.Schema.HasDefault || p.Name == c.resource.shape.idMember || member == nil || member.ReadOnly || !c.settable(call, p.Name) {
					continue
				}
				c.usual(object, p)
			}
		}
	}
}

// usual gives an item the default of a member, or leaves the member out where it cannot have it.
func (c *collection) usual(object map[string]any, p schema.Property) {
	base, usual := c.resource.shape.base, p.Schema.Default
	if c.resource.server.tweaks.otherDefault {
		usual = otherThan(p.Schema, usual)
	}
	if replace(base, object, p.Name, usual); !schema.Equal(object[p.Name], usual) {
		takeAway(base, object, p.Name)
	}
}

// otherThan is a value of a schema that is not its default, the default where none is found.
func otherThan(s *schema.Schema, usual any) any {
	for _, v := range append(slices.Clone(s.Enum), false, true, json.Number("0"), json.Number("1"), "other") {
		if s.Valid(v, schema.Response) && !schema.Equal(v, usual) {
			return v
		}
	}
	return usual
}
