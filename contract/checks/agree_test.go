package checks

import (
	"testing"

	"troth/openapi"
	"troth/openapi/source"
)

// TestAgreeAs compares what a list says of an item with what the item says, whose schema names other members.
func TestAgreeAs(t *testing.T) {
	doc, err := openapi.Parse("forms.yaml", []byte(`
openapi: 3.0.3
info: {title: Forms, version: "1"}
paths:
  /one:
    get:
      operationId: one
      responses:
        "200":
          description: ok
          content:
            application/json:
              schema:
                type: object
                properties:
                  attributes: {type: object, properties: {title: {type: string}, size: {type: integer}, parts: {type: array, items: {type: object, properties: {name: {type: string}}}}}}
                  labels: {type: object}
`))
	if err != nil {
		t.Fatal(err)
	}
	op, err := doc.Operation("one").Compile()
	if err != nil {
		t.Fatal(err)
	}
	success, _ := op.Success()
	form := success.JSON().Schema
	for _, test := range []struct {
		name, listed, alone, pointer string
	}{
		{"same", `{"attributes":{"title":"a"}}`, `{"attributes":{"title":"a","size":2}}`, ""},
		{"only the list names it", `{"attributes":{"title":"a","count":3}}`, `{"attributes":{"title":"a"}}`, ""},
		{"within an array", `{"attributes":{"parts":[{"name":"x","count":1}]}}`, `{"attributes":{"parts":[{"name":"x"}]}}`, ""},
		{"another form", `{"attributes":{"size":"large"}}`, `{"attributes":{"size":3}}`, ""},
		{"one instant", `{"attributes":{"title":"2026-01-02T03:04:05Z"}}`, `{"attributes":{"title":"2026-01-02T04:04:05.000+01:00"}}`, ""},
		{"another instant", `{"attributes":{"title":"2026-01-02T03:04:05Z"}}`, `{"attributes":{"title":"2026-01-02T03:04:05.001Z"}}`, "/attributes/title"},
		{"other text", `{"attributes":{"title":"a"}}`, `{"attributes":{"title":"b"}}`, "/attributes/title"},
		{"named and absent", `{"attributes":{"title":"a"}}`, `{"attributes":{}}`, "/attributes/title"},
		{"undeclared and different", `{"attributes":{"count":3}}`, `{"attributes":{"count":4}}`, ""},
		{"of no form", `{"labels":{"a":"1","b":"2"}}`, `{"labels":{"a":"1"}}`, "/labels/b"},
		{"in an array", `{"attributes":{"parts":[{"name":"x"}]}}`, `{"attributes":{"parts":[{"name":"y"}]}}`, "/attributes/parts/0/name"},
	} {
		listed, err := source.DecodeJSON([]byte(test.listed))
		if err != nil {
			t.Fatal(err)
		}
		alone, err := source.DecodeJSON([]byte(test.alone))
		if err != nil {
			t.Fatal(err)
		}
		if pointer, same := agreeAs(form, listed, alone, ""); same != (test.pointer == "") || !same && pointer != test.pointer {
			t.Errorf("%s: %v %q", test.name, same, pointer)
		}
	}
}
