package contract

import (
	"net/http"
	"testing"

	"troth/openapi"
	"troth/openapi/schema"
)

const patches = `openapi: 3.1.0
info: {title: Patches, version: "1"}
paths:
  /pens:
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pen'}}}}
      responses: {'201': {description: made}}
  /pens/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    patch:
      requestBody: {content: {application/merge-patch+json: {schema: {type: object}}}}
      responses: {'200': {description: changed}}
    put:
      requestBody: {content: {application/merge-patch+json: {schema: {type: object, properties: {own: {type: boolean}}}}}}
      responses: {'200': {description: changed}}
components:
  schemas:
    Pen: {type: object, required: [colour], properties: {colour: {type: string}, width: {type: integer, maximum: 9}}}
`

// TestPatched wants a merge patch of which nothing is said to have the members that the item is created with, and any other to stay as it is.
func TestPatched(t *testing.T) {
	doc, err := openapi.Parse("patches.yaml", []byte(patches))
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range doc.Operations {
		compiled, err := o.Compile()
		if err != nil {
			t.Fatal(err)
		}
		s := (&Subject{Op: compiled}).BodyContent().Schema
		switch o.Method {
		case http.MethodPatch:
			if s.Find("width") == nil || !s.Valid(map[string]any{}, schema.Request) || s.Valid(map[string]any{"colour": true}, schema.Request) {
				t.Errorf("the members of a patch are not those of the item: %v", s.Properties)
			}
		case http.MethodPut:
			if s.Find("own") == nil || s.Find("colour") != nil {
				t.Errorf("a schema that names members is another: %v", s.Properties)
			}
		}
	}
}
