package mock

import (
	"testing"

	"troth/openapi/convention"
)

const counted = `
openapi: 3.0.3
info: {title: Counted, version: "1"}
paths:
  /pages: {get: {parameters: [{name: page, in: query, schema: {type: integer}}, {name: per_page, in: query, schema: {type: integer}}],
    responses: {"200": {description: ok, headers: {X-Total: &n {schema: {type: integer}}, X-WP-TotalPages: *n, X-Page: *n, X-Per-Page: *n, X-Next-Page: *n, X-Prev-Page: *n, RateLimit-Limit: *n, X-Few-Total: {schema: {type: integer, maximum: 3}}},
      content: {application/json: {schema: &list {type: array, items: {type: object, properties: {id: {type: string}}}}}}}}}}
  /offsets: {get: {parameters: [{name: offset, in: query, schema: {type: integer}}, {name: limit, in: query, schema: {type: integer}}],
    responses: {"200": {description: ok, headers: {X-Total-Count: {schema: {type: string}}, Content-Range: {schema: {type: string}}, X-Pagination-Offset: *n, X-Next-Page: {required: true, schema: {type: integer}}}, content: {application/json: {schema: *list}}}}}}
  /cursors: {get: {parameters: [{name: cursor, in: query, schema: {type: string}}, {name: limit, in: query, schema: {type: integer}}],
    responses: {"200": {description: ok, headers: {X-Next-Cursor: {schema: {type: string}}}, content: {application/json: {schema: *list}}}}}}
  /all: {get: {responses: {"200": {description: ok, headers: {X-Total-Count: *n}, content: {application/json: {schema: *list}}}}}}
`

// TestListHeaders reads what fields tell of a list: it is what the list is, and none is there that is not due.
func TestListHeaders(t *testing.T) {
	d := parsed(t, counted)
	s, err := New(d, WithItems(23))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		path string
		want map[string]string
	}{
		{"/pages?per_page=10", map[string]string{"X-Total": "23", "X-Wp-Totalpages": "3", "X-Page": "1", "X-Per-Page": "10", "X-Next-Page": "2", "X-Prev-Page": ""}},
		{"/pages?per_page=10&page=3", map[string]string{"X-Total": "23", "X-Page": "3", "X-Next-Page": "", "X-Prev-Page": "2"}},
		{"/offsets?limit=10", map[string]string{"X-Total-Count": "23", "Content-Range": "items 0-9/23", "X-Pagination-Offset": "0", "X-Next-Page": "2"}},
		{"/offsets?limit=10&offset=20", map[string]string{"X-Total-Count": "23", "Content-Range": "items 20-22/23", "X-Pagination-Offset": "20"}},
		{"/offsets?limit=10&offset=40", map[string]string{"Content-Range": "items */23"}},
		{"/cursors?limit=23", map[string]string{"X-Next-Cursor": ""}},
		{"/all", map[string]string{"X-Total-Count": itoa(unpaged)}}, // each item is there
	} {
		_, header, _ := client{s}.do("GET", tt.path, "")
		for name, want := range tt.want {
			if got := header.Get(name); got != want {
				t.Errorf("%s: %s: %q, want %q", tt.path, name, got, want)
			}
		}
	}
	_, header, _ := client{s}.do("GET", "/offsets?limit=30", "")
	if header.Get("X-Next-Page") == "" {
		t.Error("a field that is required is not sent")
	}
	_, header, _ = client{s}.do("GET", "/pages", "")
	if few := header.Get("X-Few-Total"); few == "" || few > "3" {
		t.Errorf("X-Few-Total: %q breaks its schema", few)
	}
	_, header, _ = client{s}.do("GET", "/cursors?limit=10", "")
	if _, _, next := (client{s}).do("GET", "/cursors?limit=10&cursor="+header.Get("X-Next-Cursor"), ""); len(next.([]any)) != 10 {
		t.Errorf("the cursor in the header leads to %v", next)
	}
}

// TestTotalHeader wants the total in the field that troth.yaml names, declared or not, and a planted defect to spoil it there.
func TestTotalHeader(t *testing.T) {
	d := parsed(t, counted)
	for _, tt := range []struct{ field, defect, want string }{
		{"X-Hits", "", "23"}, {"content-range", "", "items 0-9/23"},
		{"X-Hits", "total-wrong", "24"}, {"Content-Range", "total-of-page", "items 0-9/10"},
	} {
		conv, err := convention.Parse(d, "troth.yaml", []byte(`{"format": 1, "pagination": {"default": {"totalHeader": "`+tt.field+`"}}}`))
		if err != nil {
			t.Fatal(err)
		}
		opts := []Option{WithItems(23), WithConventions(conv)}
		if tt.defect != "" {
			opts = append(opts, WithDefect(tt.defect))
		}
		s, err := New(d, opts...)
		if err != nil {
			t.Fatal(err)
		}
		_, header, _ := client{s}.do("GET", "/cursors?limit=10", "")
		if got := header.Get(tt.field); got != tt.want {
			t.Errorf("%+v: %q", tt, got)
		}
	}
}
