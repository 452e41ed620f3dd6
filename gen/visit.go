package gen

import (
	"maps"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// visitor calls back for what a model holds, in one order, each value once.
type visitor struct {
	schema   func(*openapi3.SchemaRef)   // a place where a schema stands, before what is below it
	response func(*openapi3.ResponseRef) // a place where a response stands

	seen map[any]bool
}

// visit walks a whole model.
func (v *visitor) visit(model *openapi3.T) {
	v.seen = map[any]bool{}
	if c := model.Components; c != nil {
		each(c.Schemas, v.inSchema)
		each(c.Parameters, v.inParameter)
		each(c.Headers, v.inHeader)
		each(c.RequestBodies, v.inBody)
		each(c.Responses, v.inResponse)
		each(c.Callbacks, v.inCallback)
	}
	if model.Paths != nil {
		each(model.Paths.Map(), v.inItem)
	}
	each(model.Webhooks, v.inItem)
}

func each[M ~map[string]V, V any](m M, f func(V)) {
	for _, name := range slices.Sorted(maps.Keys(m)) {
		f(m[name])
	}
}

// first tells whether a value is new.
func (v *visitor) first(value any) bool {
	if v.seen[value] {
		return false
	}
	v.seen[value] = true
	return true
}

func (v *visitor) inItem(item *openapi3.PathItem) {
	if item == nil || !v.first(item) {
		return
	}
	for _, p := range item.Parameters {
		v.inParameter(p)
	}
	each(item.Operations(), v.inOperation)
}

func (v *visitor) inOperation(o *openapi3.Operation) {
	for _, p := range o.Parameters {
		v.inParameter(p)
	}
	v.inBody(o.RequestBody)
	if o.Responses != nil {
		each(o.Responses.Map(), v.inResponse)
	}
	each(o.Callbacks, v.inCallback)
}

func (v *visitor) inCallback(c *openapi3.CallbackRef) {
	if c != nil && c.Value != nil && v.first(c.Value) {
		each(c.Value.Map(), v.inItem)
	}
}

func (v *visitor) inParameter(p *openapi3.ParameterRef) {
	if p != nil && p.Value != nil && v.first(p.Value) {
		v.inSchema(p.Value.Schema)
		v.inContent(p.Value.Content)
	}
}

func (v *visitor) inHeader(h *openapi3.HeaderRef) {
	if h != nil && h.Value != nil && v.first(h.Value) {
		v.inSchema(h.Value.Schema)
		v.inContent(h.Value.Content)
	}
}

func (v *visitor) inBody(b *openapi3.RequestBodyRef) {
	if b != nil && b.Value != nil && v.first(b.Value) {
		v.inContent(b.Value.Content)
	}
}

func (v *visitor) inResponse(r *openapi3.ResponseRef) {
	if r == nil {
		return
	}
	if v.response != nil {
		v.response(r)
	}
	if r.Value != nil && v.first(r.Value) {
		v.inContent(r.Value.Content)
		each(r.Value.Headers, v.inHeader)
	}
}

func (v *visitor) inContent(c openapi3.Content) {
	each(c, func(m *openapi3.MediaType) {
		if m != nil {
			v.inSchema(m.Schema)
		}
	})
}

func (v *visitor) inSchema(ref *openapi3.SchemaRef) {
	if ref == nil || ref.Value == nil || !v.first(ref) {
		return
	}
	if v.schema != nil {
		v.schema(ref)
	}
	if !v.first(ref.Value) {
		return
	}
	s := ref.Value
	for _, list := range []openapi3.SchemaRefs{s.AllOf, s.OneOf, s.AnyOf, s.PrefixItems, {s.Items, s.Not, s.AdditionalProperties.Schema, s.PropertyNames, s.Contains}} {
		for _, inner := range list {
			v.inSchema(inner)
		}
	}
	each(s.Properties, v.inSchema)
	each(s.PatternProperties, v.inSchema)
	each(s.Defs, v.inSchema)
}
