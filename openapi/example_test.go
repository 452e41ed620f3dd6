package openapi

import (
	"strings"
	"testing"
)

const examplesDocument = `
openapi: 3.0.3
info: {title: Examples, version: "1"}
paths:
  /a:
    get:
      operationId: a
      parameters: [{name: n, in: query, example: many, schema: {type: integer}}]
      responses:
        "200":
          description: ok
          headers: {X-N: {example: few, schema: {type: integer}}}
          content:
            application/json:
              examples: {good: {value: {id: b}}, bad: {value: {id: 7}}}
              schema: {$ref: "#/components/schemas/A"}
            application/xml:
              example: "<A><id>x</id></A>"
              schema: {$ref: "#/components/schemas/A"}
components:
  schemas:
    A:
      type: object
      required: [id, secret]
      properties:
        id: {type: string, example: 5}
        secret: {type: string, writeOnly: true, default: 1}
`

// TestBrokenExamples names each example that breaks its schema, and none that does not.
func TestBrokenExamples(t *testing.T) {
	d, err := Parse("examples.yaml", []byte(examplesDocument))
	if err != nil {
		t.Fatal(err)
	}
	c, err := d.Operation("a").Compile()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, err := range append(c.BrokenExamples(), d.Compiler().BrokenExamples()...) {
		got = append(got, err.Error())
	}
	want := []string{"parameters/0/example", "headers/X-N/example", "examples/bad/value", "A/properties/id:", "A/properties/secret:"}
	if len(got) != len(want) {
		t.Fatalf("%q", got)
	}
	for i := range want {
		if !strings.Contains(got[i], want[i]) || !strings.Contains(got[i], "breaks its schema") {
			t.Errorf("%s, want one at %s", got[i], want[i])
		}
	}
}
