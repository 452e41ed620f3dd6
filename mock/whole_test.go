package mock

import (
	"testing"
)

// TestWholeList has a list that is not paged count its items, after writes too, and tell of no other page; a count that its schema does not
// take stays as it is.
func TestWholeList(t *testing.T) {
	const text = `
openapi: 3.0.3
info: {title: t, version: "1"}
paths:
  /things:
    get: {responses: {"200": {description: ok, content: {application/json: {schema: {type: object, required: [total, things, meta], properties: {total: {type: integer}, things: &t {type: array, items: {$ref: '#/components/schemas/Thing'}},
      meta: {type: object, required: [count, hasMore], properties: {count: {type: integer}, hasMore: {type: boolean}}}}}}}}}}
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
      responses: {"201": {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}}
  /things/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {"200": {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}, "404": {description: none}}}
  /odd:
    get: {responses: {"200": {description: ok, content: {application/json: {schema: {type: object, required: [total, items], properties: {total: {type: integer, maximum: 3}, items: *t}}}}}}}
components: {schemas: {Thing: {type: object, required: [id], properties: {id: {type: integer, minimum: 100000}}}}}
`
	d := parsed(t, text)
	for seed := range uint64(4) {
		s, err := New(d, WithSeed(seed))
		if err != nil {
			t.Fatal(err)
		}
		c := client{s}
		counted := func(want string) {
			t.Helper()
			for range 2 { // the second page of a kind may come of a stencil
				_, _, body := c.do("GET", "/things", "")
				list, _ := member(body, "things").([]any)
				meta := member(body, "meta")
				got := string(appendJSON(nil, []any{member(body, "total"), member(meta, "count"), member(meta, "hasMore")}))
				if got != want || itoa(len(list)) != string(appendJSON(nil, member(body, "total"))) {
					t.Errorf("seed %d: %s and %d things, want %s", seed, got, len(list), want)
				}
			}
		}
		counted("[10,10,false]")
		if code, _, _ := c.do("POST", "/things", `{"id":5000000}`, "Content-Type", "application/json"); code != 201 {
			t.Fatalf("POST: %d", code)
		}
		counted("[11,11,false]")
		if code, _, _ := c.do("GET", "/odd", ""); code != 200 {
			t.Errorf("/odd: %d", code)
		}
	}
}
