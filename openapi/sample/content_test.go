package sample

import (
	"encoding/base64"
	"testing"

	"troth/openapi/schema"
	"troth/openapi/source"
)

// TestContent makes strings that hold what their schema says of their content.
func TestContent(t *testing.T) {
	s := compile(t, `{type: string, contentEncoding: base64, contentMediaType: application/json, contentSchema: {type: object, required: [n], properties: {n: {type: integer, minimum: 5}}}}`)
	for seed := range uint64(20) {
		v, err := Value(s, seed)
		if err != nil {
			t.Fatal(err)
		}
		text, err := base64.StdEncoding.DecodeString(v.(string))
		if err != nil {
			t.Fatal(v, err)
		}
		inside, err := source.DecodeJSON(text)
		if err != nil || !s.ContentSchema.Valid(inside, schema.Either) {
			t.Errorf("%s %v", text, err)
		}
	}
	for text, decodes := range map[string]func(string) error{
		`{type: string, contentEncoding: base64url}`:         func(s string) error { _, err := base64.URLEncoding.DecodeString(s); return err },
		`{type: string, contentMediaType: application/json}`: func(s string) error { _, err := source.DecodeJSON([]byte(s)); return err },
	} {
		v, err := Value(compile(t, text), 1)
		if err != nil || decodes(v.(string)) != nil {
			t.Errorf("%s: %v %v", text, v, err)
		}
	}
}
