package mock

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// styles are lists as known APIs page them, each with items of one kind.
const styles = `
openapi: 3.1.0
info: {title: Styles, version: "1"}
components: {schemas: {Item: {type: object, required: [id], properties: {id: {type: string, format: uuid}, name: {type: string}}}}}
paths:
  /urls: {get: {operationId: urls, parameters: [{name: page, in: query, schema: {type: integer}}, {name: page_size, in: query, schema: {type: integer}}],
    responses: {"200": {description: ok, content: {application/json: {schema: {type: object, required: [count, results], properties: {
    count: {type: integer}, next: {type: [string, 'null'], format: uri}, previous: {type: [string, 'null'], format: uri},
    results: {type: array, items: {$ref: '#/components/schemas/Item'}}}}}}}}}}
  /odata: {get: {operationId: odata, parameters: [{name: $skip, in: query, schema: {type: integer}}, {name: $top, in: query, schema: {type: integer}}],
    responses: {"200": {description: ok, content: {application/json: {schema: {type: object, properties: {
    value: {type: array, items: {$ref: '#/components/schemas/Item'}}, '@odata.nextLink': {type: string}, '@odata.count': {type: integer}}}}}}}}}
  /wrapped: {get: {operationId: wrapped, parameters: [{name: page, in: query, schema: {type: integer}}, {name: per_page, in: query, schema: {type: integer}}],
    responses: {"200": {description: ok, content: {application/json: {schema: {type: object, required: [meta], properties: {
    data: {type: array, items: {$ref: '#/components/schemas/Item'}}, meta: {type: object, properties: {total: {type: integer}, next_page_url: {type: string}}}}}}}}}}}
  /ids: {get: {operationId: ids, parameters: [{name: starting_after, in: query, schema: {type: string}}, {name: limit, in: query, schema: {type: integer}}],
    responses: {"200": {description: ok, content: {application/json: {schema: {type: object, required: [data, has_more], properties: {
    data: {type: array, items: {$ref: '#/components/schemas/Item'}}, has_more: {type: boolean}}}}}}}}}
  /numbers: {get: {operationId: numbers, parameters: [{name: offset, in: query, schema: {type: integer}}, {name: limit, in: query, schema: {type: integer}}],
    responses: {"200": {description: ok, content: {application/json: {schema: {type: object, properties: {
    items: {type: array, items: {$ref: '#/components/schemas/Item'}}, next_offset: {type: [integer, 'null']}}}}}}}}}
  /hal: {get: {operationId: hal, parameters: [{name: page, in: query, schema: {type: integer}}, {name: size, in: query, schema: {type: integer}}],
    responses: {"200": {description: ok, content: {application/hal+json: {schema: {type: object, properties: {
    _embedded: {type: object, properties: {things: {type: array, items: {$ref: '#/components/schemas/Item'}}}},
    _links: {type: object, properties: {self: &link {type: object, required: [href], properties: {href: {type: string}}}, next: *link, prev: *link}}}}}}}}}}
  /tokens: {get: {operationId: tokens, parameters: [{name: $skipToken, in: query, schema: {type: string}}, {name: $top, in: query, schema: {type: integer}}],
    responses: {"200": {description: ok, content: {application/json: {schema: {type: object, properties: {
    value: {type: array, items: {$ref: '#/components/schemas/Item'}}, nextLink: {type: string, format: uri}}}}}}}}}
  /tops: {get: {operationId: tops, parameters: [{name: $top, in: query, schema: {type: integer}}],
    responses: {"200": {description: ok, content: {application/json: {schema: {type: object, properties: {
    value: {type: array, items: {$ref: '#/components/schemas/Item'}}, nextLink: {type: string, format: uri}}}}}}}}}
  /cursors: {get: {operationId: cursors, parameters: [{name: after, in: query, schema: {type: string}}, {name: limit, in: query, schema: {type: integer}}],
    responses: {"200": {description: ok, content: {application/json: {schema: {type: object, properties: {
    data: {type: array, items: {$ref: '#/components/schemas/Item'}},
    paging: {type: object, properties: {cursors: {type: object, properties: {after: {type: string}}}, next: {type: string}}}}}}}}}}}
  /relay: {get: {operationId: relay, parameters: [{name: after, in: query, schema: {type: string}}, {name: first, in: query, schema: {type: integer}}],
    responses: {"200": {description: ok, content: {application/json: {schema: {type: object, required: [nodes, pageInfo], properties: {
    nodes: {type: array, items: {$ref: '#/components/schemas/Item'}}, pageInfo: {type: object, required: [hasNextPage], properties: {hasNextPage: {type: boolean}, endCursor: {type: string}}}}}}}}}}}
  /header: {get: {operationId: header, parameters: [{name: per_page, in: query, schema: {type: integer}}],
    responses: {"200": {description: ok, headers: {Link: {schema: {type: string}}},
    content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Item'}}}}}}}}
`

// TestStyles follows what a page says of the next one, in the way of each style, through the whole list.
func TestStyles(t *testing.T) {
	d := parsed(t, styles)
	s, err := New(d, WithItems(23))
	if err != nil {
		t.Fatal(err)
	}
	link := func(names ...string) func(string, any, []any) string {
		return func(_ string, body any, _ []any) string {
			text, _ := member(body, names...).(string)
			_, query, _ := strings.Cut(text, "?")
			return query
		}
	}
	tests := map[string]struct {
		first, items string // query of the first page, and the names of the members that lead to the items
		next         func(first string, body any, items []any) string
	}{
		"/urls":    {"page_size=4", "results", link("next")},
		"/odata":   {"%24top=4", "value", link("@odata.nextLink")},
		"/wrapped": {"per_page=4", "data", link("meta", "next_page_url")},
		"/hal":     {"size=4", "_embedded things", link("_links", "next", "href")},
		"/tokens":  {"%24top=4", "value", link("nextLink")},
		"/tops":    {"%24top=4", "value", link("nextLink")},
		"/header":  {"per_page=4", "", nil},
		"/cursors": {"limit=4", "data", func(first string, body any, _ []any) string {
			if cursor, _ := member(body, "paging", "cursors", "after").(string); cursor != "" {
				return first + "&after=" + url.QueryEscape(cursor)
			}
			return ""
		}},
		"/relay": {"first=4", "nodes", func(first string, body any, _ []any) string {
			if member(body, "pageInfo", "hasNextPage") != true {
				return ""
			}
			return first + "&after=" + url.QueryEscape(member(body, "pageInfo", "endCursor").(string))
		}},
		"/ids": {"limit=4", "data", func(first string, body any, items []any) string {
			if member(body, "has_more") != true {
				return ""
			}
			return first + "&starting_after=" + url.QueryEscape(member(items[len(items)-1], "id").(string))
		}},
		"/numbers": {"limit=4", "items", func(first string, body any, _ []any) string {
			if offset, ok := member(body, "next_offset").(float64); ok {
				return first + fmt.Sprintf("&offset=%.0f", offset)
			}
			return ""
		}},
	}
	for path, tt := range tests {
		seen, count := map[any]bool{}, 0
		for query := tt.first; query != "" && count < 100; {
			code, header, body := client{s}.do("GET", path+"?"+query, "")
			items, _ := member(body, strings.Fields(tt.items)...).([]any)
			if code != 200 || len(items) == 0 {
				t.Fatalf("%s?%s: %d %v", path, query, code, body)
			}
			for _, item := range items {
				seen[member(item, "id")] = true
			}
			if count += len(items); tt.next == nil {
				query = lists()["link"].next(body, header, 0, 0)
			} else {
				query = tt.next(tt.first, body, items)
			}
		}
		if count != 23 || len(seen) != 23 {
			t.Errorf("%s: %d items, %d different, want 23", path, count, len(seen))
		}
	}
	if code, _, body := (client{s}).do("GET", "/ids?starting_after=unknown", ""); code != 400 || !strings.Contains(fmt.Sprint(body), "no item unknown") {
		t.Errorf("a cursor that is no item's ID: %d %v", code, body)
	}
}
