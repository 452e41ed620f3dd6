package gen_test

import (
	"strings"
	"testing"

	"troth/gen"
	"troth/openapi"
)

// Documents whose code did not compile, or was refused, as oapi-codegen alone writes it. Files type-checks what it returns.
func TestUnusual(t *testing.T) {
	const answer = `{"200": {description: ok, content: {application/json: {schema: %s}}}}`
	tests := []struct {
		name, responses, components string
		want                        []string // in types, server or client
	}{
		{"any answer", strings.Replace(answer, "%s", `{$ref: "#/components/schemas/Any"}`, 1), `schemas: {Any: {description: anything}}`,
			[]string{"type Get200JSONResponse struct {\n\tBody Any\n}", "Encode(response.Body)"}},
		{"any answer in place", strings.Replace(answer, "%s", "{}", 1), "", []string{"type Get200JSONResponse struct {\n\tBody interface{}\n}"}},
		{"answer is a list by name", strings.Replace(answer, "%s", `{$ref: "#/components/schemas/List"}`, 1), `schemas: {List: {type: array, items: {type: string}}}`,
			[]string{"type Get200JSONResponse List", "Encode(response)"}},
		{"answer is a time by name", strings.Replace(answer, "%s", `{$ref: "#/components/schemas/When"}`, 1), `schemas: {When: {type: string, format: date-time}}`,
			[]string{"type Get200JSONResponse struct { Body When }", "Encode(response.Body)"}},
		{"component answer is a list", `{"200": {$ref: "#/components/responses/List"}}`,
			`responses: {List: {description: ok, content: {application/json: {schema: {type: array, items: {type: string}}}}}}`,
			[]string{"Encode(response.ListJSONResponse)"}},
		{"component answer written out", `{"200": {$ref: "#/components/responses/Odd"}}`,
			`responses: {Odd: {description: ok, content: {application/json: {schema: {type: object, properties: {a: {type: string}}}}}}}`,
			[]string{"type OddBody struct"}},
		{"answers named by status", `{"404": {$ref: "#/components/responses/404-error"}}`,
			`responses: {404-error: {description: no, content: {application/json: {schema: {type: object, properties: {a: {type: string}}}}}}}`,
			[]string{"type N404ErrorJSONResponse ", "type Get404JSONResponse struct{ N404ErrorJSONResponse }"}},
		{"answer and schema of one name", `{"404": {$ref: "#/components/responses/error"}}`,
			`{responses: {error: {description: no, content: {application/json: {schema: {$ref: "#/components/schemas/error"}}}}}, schemas: {error: {type: object, properties: {a: {type: string}}}}}`,
			[]string{"type Get404JSONResponse struct{ ErrorReplyJSONResponse }"}},
		{"component answer of two contents", `{"200": {$ref: "#/components/responses/Two"}}`,
			`responses: {Two: {description: ok, content: {application/vnd.a+json: {schema: {$ref: "#/components/schemas/A"}}, application/vnd.b+json: {schema: {$ref: "#/components/schemas/A"}}}}}, schemas: {A: {type: object, properties: {a: {type: string}}}}`,
			[]string{"type Get200ApplicationVndAPlusJSONResponse ", "type Get200ApplicationVndBPlusJSONResponse "}},
		{"several types", strings.Replace(answer, "%s", `{type: object, properties: {a: {type: [string, integer, 'null']}}}`, 1), "",
			[]string{"AsGet200JSONResponseBodyA0() (", "union json.RawMessage"}},
		{"deep reference", strings.Replace(answer, "%s", `{type: object, properties: {a: {$ref: "#/components/schemas/Job/properties/state"}}}`, 1),
			`schemas: {Job: {type: object, properties: {state: {type: string, enum: [x, y]}}}}`, []string{"type JobState string"}},
		{"described reference", strings.Replace(answer, "%s", `{type: object, properties: {at: {allOf: [{$ref: "#/components/schemas/When"}, {description: when, maxLength: 30}]}}}`, 1),
			`schemas: {When: {type: string, format: date-time}}`, []string{"At *When"}},
		{"format in one member", strings.Replace(answer, "%s", `{type: object, properties: {at: {allOf: [{type: string}, {format: date-time}]}}}`, 1), "", []string{"At *time.Time"}},
		{"members that differ", strings.Replace(answer, "%s", `{allOf: [{$ref: "#/components/schemas/A"}, {$ref: "#/components/schemas/B"}]}`, 1),
			`schemas: {A: {type: object, uniqueItems: true, default: {}, properties: {a: {type: string}}}, B: {type: object, default: {b: 1}, properties: {b: {type: string}}}}`,
			[]string{"A *string", "B *string"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			components := test.components
			if !strings.HasPrefix(components, "{") {
				components = "{" + components + "}"
			}
			text := "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {/x: {get: {operationId: get, responses: " + test.responses + "}}}\ncomponents: " + components + "\n"
			doc, err := openapi.Parse("d.yaml", []byte(text))
			if err != nil {
				t.Fatal(err)
			}
			files, err := gen.Files(doc, "d")
			if err != nil {
				t.Fatal(err)
			}
			code := ""
			for _, f := range files {
				code += string(f.Data)
			}
			flat := strings.Join(strings.Fields(code), " ")
			for _, want := range test.want {
				if !strings.Contains(flat, strings.Join(strings.Fields(want), " ")) {
					t.Errorf("no %q in\n%s%s", want, files[0].Data, files[1].Data)
				}
			}
		})
	}
}

// What cannot be written is left out and named; the rest is written.
func TestLeftOut(t *testing.T) {
	text := `openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /good: {get: {operationId: good, responses: {"200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Good"}}}}}}}
  /anchored: {get: {operationId: anchored, responses: {"200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Anchored"}}}}}}}
  /torn: {get: {operationId: torn, responses: {"200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Torn"}}}}}}}
  /torn2: {get: {operationId: torn2, responses: {"200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Torn"}}}}}}}
components:
  schemas:
    Good: {type: object, properties: {a: {type: string}}}
    Anchored: {type: object, $anchor: here, properties: {a: {type: string}}}
    Torn: {allOf: [{type: object, properties: {a: {type: string}}}, {type: string}]}
`
	doc, err := openapi.Parse("d.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	files, err := gen.Files(doc, "d", gen.WithLeftOut(func(p gen.Problem) { told = append(told, p.String()) }))
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(told, "\n")
	for _, want := range []string{"d.yaml:11 #/components/schemas/Anchored/$anchor (anchored)", "#/paths/~1torn/get (torn, torn2)", "incompatible types"} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in\n%s", want, all)
		}
	}
	if server := string(files[1].Data); !strings.Contains(server, "Good(") || strings.Contains(server, "Torn") || strings.Contains(server, "Anchored") {
		t.Errorf("want the operation good only:\n%s", server)
	}
	if _, err := gen.Files(doc, "d"); err == nil {
		t.Error("without WithLeftOut: no error")
	}
}
