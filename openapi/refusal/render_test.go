package refusal

import (
	"encoding/json"
	"testing"

	"troth/openapi"
	"troth/openapi/convention"
	"troth/openapi/schema"
)

// TestListedErrors has the cause in the first error of a list, where errors stand in lists.
func TestListedErrors(t *testing.T) {
	const start = `
openapi: 3.0.3
info: {title: t, version: "1"}
paths:
  /:
    get:
      responses:
        "200": {description: ok}
        default: {description: wrong, content: {application/json: {schema: {type: object, required: [`
	violations := []openapi.Violation{{In: "query", Name: "n", Violation: schema.Violation{Keyword: "type", Want: "integer", Got: "x"}}}
	tests := []struct{ name, schema, want string }{
		{"JSON:API", `errors], properties: {errors: {type: array, items: {type: object, properties: {status: {type: string}, title: {type: string}, detail: {type: string}}}}}`,
			`{"errors":[{"detail":"the cause","status":"400"}]}`},
		{"not required", `], properties: {errors: {type: array, items: {type: object, properties: {status: {type: integer}, message: {type: string}}}}}`,
			`{"errors":[{"message":"the cause","status":400}]}`},
		{"texts", `errors], properties: {errors: {type: array, items: {type: string}}}`, `{"errors":["the cause"]}`},
		{"a status of its own", `errors], properties: {errors: {type: array, items: {type: object, properties: {status: {type: string}, message: {type: string}}}}}`,
			`{"errors":[{"message":"the cause"}]}`},
		{"of fields", `errors], properties: {errors: {type: array, items: {type: object, required: [field, message], properties: {field: {type: string}, message: {type: string}}}}}`,
			`{"errors":[{"field":"n","message":"type: want integer, got x"}]}`},
		{"beside a detail", `errors], properties: {message: {type: string}, errors: {type: array, items: {type: object, properties: {message: {type: string}}}}}`,
			`{"errors":[],"message":"the cause"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := openapi.Parse("errors.yaml", []byte(start+tt.schema+"}}}}\n"))
			if err != nil {
				t.Fatal(err)
			}
			conv, err := convention.Beside(d)
			if err != nil {
				t.Fatal(err)
			}
			op, err := d.Operations[0].Compile()
			if err != nil {
				t.Fatal(err)
			}
			r := &Renderer{Document: d, Conventions: conv}
			_, body := r.Render(op, nil, &Fault{Status: 400, Detail: "the cause", Violations: violations})
			if got, err := json.Marshal(body); err != nil || string(got) != tt.want {
				t.Errorf("%s %v, want %s", got, err, tt.want)
			}
		})
	}
}
