package openapi

import (
	"strings"
	"testing"

	"troth/openapi/schema"
	"troth/openapi/source"
)

const new32 = `
openapi: 3.2.0
$self: https://example.com/api.yaml
info: {title: New, version: "1"}
paths:
  /jobs:
    query:
      operationId: searchJobs
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {"200": {description: ok, content: {application/jsonl: {itemSchema: {$ref: "#/components/schemas/Animal"}}}}}
    additionalOperations:
      PURGE: {operationId: purgeJobs, responses: {"204": {description: done}}}
  /raw:
    get:
      operationId: raw
      parameters: [{name: all, in: querystring, content: {text/plain: {schema: {type: string}}}}]
      responses: {"200": {$ref: "#/components/responses/Ok"}}
components:
  responses: {Ok: {description: ok, content: {application/json: {$ref: "#/components/mediaTypes/Any"}}}}
  mediaTypes: {Any: {schema: {type: string}, itemEncoding: {}}}
  schemas:
    Animal:
      discriminator: {propertyName: kind, mapping: {cat: Cat}, defaultMapping: Other}
      oneOf: [{$ref: "#/components/schemas/Cat"}, {$ref: "#/components/schemas/Other"}]
    Cat: {type: object, required: [lives], properties: {kind: {type: string}, lives: {type: integer}}}
    Other: {type: object, properties: {kind: {type: string}}}
`

// TestVersion32 reads what OpenAPI 3.2 adds, and names what it does not honour.
func TestVersion32(t *testing.T) {
	d, err := Parse("new.yaml", []byte(new32))
	if err != nil {
		t.Fatal(err)
	}
	search, err := d.Operation("searchJobs").Compile()
	if err != nil || search.Method != "QUERY" {
		t.Fatal(err, search)
	}
	animal := search.Response(200).Content[0].Schema.Items
	for text, want := range map[string]bool{`{"kind":"dog"}`: true, `{}`: true, `{"kind":"cat"}`: false, `{"kind":"cat","lives":9}`: true} {
		if got := animal.Valid(plainJSON(t, text), schema.Either); got != want {
			t.Errorf("%s is valid: %v", text, got)
		}
	}
	if purge := d.Operation("purgeJobs"); purge == nil || purge.Method != "PURGE" {
		t.Errorf("%+v", purge)
	}
	errs, unchecked := d.CompileAll()
	if len(errs) != 1 || !strings.Contains(errs[0].Error(), `is in "querystring"`) {
		t.Error(errs)
	}
	if len(unchecked) != 1 || unchecked[0].Keyword != "$self" {
		t.Error(unchecked)
	}
}

// TestVersion31 does not read 3.2's members in a document of 3.1.
func TestVersion31(t *testing.T) {
	d, err := Parse("old.yaml", []byte(strings.Replace(new32, "3.2.0", "3.1.1", 1)))
	if err != nil || d.Operation("searchJobs") != nil || d.Operation("purgeJobs") != nil {
		t.Error(err, d.Operations)
	}
}

func plainJSON(t testing.TB, text string) any {
	t.Helper()
	v, err := source.DecodeJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}
