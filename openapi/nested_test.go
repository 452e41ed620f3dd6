package openapi

import (
	"net/http/httptest"
	"testing"

	"troth/openapi/schema"
	"troth/openapi/source"
)

// TestNestedValues: what the styles have no form for is JSON text, and is read as it was written.
func TestNestedValues(t *testing.T) {
	d, err := Parse("nested.yaml", []byte(`
openapi: 3.1.0
info: {title: t, version: "1"}
paths:
  /mget/{list}:
    get:
      operationId: get
      parameters:
      - {name: list, in: path, required: true, schema: {type: array, items: {type: array, items: {type: string}}}}
      - name: filter
        in: query
        schema:
          type: object
          properties:
            tags: {type: array, items: {type: object, required: [key], properties: {key: {type: string}}}}
            days: {type: array, items: {type: integer}}
      responses: {"200": {description: ok, content: {"text/plain; utf-8": {schema: {type: string}}}}}
`))
	if err != nil {
		t.Fatal(err)
	}
	op, err := d.Operation("get").Compile()
	if err != nil {
		t.Fatal(err)
	}
	if c := op.Response(200).Content; len(c) != 1 || c[0].Type.String() != "text/plain" {
		t.Errorf("a media type with a nameless parameter is read as %v", c)
	}
	list, filter := valueOf(t, `[["a","b"],["c,d"]]`), valueOf(t, `{"tags":[{"key":"x"},{"key":"y"}],"days":[25,6]}`)
	path, err := op.Parameter("path", "list").Encode(list)
	if err != nil {
		t.Fatal(err)
	}
	query, err := op.Parameter("query", "filter").Encode(filter)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("GET", "/mget/"+path+"?"+query, nil)
	values, violations := op.DecodeParameters(r, d.Match(r, r.URL.EscapedPath()))
	if len(violations) > 0 {
		t.Fatal(r.URL, violations)
	}
	for name, want := range map[[2]string]any{{"path", "list"}: list, {"query", "filter"}: filter} {
		if got, _ := values.Get(name[0], name[1]); !schema.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name[1], got, want)
		}
	}
}

func valueOf(t *testing.T, text string) any {
	t.Helper()
	v, err := source.DecodeJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestContentParameters: a parameter whose content is JSON is JSON text, one of another media type is the text itself.
func TestContentParameters(t *testing.T) {
	d, err := Parse("content.yaml", []byte(`
openapi: 3.1.0
info: {title: t, version: "1"}
paths:
  /reports/{id}:
    get:
      operationId: get
      parameters:
      - {name: id, in: path, required: true, content: {"*/*": {schema: {type: string, format: uuid}}}}
      - {name: filter, in: query, content: {application/json: {schema: {type: string}}}}
      responses: {"200": {description: ok}}
`))
	if err != nil {
		t.Fatal(err)
	}
	op, err := d.Operation("get").Compile()
	if err != nil {
		t.Fatal(err)
	}
	const id = "3faa47e6-07a1-4025-9814-deed6af87e45"
	path, err := op.Parameter("path", "id").Encode(id)
	if err != nil || path != id {
		t.Errorf("%s %v", path, err)
	}
	query, err := op.Parameter("query", "filter").Encode("a")
	if err != nil || query != "filter=%22a%22" {
		t.Errorf("%s %v", query, err)
	}
	r := httptest.NewRequest("GET", "/reports/"+path+"?"+query, nil)
	if _, violations := op.DecodeParameters(r, d.Match(r, r.URL.EscapedPath())); len(violations) > 0 {
		t.Error(violations)
	}
}
