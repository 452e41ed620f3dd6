package sample

import (
	"encoding/json"
	"testing"

	"troth/openapi/schema"
)

// TestLike makes values that say what a few members say, whichever of the alternatives that needs.
func TestLike(t *testing.T) {
	kinds := `oneOf: [{type: object, required: [kind, a], properties: {kind: {enum: [one]}, a: {type: string}}}, ` +
		`{type: object, required: [kind, b], properties: {kind: {enum: [two]}, b: {type: string}}}, {type: object, required: [c], properties: {c: {type: integer}}}]`
	mapped := "discriminator: {propertyName: kind, mapping: {x: '#/$defs/X', y: '#/$defs/Y'}}\n" +
		"$defs: {X: {type: object, required: [x], properties: {x: {type: string}}}, Y: {type: object, required: [y], properties: {y: {type: string}}}}\n"
	for _, try := range []struct {
		schema string
		like   map[string]any
		want   string // member that the value has, too
	}{
		{"{" + kinds + "}", map[string]any{"kind": "one"}, "a"},
		{"{" + kinds + "}", map[string]any{"kind": "two"}, "b"},
		{"{" + kinds + "}", map[string]any{"b": "text"}, "kind"},
		{mapped + "oneOf: [{$ref: '#/$defs/X'}, {$ref: '#/$defs/Y'}]\n", map[string]any{"kind": "y"}, "y"},
		{mapped + "type: object\n", map[string]any{"kind": "x"}, "x"},
	} {
		s := compile(t, try.schema)
		for seed := range uint64(20) {
			v, err := Value(s, seed, Like(try.like))
			object, _ := v.(map[string]any)
			if err != nil || object[try.want] == nil {
				t.Errorf("%s like %v: %v, %v", try.schema, try.like, v, err)
				break
			}
			for name, want := range try.like {
				if !schema.Equal(object[name], want) {
					t.Errorf("%s like %v: %v", try.schema, try.like, v)
				}
			}
		}
	}
	s := compile(t, `{type: object, required: [n], properties: {n: {type: integer}, o: {type: object, properties: {n: {type: integer}}}}}`)
	for _, like := range []any{"text", json.Number("5")} { // what the schema refuses is not taken, and what lies deeper is not meant
		v, err := Value(s, 1, Like(map[string]any{"n": like}))
		if err != nil || !s.Valid(v, schema.Response) {
			t.Fatal(v, err)
		}
		object := v.(map[string]any)
		_, number := like.(json.Number)
		if inner := object["o"].(map[string]any); number != schema.Equal(object["n"], like) || schema.Equal(inner["n"], like) {
			t.Errorf("like %v: %v", like, v)
		}
	}
}
