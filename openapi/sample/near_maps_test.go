package sample

import (
	"encoding/json"
	"slices"
	"testing"

	"troth/openapi/schema"
)

// TestMissesWithin wants near misses of the entries of a map, of how many it has, of the other kinds within an object, and of a time without offset.
func TestMissesWithin(t *testing.T) {
	s := compile(t, `{"type": "object", "properties": {
		"labels": {"type": "object", "maxProperties": 2, "additionalProperties": {"type": "string", "maxLength": 5}},
		"when": {"type": "string", "format": "date-time"},
		"box": {"discriminator": {"propertyName": "kind"}, "oneOf": [
			{"type": "object", "required": ["kind", "size"], "properties": {"kind": {"type": "string", "enum": ["cube"]}, "size": {"type": "integer", "maximum": 9}}},
			{"type": "object", "required": ["kind", "height"], "properties": {"kind": {"type": "string", "enum": ["tube"]}, "height": {"type": "integer", "maximum": 4}}}]}}}`)
	valid := map[string]any{"when": "2026-01-31T10:00:00Z", "box": map[string]any{"kind": "cube", "size": json.Number("3")}}
	var got []string
	for _, m := range Misses(s, valid, schema.Request) {
		got = append(got, m.Pointer+" "+m.Keyword)
		if s.Valid(m.Value, schema.Request) {
			t.Errorf("%s %s is valid: %v", m.Pointer, m.Keyword, m.Value)
		}
		whole, _ := m.Value.(map[string]any)
		if labels, _ := whole["labels"].(map[string]any); m.Keyword == "maxProperties" && len(labels) != 3 {
			t.Errorf("%d labels, want one more than may be", len(labels))
		}
	}
	for _, want := range []string{"/labels maxProperties", "/labels/key1 type", "/labels/key1 maxLength", "/when " + LocalTime, "/box/size maximum", "/box/height maximum"} {
		if !slices.Contains(got, want) {
			t.Errorf("no near miss %q in %q", want, got)
		}
	}
}

// TestExclusiveDependents makes an object of which two optional members exclude each other by what depends on them.
func TestExclusiveDependents(t *testing.T) {
	s := compile(t, `{"type": "object", "required": ["state"], "properties": {"state": {"type": "string", "enum": ["open", "won", "lost"]}, "prize": {"type": "integer"}, "reason": {"type": "string"}},
		"dependentSchemas": {"prize": {"properties": {"state": {"const": "won"}}}, "reason": {"properties": {"state": {"const": "lost"}}}}}`)
	for seed := range uint64(50) {
		if _, err := Value(s, seed); err != nil {
			t.Fatal(err)
		}
	}
}
