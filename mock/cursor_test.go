package mock

import (
	"fmt"
	"net/url"
	"testing"
)

// shaped are lists whose documents say what a cursor looks like: each other than the mock's own.
const shaped = `
openapi: 3.1.0
info: {title: Cursors, version: "1"}
components: {schemas: {Item: {type: object, required: [id], properties: {id: {type: string, format: uuid}}}}}
paths:
  /marks: {get: {operationId: marks, parameters: [{name: nextToken, in: query, schema: {type: string, pattern: '^(\d+)##(\S+)$'}}, {name: limit, in: query, schema: {type: integer}}],
    responses: {"200": {description: ok, content: {application/json: {schema: {type: object, properties: {
    items: {type: array, items: {$ref: '#/components/schemas/Item'}}, nextToken: {type: string, pattern: '^(\d+)##(\S+)$'}}}}}}}}}
  /numbers: {get: {operationId: numbers, parameters: [{name: cursor, in: query, schema: {type: string, pattern: '^[1-9]\d?$'}}, {name: limit, in: query, schema: {type: integer}}],
    responses: {"200": {description: ok, content: {application/json: {schema: {type: object, properties: {
    items: {type: array, items: {$ref: '#/components/schemas/Item'}}, nextCursor: {type: [string, 'null'], pattern: '^[1-9]\d?$'}}}}}}}}}
  /few: {get: {operationId: few, parameters: [{name: nextToken, in: query, schema: {type: string, pattern: '[\\S]+'}}, {name: limit, in: query, schema: {type: integer}}],
    responses: {"200": {description: ok, content: {application/json: {schema: {type: object, properties: {
    items: {type: array, items: {$ref: '#/components/schemas/Item'}}, nextToken: {type: string, pattern: '[\\S]+'}}}}}}}}}
  /short: {get: {operationId: short, parameters: [{name: nextToken, in: query, schema: {type: string, maxLength: 8}}, {name: limit, in: query, schema: {type: integer}}],
    responses: {"200": {description: ok, content: {application/json: {schema: {type: object, properties: {
    items: {type: array, items: {$ref: '#/components/schemas/Item'}}, nextToken: {type: string}}}}}}}}}
`

// TestShapedCursors walks such lists, each page with a server of its own, and sends a cursor that fits and that nobody issued.
func TestShapedCursors(t *testing.T) {
	forged := map[string]string{"marks": "12##forged", "numbers": "", "few": "S1", "short": "forged"}
	for path, param := range map[string]string{"marks": "nextToken", "numbers": "cursor", "few": "nextToken", "short": "nextToken"} {
		seen, cursors := map[any]bool{}, map[string]bool{}
		for query := "limit=4"; query != "" && len(cursors) < 50; {
			s, err := New(parsed(t, shaped), WithItems(23))
			if err != nil {
				t.Fatal(err)
			}
			code, _, body := client{s}.do("GET", "/"+path+"?"+query, "")
			if code != 200 {
				t.Fatalf("%s?%s: %d %v", path, query, code, body)
			}
			for _, item := range member(body, "items").([]any) {
				seen[member(item, "id")] = true
			}
			next := member(body, "next"+map[bool]string{true: "Cursor", false: "Token"}[path == "numbers"])
			if query = ""; next != nil {
				cursors[fmt.Sprint(next)] = true
				query = "limit=4&" + param + "=" + url.QueryEscape(fmt.Sprint(next))
			}
		}
		if len(seen) != 23 || len(cursors) != 5 {
			t.Errorf("%s: %d items by %d cursors, want 23 by 5", path, len(seen), len(cursors))
		}
		s, err := New(parsed(t, shaped), WithItems(23))
		if err != nil {
			t.Fatal(err)
		}
		if code, _, body := (client{s}).do("GET", "/"+path+"?"+param+"="+url.QueryEscape(forged[path]), ""); forged[path] != "" && code != 400 {
			t.Errorf("%s: a cursor that nobody issued: %d %v", path, code, body)
		}
	}
}
