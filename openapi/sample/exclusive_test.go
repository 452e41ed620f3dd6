package sample

import (
	"testing"

	"troth/openapi/schema"
)

// TestExclusive: alternatives of a oneOf that natural values fit several of, at the top, in inner objects and in items.
func TestExclusive(t *testing.T) {
	for name, text := range map[string]string{
		"a part of the other": `{"oneOf": [{"properties": {"a": {"type": "integer"}}}, {"properties": {"a": {"type": "integer"}, "b": {"type": "string"}}}]}`,
		"three":               `{"type": "object", "oneOf": [{"properties": {"a": {"type": "object"}}}, {"properties": {"b": {"type": "string"}}}, {"properties": {"c": {"type": "string"}}}]}`,
		"inside": `{"oneOf": [{"type": "object", "required": ["x"], "properties": {"x": {"type": "object", "properties": {"a": {"type": "integer"}}}}},
			{"type": "object", "required": ["x"], "properties": {"x": {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "array"}}}}}]}`,
		"items": `{"oneOf": [{"type": "object", "required": ["list"], "properties": {"list": {"type": "array", "minItems": 1, "items": {"type": "object", "properties": {"a": {"type": "integer"}}}}}},
			{"type": "object", "required": ["list"], "properties": {"list": {"type": "array", "minItems": 1, "items": {"allOf": [{"properties": {"a": {"type": "integer"}}}, {"properties": {"name": {"type": "string"}}}]}}}}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			s := compile(t, text)
			for seed := range uint64(20) {
				if v, err := Value(s, seed); err != nil || !s.Valid(v, schema.Response) {
					t.Fatalf("seed %d: %v %v", seed, v, err)
				}
			}
		})
	}
}

// TestExclusiveNever: alternatives that are the same leave nothing, which is said.
func TestExclusiveNever(t *testing.T) {
	s := compile(t, `{"oneOf": [{"type": "object", "required": ["a"]}, {"type": "object", "required": ["a"]}]}`)
	if v, err := Value(s, 1); err == nil {
		t.Errorf("made %v", v)
	}
}
