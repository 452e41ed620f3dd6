package gen

import (
	"maps"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"troth/openapi"
	"troth/openapi/source"
)

// keepOperations removes all operations but those named (nil: none is removed) from a model, and the components that only
// the others reach.
func keepOperations(model *openapi3.T, doc *openapi.Document, ids []string) {
	if ids == nil {
		return
	}
	wanted := map[string]bool{}
	for _, id := range ids {
		wanted[doc.Operation(id).Method+" "+doc.Operation(id).Path] = true
	}
	for path, item := range model.Paths.Map() {
		for method := range item.Operations() {
			if !wanted[method+" "+path] {
				removeOperation(item, method)
			}
		}
		if len(item.Operations()) == 0 {
			model.Paths.Delete(path)
		}
	}
	model.Webhooks = nil
	if !severalFiles(doc) { // where there are several, components have got new names
		keepReached(model, doc, ids)
	}
}

func removeOperation(item *openapi3.PathItem, method string) {
	if _, ok := item.AdditionalOperations[method]; ok {
		delete(item.AdditionalOperations, method)
		return
	}
	item.SetOperation(method, nil)
}

// keepReached removes the component schemas that the wanted operations do not reach. oapi-codegen prunes too, but it counts
// references from anywhere, so that schemas that refer to one another in a circle all stay.
func keepReached(model *openapi3.T, doc *openapi.Document, operations []string) {
	if model.Components == nil {
		return
	}
	r := reached{}
	component := func(kind, name string) string {
		return doc.Root.File.Name + "#/components/" + kind + "/" + source.Escape(name)
	}
	for _, id := range operations {
		r.operation(doc.Operation(id))
	}
	maps.DeleteFunc(model.Components.Schemas, func(name string, _ *openapi3.SchemaRef) bool {
		return !r[component("schemas", name)]
	})
	for kind, components := range others(model.Components) {
		components(func(name string) bool { return !r[component(kind, name)] })
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

// reached is the set of the places that references lead to.
type reached map[string]bool

// place is how the set knows a place: by file and pointer.
func place(p source.Place) string { return p.File.Name + "#" + p.Pointer }

// holds tells whether a place is below one of the set.
func (r reached) holds(p source.Place) bool {
	for pointer := p.Pointer; ; pointer = pointer[:strings.LastIndexByte(pointer, '/')] {
		if r[p.File.Name+"#"+pointer] {
			return true
		}
		if pointer == "" {
			return false
		}
	}
}

// operation follows the references of an operation and of the parameters that it shares with its path's others.
func (r reached) operation(o *openapi.Operation) {
	r.walk(o.Place)
	item := strings.TrimSuffix(o.Place.Pointer, "/"+strings.ToLower(o.Method))
	r.walk(o.Place.File.At(item).Child("parameters"))
}

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
	if err != nil || r[place(target)] {
		return
	}
	r[place(target)] = true
	r.walk(target)
}
