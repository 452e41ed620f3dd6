package sample

import (
	"encoding/json"
	"slices"
	"testing"

	"troth/openapi/schema"
)

func TestConfused(t *testing.T) {
	s := compile(t, `{
	  "type": "object", "properties": {
	    "id": {"type": "string", "readOnly": true},
	    "kind": {"type": "string", "enum": ["a", "b"]},
	    "code": {"type": "string", "pattern": "^[a-f0-9]{4}$"},
	    "note": {"type": ["string", "null"]},
	    "size": {"type": "integer"},
	    "wide": {"type": "boolean"},
	    "any": {}
	  }}`)
	valid := map[string]any{"kind": "a", "code": "beef", "size": json.Number("4")}
	var got []string
	for _, m := range Confused(s, valid, schema.Request) {
		got = append(got, m.Pointer+" "+m.Keyword)
		if s.Valid(m.Value, schema.Request) {
			t.Errorf("%s %s is valid: %v", m.Pointer, m.Keyword, m.Value)
		}
	}
	want := []string{
		" type array", "/kind type null", "/kind enum", "/code type null", "/code type number", "/code pattern", "/code pattern", "/note type number",
		"/size type null", "/size type string", "/size type boolean", "/wide type null", "/wide type string", "/wide type number",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
