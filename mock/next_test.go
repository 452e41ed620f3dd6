package mock

import (
	"strings"
	"testing"
)

// ends are lists by cursor or offset whose last page tells in different ways that it is the last.
const ends = `
openapi: 3.1.0
info: {title: Ends, version: "1"}
paths:
  /optional: {get: &cursor {parameters: [{name: cursor, in: query, schema: {type: string}}, {name: limit, in: query, schema: {type: integer}}],
    responses: {"200": {description: ok, content: {application/json: {schema: {type: object, properties: {items: &items {type: array, items: {type: object, properties: {id: {type: string}}}}, nextCursor: {type: string}}}}}}}}}
  /long: {get: {<<: *cursor, responses: {"200": {description: ok, content: {application/json: {schema: {type: object, properties: {items: *items, nextCursor: {type: string, minLength: 4}}}}}}}}}
  /nullable: {get: {<<: *cursor, responses: {"200": {description: ok, content: {application/json: {schema: {type: object, properties: {items: *items, nextCursor: {type: [string, 'null']}}}}}}}}}
  /required: {get: {<<: *cursor, responses: {"200": {description: ok, content: {application/json: {schema: {type: object, required: [nextCursor], properties: {items: *items, nextCursor: {type: string}}}}}}}}}
  /within: {get: {<<: *cursor, responses: {"200": {description: ok, content: {application/json: {schema: {allOf: [{type: object, properties: {items: *items, meta: {type: object, properties: {nextCursor: {type: string}}}}}, {required: [meta], properties: {meta: {required: [nextCursor]}}}]}}}}}}}
  /number: {get: {parameters: [{name: offset, in: query, schema: {type: integer}}, {name: limit, in: query, schema: {type: integer}}],
    responses: {"200": {description: ok, content: {application/json: {schema: {type: object, required: [nextOffset], properties: {items: *items, nextOffset: {type: integer}}}}}}}}}
  /links: {get: {parameters: [{name: page, in: query, schema: {type: integer}}, {name: limit, in: query, schema: {type: integer}}],
    responses: {"200": {description: ok, content: {application/json: {schema: {type: object, required: [links], properties: {items: *items, links: {type: object, required: [next, prev], properties: {next: {type: string}, prev: {type: string, format: uri}}}}}}}}}}}
`

// TestLastPage has the member that leads on null, absent or, where it is required, without a meaning on the last page.
func TestLastPage(t *testing.T) {
	d := parsed(t, ends)
	s, err := New(d, WithItems(5))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		path, member string
		has          bool
		want         any
	}{
		{"/optional", "nextCursor", false, nil},
		{"/long", "nextCursor", false, nil},
		{"/nullable", "nextCursor", true, nil},
		{"/required", "nextCursor", true, ""},
		{"/within", "meta nextCursor", true, ""},
		{"/number", "nextOffset", true, 10.0},
		{"/links", "links next", true, ""},
		{"/links", "links prev", true, "http://example.com/links?page=1&limit=10"},
	}
	for _, tt := range tests {
		names := strings.Fields(tt.member)
		last := names[len(names)-1]
		for range 2 { // made, then by the stencil
			_, _, first := client{s}.do("GET", tt.path+"?limit=2", "")
			if v := member(first, names...); v == nil || v == "" {
				t.Errorf("%s: the first page does not lead on: %v", tt.path, first)
			}
			code, _, body := client{s}.do("GET", tt.path+"?limit=10", "")
			home, _ := member(body, names[:len(names)-1]...).(map[string]any)
			got, has := home[last]
			if items, _ := member(body, "items").([]any); code != 200 || len(items) != 5 || has != tt.has || got != tt.want {
				t.Errorf("%s: %d %v, want %s %v %v", tt.path, code, body, last, tt.has, tt.want)
			}
		}
	}
}
