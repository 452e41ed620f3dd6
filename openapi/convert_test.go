package openapi

import (
	"strings"
	"testing"
)

// TestSwagger reads a Swagger 2.0 document of two files as OpenAPI 3.0.
func TestSwagger(t *testing.T) {
	d, err := Load("testdata/swagger.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if !d.Converted || len(d.Operations) != 3 || d.Servers[0] != "https://parcels.example.com/v1" {
		t.Errorf("converted %v, %d operations, servers %v", d.Converted, len(d.Operations), d.Servers)
	}
	list, err := d.Operation("listParcels").Compile()
	if err != nil {
		t.Fatal(err)
	}
	if p := list.Parameter("query", "tags"); p == nil || p.Style != "form" || p.Explode {
		t.Errorf("collectionFormat csv became %+v", p)
	}
	state := list.Response(200).JSON().Schema.Items.Find("state")
	if state == nil || len(state.Enum) != 3 {
		t.Errorf("the schema of the other file: %+v", state)
	}
	upload, err := d.Operation("uploadLabel").Compile()
	if err != nil || upload.Body == nil || upload.Body.Content[0].Type.String() != "multipart/form-data" {
		t.Errorf("%v %+v", err, upload)
	}
	if findings := d.Lint(); len(findings) > 0 {
		t.Error(findings)
	}
}

func TestSwaggerBroken(t *testing.T) {
	for text, want := range map[string]string{
		`{"swagger":"2.0","paths":[]}`: "Swagger 2.0",
		`{"swagger":"1.2"}`:            "want Swagger 2.0 or OpenAPI 3.0 to 3.2",
		`{"swagger":"2.0","info":{},"paths":{"/a":{"get":{"responses":{"x":1}}}}}`: "Swagger 2.0",
	} {
		if _, err := Parse("old.json", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// TestSwaggerProduces has the media types of the document hold for operations that name none.
func TestSwaggerProduces(t *testing.T) {
	d, err := Parse("old.yaml", []byte(`
swagger: "2.0"
info: {title: t, version: "1"}
produces: [application/json, application/xml]
paths:
  /a:
    get: {operationId: inherits, responses: {200: {description: ok, schema: {type: object}}}}
    post: {operationId: own, produces: [text/csv], responses: {200: {description: ok, schema: {type: string}}}}
`))
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]string{"inherits": "application/json application/xml", "own": "text/csv"} {
		op, err := d.Operation(id).Compile()
		if err != nil {
			t.Fatal(err)
		}
		var types []string
		for _, c := range op.Response(200).Content {
			types = append(types, c.Type.String())
		}
		if got := strings.Join(types, " "); got != want {
			t.Errorf("%s: %s, want %s", id, got, want)
		}
	}
}
