package gen_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"troth/gen"
	"troth/openapi"
)

// around puts a path and a schema into a document.
func around(path, schema string) string {
	return fmt.Sprintf(`openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  %q:
    get:
      operationId: get
      parameters: [{name: a, in: path, required: true, schema: {type: string}}]
      responses: {"200": {description: ok, content: {application/json: {schema: %s}}}}
`, path, schema)
}

func TestUnsupported(t *testing.T) {
	tests := []struct {
		name, path, schema string
		want               []string // parts of the error; none: code is written
	}{
		{"union of types", "/x/{a}", "{type: [string, integer]}", nil},
		{"type or null", "/x/{a}", "{type: [string, 'null']}", nil},
		{"property named type", "/x/{a}", "{type: object, properties: {type: {type: string}}}", nil},
		{"types in an example", "/x/{a}", "{type: object, example: {type: [a, b]}}", nil},
		{"anchor", "/x/{a}", "{type: string, $anchor: here}", []string{"d.yaml:8 #/paths/~1x~1{a}/get/responses/200/content/application~1json/schema/$anchor (get)", "JSON pointer"}},
		{"id", "/x/{a}", "{type: string, $id: 'https://x.example/s'}", []string{"$id"}},
		{"property named $id", "/x/{a}", "{type: object, properties: {$id: {type: string}}}", nil},
		{"verb behind a parameter", "/x/{a}:pin", "{type: string}", nil},
		{"extension behind a parameter", "/x/{a}.gz", "{type: string}", nil},
		{"verb behind a literal", "/x/{a}/jobs:pin", "{type: string}", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			doc, err := openapi.Parse("d.yaml", []byte(around(test.path, test.schema)))
			if err != nil {
				t.Fatal(err)
			}
			_, err = gen.Files(doc, "d")
			if test.want == nil {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			var u *gen.Unsupported
			if !errors.As(err, &u) || len(u.Problems) != 1 {
				t.Fatalf("want one problem, got %v", err)
			}
			for _, part := range test.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("no %q in %v", part, err)
				}
			}
		})
	}
}

// What oapi-codegen finds itself names the document and what to do.
func TestGeneratorError(t *testing.T) {
	schema := `{allOf: [{type: object}, {type: string}]}`
	doc, err := openapi.Parse("d.yaml", []byte(around("/x/{a}", schema)))
	if err != nil {
		t.Fatal(err)
	}
	_, err = gen.Files(doc, "d")
	if err == nil || !strings.Contains(err.Error(), "d.yaml") || !strings.Contains(err.Error(), "change the document") {
		t.Errorf("got %v", err)
	}
}

// Two names that become one are found before the compiler does.
func TestDeclaredOnce(t *testing.T) {
	text := around("/x/{a}", `{$ref: "#/components/schemas/Binder"}`) + "components: {schemas: {Binder: {type: object, properties: {id: {type: string}}}}}\n"
	doc, err := openapi.Parse("d.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	_, err = gen.Files(doc, "d")
	if err == nil || !strings.Contains(err.Error(), "Binder (in types.gen.go and binder.gen.go)") || !strings.Contains(err.Error(), "x-go-name") {
		t.Errorf("got %v", err)
	}
}
