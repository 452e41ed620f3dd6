package sample

import (
	"encoding/json"
	"testing"

	"troth/openapi/schema"
	"troth/openapi/source"
)

// TestAssertedFormats makes a valid text of every format that is asserted, also where its length is bound.
func TestAssertedFormats(t *testing.T) {
	for _, members := range []map[string]any{
		{"format": "http-date"}, {"format": "char"}, {"format": "media-range"}, {"format": "base64url"}, {"format": "byte"},
		{"format": "base64url", "minLength": 43, "maxLength": 43}, {"format": "base64url", "minLength": 10, "maxLength": 10}, {"format": "base64url", "maxLength": 3},
		{"format": "date"}, {"format": "date-time"}, {"format": "time"}, {"format": "duration"}, {"format": "email"}, {"format": "idn-email"},
		{"format": "hostname"}, {"format": "idn-hostname"}, {"format": "ipv4"}, {"format": "ipv6"}, {"format": "uri"}, {"format": "uri-reference"},
		{"format": "iri"}, {"format": "iri-reference"}, {"format": "uri-template"}, {"format": "uuid"}, {"format": "json-pointer"},
		{"format": "relative-json-pointer"}, {"format": "regex"},
		{"format": "date-time", "pattern": `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`}, {"format": "date-time", "pattern": `\+00:00$`},
	} {
		members["type"] = "string"
		text, err := json.Marshal(members)
		if err != nil {
			t.Fatal(err)
		}
		set, err := source.Read("format", text)
		if err != nil {
			t.Fatal(err)
		}
		s, err := schema.NewCompiler(schema.JSONSchema202012).Compile(set.Root())
		if err != nil {
			t.Fatal(err)
		}
		for seed := range uint64(30) {
			if v, err := Value(s, seed); err != nil || !s.Valid(v, schema.Response) {
				t.Errorf("%s: seed %d: %v %v", text, seed, v, err)
				break
			}
		}
	}
}
