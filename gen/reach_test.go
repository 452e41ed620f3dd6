package gen_test

import (
	"strings"
	"testing"

	"troth/gen"
	"troth/openapi"
)

// circle is a document whose second operation reaches schemas that refer to one another.
const circle = `openapi: 3.0.3
info: {title: T, version: "1"}
paths:
  /a:
    get:
      operationId: getA
      parameters: [{$ref: "#/components/parameters/q"}]
      responses: {"200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/A"}}}}}
  /b:
    get:
      operationId: getB
      responses: {"200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/B"}}}}}
components:
  parameters:
    q: {name: q, in: query, schema: {$ref: "#/components/schemas/Q"}}
  schemas:
    A: {type: object, properties: {id: {type: string}, pet: {$ref: "#/components/schemas/Pet"}}}
    Q: {type: string, enum: [x, y]}
    B: {type: object, properties: {c: {$ref: "#/components/schemas/C"}}}
    C: {type: object, properties: {b: {$ref: "#/components/schemas/B"}}}
    Pet:
      oneOf: [{$ref: "#/components/schemas/Cat"}]
      discriminator: {propertyName: kind, mapping: {cat: "#/components/schemas/Cat"}}
    Cat: {type: object, required: [kind], properties: {kind: {type: string}}}
`

func types(t *testing.T, text string, opts ...gen.Option) string {
	t.Helper()
	doc, err := openapi.Parse("d.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	files, err := gen.Files(doc, "d", opts...)
	if err != nil {
		t.Fatal(err)
	}
	return string(files[0].Data)
}

// Schemas that refer to one another in a circle go with the operation that reaches them.
func TestOperationsReach(t *testing.T) {
	text := types(t, circle, gen.WithOperations("getA"))
	for _, name := range []string{"A", "Q", "Pet", "Cat"} {
		if !strings.Contains(text, "\ntype "+name+" ") {
			t.Errorf("no type %s", name)
		}
	}
	for _, name := range []string{"B", "C"} {
		if strings.Contains(text, "\ntype "+name+" ") {
			t.Errorf("type %s, which getA does not reach", name)
		}
	}
	if all := types(t, circle); !strings.Contains(all, "\ntype B ") {
		t.Error("no type B among all operations")
	}
}

// readOnly on one member of allOf is no reason to refuse.
func TestAllOfReadOnly(t *testing.T) {
	text := strings.Replace(circle, "    A: {type: object, properties: {id", `    A: {allOf: [{$ref: "#/components/schemas/B"}, {$ref: "#/components/schemas/R"}]}
    R: {type: object, readOnly: true, properties: {id`, 1)
	if got := types(t, text); !strings.Contains(got, "\ntype A struct") {
		t.Errorf("no type A in %s", got)
	}
}
