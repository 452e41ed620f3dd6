package openapi

import (
	"strings"

	"troth/openapi/schema"
	"troth/openapi/source"
)

func (d *Document) is32() bool { return strings.HasPrefix(d.OpenAPI, "3.2") }

// unread lists members that OpenAPI 3.2 adds to an object and that are not honoured.
func (d *Document) unread(p source.Place, members ...string) {
	for _, name := range members {
		if d.is32() && p.Child(name).Exists() {
			d.compiler.Note(schema.Unchecked{Place: p.Child(name), Keyword: name, Reason: "OpenAPI 3.2's " + name + " is not honoured"})
		}
	}
}
