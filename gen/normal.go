package gen

import (
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"troth/openapi"
	"troth/openapi/source"
)

// normalize brings a model into the forms that oapi-codegen can write types for, where that leaves the values that a type
// stands for as they are.
func normalize(model *openapi3.T, doc *openapi.Document) {
	nameOperations(model, doc)
	nameResponses(model)
	nameSchemas(model)
	v := visitor{schema: func(ref *openapi3.SchemaRef) {
		compose(ref.Value)
		alternatives(ref.Value)
	}}
	v.visit(model)
}

// nameOperations gives each operation the ID that troth knows it by: its operationId, or, where that is absent or doubled,
// one made of method and path.
func nameOperations(model *openapi3.T, doc *openapi.Document) {
	for _, o := range doc.Operations {
		if in := operationOf(model, o); in != nil {
			in.OperationID = o.ID
		}
	}
}

func operationOf(model *openapi3.T, o *openapi.Operation) *openapi3.Operation {
	item := model.Paths.Value(o.Path)
	if item == nil {
		return nil
	}
	return item.Operations()[o.Method] // by itself not writable: GetOperation panics for methods that it does not know
}

// nameResponses renames the component responses whose names are no Go identifiers, or are those of schemas or of the client's
// responses too: oapi-codegen writes the first as they are, and loses the second. It also declares no type for a body that is written out in a component
// response, which becomes a component for that reason.
func nameResponses(model *openapi3.T) {
	if model.Components == nil {
		return
	}
	taken := takenNames(model)
	has := func(name string) bool { return taken[strings.ToLower(camel(name))] }
	renamed := map[string]string{}
	responses := openapi3.ResponseBodies{}
	for _, name := range sortedKeys(model.Components.Responses) {
		if response := model.Components.Responses[name].Value; response == nil || len(response.Content) > 1 {
			continue // oapi-codegen confuses the types of several contents: each operation gets its own
		}
		fresh := name
		if !identifier(name) {
			fresh = camel(name)
		}
		if has(fresh) {
			fresh = unused(fresh+"Reply", has)
		}
		taken[strings.ToLower(camel(fresh))] = true
		renamed[name] = fresh
		responses[fresh] = model.Components.Responses[name]
		nameBodies(model, fresh, responses[fresh])
	}
	model.Components.Responses = responses
	const prefix = "#/components/responses/"
	v := visitor{response: func(r *openapi3.ResponseRef) {
		escaped, ok := strings.CutPrefix(r.Ref, prefix)
		name := source.Tokens("/" + escaped)
		if ok && len(name) == 1 && renamed[name[0]] != "" {
			r.Ref = prefix + renamed[name[0]]
			return
		}
		r.Ref = "" // what stands elsewhere in the document has no name: it is as if it were written here
	}}
	v.visit(model)
}

// takenNames are the names that a component response must not have, in lower case, since initialisms are written in capitals:
// those of schemas, and of the client's responses.
func takenNames(model *openapi3.T) map[string]bool {
	taken := map[string]bool{}
	for name := range model.Components.Schemas {
		taken[strings.ToLower(camel(name))] = true
	}
	for _, item := range model.Paths.Map() {
		for _, o := range item.Operations() {
			taken[strings.ToLower(camel(o.OperationID)+"Response")] = true
		}
	}
	return taken
}

// nameBodies makes components of the bodies that are written out in a component response.
func nameBodies(model *openapi3.T, name string, r *openapi3.ResponseRef) {
	if r.Ref != "" || r.Value == nil {
		return
	}
	for _, mediaType := range sortedKeys(r.Value.Content) {
		content := r.Value.Content[mediaType]
		if content == nil || content.Schema == nil || content.Schema.Ref != "" || content.Schema.Value == nil {
			continue
		}
		content.Schema.Ref = addSchema(model, name+"Body", content.Schema.Value)
	}
}

// addSchema adds a component under a name that is free, and returns the reference to it.
func addSchema(model *openapi3.T, name string, s *openapi3.Schema) string {
	if model.Components == nil {
		model.Components = &openapi3.Components{}
	}
	if model.Components.Schemas == nil {
		model.Components.Schemas = openapi3.Schemas{}
	}
	name = unused(name, func(name string) bool { return model.Components.Schemas[name] != nil })
	model.Components.Schemas[name] = &openapi3.SchemaRef{Value: s}
	return "#/components/schemas/" + name
}

// nameSchemas moves schemas that are referred to by a pointer deeper than a component's into the components.
func nameSchemas(model *openapi3.T) {
	names := map[string]string{} // references by pointer
	v := visitor{schema: func(ref *openapi3.SchemaRef) {
		pointer, ok := strings.CutPrefix(ref.Ref, "#/")
		tokens := source.Tokens("/" + pointer)
		if !ok || len(tokens) == 3 && tokens[0] == "components" {
			return
		}
		if names[pointer] == "" {
			names[pointer] = addSchema(model, telling(tokens), ref.Value)
		}
		ref.Ref = names[pointer]
	}}
	v.visit(model)
}

// telling makes a name of those tokens of a pointer that are names.
func telling(tokens []string) string {
	var words []string
	for _, t := range tokens {
		switch t {
		case "components", "schemas", "paths", "properties", "content", "schema", "responses", "$defs", "definitions":
		default:
			words = append(words, t)
		}
	}
	return camel(strings.Join(words, " "))
}
