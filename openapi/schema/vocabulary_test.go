package schema

import (
	"strings"
	"testing"

	"troth/openapi/source"
)

// metaschemas of the tests by URI.
var metaschemas = map[string]string{
	"https://example.com/no-validation": `{"$vocabulary": {"https://json-schema.org/draft/2020-12/vocab/core": true, "https://json-schema.org/draft/2020-12/vocab/applicator": true,
		"https://json-schema.org/draft/2020-12/vocab/format-annotation": false, "https://example.com/vocab/colours": false}}`,
	"https://example.com/no-formats": `{"$vocabulary": {"https://json-schema.org/draft/2020-12/vocab/core": true, "https://json-schema.org/draft/2020-12/vocab/validation": true}}`,
	"https://example.com/silent":     `{"type": "object"}`,
	"https://example.com/colours":    `{"$vocabulary": {"https://json-schema.org/draft/2020-12/vocab/core": true, "https://example.com/vocab/colours": true}}`,
}

func compileDialect(t *testing.T, text, at string) (*Schema, *Compiler, error) {
	t.Helper()
	set, err := source.Read("document", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for uri, metaschema := range metaschemas {
		if err := set.Add(uri, uri, []byte(metaschema)); err != nil {
			t.Fatal(err)
		}
	}
	c := NewCompiler(JSONSchema202012)
	s, err := c.Compile(set.Root().File.At(at))
	return s, c, err
}

// TestVocabularies: keywords of a vocabulary that the dialect leaves out say nothing.
func TestVocabularies(t *testing.T) {
	const schema = `"properties": {"n": {"type": "integer", "minimum": 3}, "date": {"format": "date"}, "never": false}, "required": ["n"]`
	for _, c := range []struct {
		name, text, at string
		valid, invalid string
	}{
		{"no validation", `{"$schema": "https://example.com/no-validation", ` + schema + `}`, "", `{"n": 1}`, `{"never": 1}`},
		{"formats are asserted still", `{"$schema": "https://example.com/no-validation", ` + schema + `}`, "", `{}`, `{"date": "x"}`},
		{"no applicators, no formats", `{"$schema": "https://example.com/no-formats", ` + schema + `}`, "", `{"n": 1, "never": 1, "date": "x"}`, `{}`},
		{"all of 2020-12", `{"$schema": "https://example.com/silent", ` + schema + `}`, "", `{"n": 3}`, `{"n": 1}`},
		{"from around", `{"$schema": "https://example.com/no-validation", "$defs": {"a": {"items": {"type": "integer"}}}}`, "/$defs/a", `["x"]`, ""},
		{"jsonSchemaDialect", `{"openapi": "3.1.0", "jsonSchemaDialect": "https://example.com/no-validation", "components": {"schemas": {"A": {"type": "integer", "not": {"format": "date"}}}}}`,
			"/components/schemas/A", `"x"`, `"2026-01-01"`},
		{"$schema over jsonSchemaDialect", `{"openapi": "3.1.0", "jsonSchemaDialect": "https://example.com/no-validation", "components": {"schemas": {"A": {
			"$schema": "https://spec.openapis.org/oas/3.1/dialect/base", "type": "integer"}}}}`, "/components/schemas/A", `3`, `"x"`},
		{"a metaschema of the document", `{"openapi": "3.1.0", "components": {"schemas": {
			"Meta": {"$id": "https://example.com/own", "$vocabulary": {"https://json-schema.org/draft/2020-12/vocab/core": true}},
			"A": {"$schema": "https://example.com/own", "type": "integer"}}}}`, "/components/schemas/A", `"x"`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, compiler, err := compileDialect(t, c.text, c.at)
			if err != nil {
				t.Fatal(err)
			}
			if u := compiler.Unchecked(); len(u) > 0 {
				t.Error(u)
			}
			for text, want := range map[string]bool{c.valid: true, c.invalid: false} {
				if text == "" {
					continue
				}
				v, err := source.DecodeJSON([]byte(text))
				if err != nil {
					t.Fatal(err)
				}
				if got := s.Valid(v, Either); got != want {
					t.Errorf("%s is valid: %t, want %t", text, got, want)
				}
			}
		})
	}
}

// TestDialectsUnknown: what has to be understood and is not is an error; a metaschema that nobody gave is told once.
func TestDialectsUnknown(t *testing.T) {
	_, _, err := compileDialect(t, `{"$schema": "https://example.com/colours", "type": "integer"}`, "")
	if err == nil || !strings.Contains(err.Error(), "https://example.com/vocab/colours") || !strings.Contains(err.Error(), "/$schema") {
		t.Error(err)
	}
	s, c, err := compileDialect(t, `{"$schema": "https://example.com/nowhere", "properties": {"a": {"type": "integer"}}}`, "")
	if err != nil {
		t.Fatal(err)
	}
	if u := c.Unchecked(); len(u) != 1 || !strings.Contains(u[0].String(), "--resource URI=FILE") {
		t.Error(u)
	}
	if s.Valid(map[string]any{"a": "x"}, Either) {
		t.Error("read as something else than 2020-12")
	}
}

// TestFormatsAnnotate: the option leaves formats unjudged, texts and numbers.
func TestFormatsAnnotate(t *testing.T) {
	set, err := source.Read("document", []byte(`{"properties": {"a": {"format": "date"}, "b": {"format": "int32"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	v, err := source.DecodeJSON([]byte(`{"a": "x", "b": 3000000000}`))
	if err != nil {
		t.Fatal(err)
	}
	for want, opts := range map[bool][]Option{false: nil, true: {FormatsAnnotate()}} {
		s, err := NewCompiler(JSONSchema202012, opts...).Compile(set.Root())
		if err != nil {
			t.Fatal(err)
		}
		if s.Valid(v, Either) != want {
			t.Errorf("valid: %t, want %t", !want, want)
		}
	}
}
