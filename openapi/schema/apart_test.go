package schema_test

import (
	"testing"

	"troth/openapi/schema"
	"troth/openapi/source"
)

// TestApart: which members a schema judges whatever else an object holds.
func TestApart(t *testing.T) {
	for _, c := range []struct {
		schema, name string
		judged, ok   bool
	}{
		{`{"properties": {"a": {"type": "string"}}, "required": ["b"]}`, "a", true, true},
		{`{"properties": {"a": {"type": "string"}}}`, "b", false, true},
		{`{"additionalProperties": {"type": "string"}}`, "b", true, true},
		{`{"properties": {"a": {"readOnly": true}}}`, "a", true, true},
		{`{"properties": {"a": {"writeOnly": true}}}`, "a", true, false},
		{`{"allOf": [{"properties": {"a": {}}}]}`, "a", false, false},
		{`{"maxProperties": 2}`, "a", false, false},
		{`{"dependentRequired": {"a": ["b"]}}`, "a", false, false},
		{`{"patternProperties": {"^a": {}}}`, "a", false, false},
		{`{"propertyNames": {"maxLength": 1}}`, "a", false, false},
		{`false`, "a", false, false},
	} {
		set, err := source.Read("schema.json", []byte(c.schema))
		if err != nil {
			t.Fatal(err)
		}
		s, err := schema.NewCompiler(schema.JSONSchema202012).Compile(set.Root())
		if err != nil {
			t.Fatal(err)
		}
		if member, ok := s.Apart(c.name, schema.Response); ok != c.ok || ok && (member != nil) != c.judged {
			t.Errorf("%s %s: %v %v", c.schema, c.name, member, ok)
		}
	}
}
