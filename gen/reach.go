package gen

import (
	"maps"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"troth/openapi"
	"troth/openapi/source"
)

// keepReached removes the component schemas that the wanted operations do not reach. oapi-codegen prunes too, but it counts
// references from anywhere, so that schemas that refer to one another in a circle all stay.
func keepReached(model *openapi3.T, doc *openapi.Document, operations []string) {
	if operations == nil || model.Components == nil {
		return
	}
	r := reached{}
	for _, id := range operations {
		r.walk(doc.Operation(id).Place)
		item := strings.TrimSuffix(doc.Operation(id).Place.Pointer, "/"+strings.ToLower(doc.Operation(id).Method))
		r.walk(doc.Operation(id).Place.File.At(item).Child("parameters"))
	}
	maps.DeleteFunc(model.Components.Schemas, func(name string, _ *openapi3.SchemaRef) bool {
		return !r["/components/schemas/"+source.Escape(name)]
	})
	for kind, components := range others(model.Components) {
		components(func(name string) bool { return !r["/components/"+kind+"/"+source.Escape(name)] })
	}
}

// others are the kinds of components that refer to schemas, and what removes those of a kind that a test names.
func others(c *openapi3.Components) map[string]func(remove func(string) bool) {
	return map[string]func(func(string) bool){
		"parameters":    func(remove func(string) bool) { removeIf(c.Parameters, remove) },
		"responses":     func(remove func(string) bool) { removeIf(c.Responses, remove) },
		"requestBodies": func(remove func(string) bool) { removeIf(c.RequestBodies, remove) },
		"headers":       func(remove func(string) bool) { removeIf(c.Headers, remove) },
	}
}

func removeIf[M ~map[string]V, V any](m M, remove func(string) bool) {
	maps.DeleteFunc(m, func(name string, _ V) bool { return remove(name) })
}

// reached is the set of the pointers that references lead to.
type reached map[string]bool

// walk follows every reference below p, those of discriminators too, within the document.
func (r reached) walk(p source.Place) {
	for i := range p.Node.Items() {
		r.walk(p.Item(i))
	}
	for name, member := range p.Node.Members() {
		if name == "mapping" {
			for value, target := range member.Members() {
				r.follow(p.Child(name).Child(value), target.Text())
			}
		}
		if ref, ok := member.Str(); ok && name == "$ref" {
			r.follow(p, ref)
			continue
		}
		r.walk(p.Child(name))
	}
}

func (r reached) follow(from source.Place, ref string) {
	target, err := from.Lookup(ref)
	if err != nil || r[target.Pointer] {
		return
	}
	r[target.Pointer] = true
	r.walk(target)
}
