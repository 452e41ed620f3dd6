package mock

import (
	"fmt"
	"net/http/httptest"
	"testing"

	"troth/openapi"
)

// TestOrdinarySizes: a list whose smallest page is larger than the usual one, and IDs that may be empty texts, are served like others.
func TestOrdinarySizes(t *testing.T) {
	d, err := openapi.Parse("sizes.yaml", []byte(`
openapi: 3.1.0
info: {title: t, version: "1"}
paths:
  /blocks:
    get:
      operationId: listBlocks
      parameters: [{name: page, in: query, schema: {type: integer}}, {name: maxResults, in: query, schema: {type: integer, minimum: 100, maximum: 1000}}]
      responses: {"200": {description: ok, content: {application/json: {schema: {type: object, required: [items], properties: {items: {type: array, items: {$ref: "#/components/schemas/Block"}}}}}}}}
  /blocks/{id}:
    put:
      operationId: putBlock
      parameters:
      - {name: id, in: path, required: true, schema: {type: string, pattern: '[\s\S]*', maxLength: 2}}
      - {name: If-Match, in: header, required: true, example: AAAA, schema: {type: string}}
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Block"}}}}
      responses: {"200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Block"}}}}, "412": {description: other}}
components: {schemas: {Block: {type: object, required: [id], properties: {id: {type: string, pattern: '[\s\S]*', maxLength: 2}}}}}
`))
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(d, WithItems(150))
	if err != nil {
		t.Fatal(err)
	}
	code, _, v := client{s}.do("GET", "/blocks", "")
	items := member(v, "items").([]any)
	if code != 200 || len(items) != 100 {
		t.Fatalf("%d with %d items, want 200 with 100", code, len(items))
	}
	for _, item := range items {
		if member(item, "id") == "" {
			t.Errorf("an item that no path leads to: %v", item)
		}
	}
	for page, want := range map[string]int{"2": 50, "3": 0, "99999999999999999999": 0, "1e400": 0, "-99999999999999999999": 100} {
		_, _, v := client{s}.do("GET", "/blocks?page="+page, "")
		if items, _ := member(v, "items").([]any); len(items) != want {
			t.Errorf("page %s has %d items, want %d", page, len(items), want)
		}
	}
	r, err := s.Ordinary(d.Operation("putBlock"))
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	if s.ServeHTTP(w, r); w.Code != 200 {
		t.Errorf("%s %s: %d %s", r.Method, r.URL, w.Code, w.Body)
	}
	if fmt.Sprint(r.Header["If-Match"]) != "[*]" {
		t.Error(r.Header)
	}
}

// TestVariablesOfOthers: a path parameter that cannot hold an ID of the collection in front of it picks something else.
func TestVariablesOfOthers(t *testing.T) {
	d, err := openapi.Parse("analyses.yaml", []byte(`
openapi: 3.1.0
info: {title: t, version: "1"}
paths:
  /analyses/{analysis-id}:
    get:
      operationId: getAnalysis
      parameters: [{name: analysis-id, in: path, required: true, schema: {type: string, pattern: "^[a-f]{8}$"}}]
      responses: {"200": {description: ok, content: {application/json: {schema: {type: object, required: [id], properties: {id: {type: string, pattern: "^[a-f]{8}$"}}}}}}, "404": {description: none}}
  /analyses/{project-id}:
    post:
      operationId: requestAnalysis
      parameters: [{name: project-id, in: path, required: true, schema: {type: integer, minimum: 1}}]
      responses: {"202": {description: taken}, "404": {description: none}}
`))
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(d)
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]int{"getAnalysis": 200, "requestAnalysis": 202} {
		r, err := s.Ordinary(d.Operation(id))
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		if s.ServeHTTP(w, r); w.Code != want {
			t.Errorf("%s %s: %d %s, want %d", r.Method, r.URL, w.Code, w.Body, want)
		}
	}
	if code, _, _ := (client{s}).do("GET", "/analyses/ffffffff", ""); code != 404 {
		t.Errorf("an analysis that does not exist: %d", code)
	}
}
