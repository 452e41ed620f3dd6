package schema

import (
	"strings"
	"testing"

	"troth/openapi/source"
)

// named is a document of 3.1 with a generic list: what its items are is said by who refers to it.
const named = `
openapi: 3.1.0
components:
  schemas:
    List:
      $id: https://example.com/list
      type: object
      properties: {items: {type: array, items: {$dynamicRef: "#item"}}}
      $defs: {any: {$dynamicAnchor: item}}
    Numbers:
      $id: https://example.com/numbers
      $ref: list
      $defs: {number: {$dynamicAnchor: item, type: number}}
    Texts:
      $id: https://example.com/texts
      $ref: list
      $defs: {text: {$dynamicAnchor: item, type: string}}
    ByAnchor: {$ref: "#here"}
    Here: {$anchor: here, type: boolean}
    Sloppy:
      $id: https://example.com/sloppy
      properties: {a: {$ref: "#/components/schemas/Here"}}
    Example: {const: {$id: "https://example.com/none"}}
    Broken: {$ref: "#nowhere"}
    Remote: {$ref: "https://example.com/elsewhere"}
`

func compileNamed(t *testing.T, name string) (*Compiler, *Schema, error) {
	t.Helper()
	set, err := source.Read("named.yaml", []byte(named))
	if err != nil {
		t.Fatal(err)
	}
	c := NewCompiler(JSONSchema202012)
	s, err := c.Compile(set.Root().Child("components").Child("schemas").Child(name))
	return c, s, err
}

func TestDynamicScope(t *testing.T) {
	for name, want := range map[string][2]bool{"List": {true, true}, "Numbers": {true, false}, "Texts": {false, true}} {
		_, s, err := compileNamed(t, name)
		if err != nil {
			t.Fatal(err)
		}
		for i, item := range []any{1, "a"} {
			if got := s.Valid(map[string]any{"items": []any{item}}, Either); got != want[i] {
				t.Errorf("%s with %v: %v", name, item, got)
			}
		}
	}
}

func TestAnchor(t *testing.T) {
	_, s, err := compileNamed(t, "ByAnchor")
	if err != nil || !s.Valid(true, Either) || s.Valid("true", Either) {
		t.Error(err)
	}
}

// TestSloppyID follows a reference of the file in a schema with an $id, and says so.
func TestSloppyID(t *testing.T) {
	c, s, err := compileNamed(t, "Sloppy")
	if err != nil || s.Valid(map[string]any{"a": 1}, Either) {
		t.Error(err)
	}
	if u := c.Unchecked(); len(u) != 1 || !strings.Contains(u[0].Reason, "$id") {
		t.Error(u)
	}
}

func TestReferenceErrors(t *testing.T) {
	for name, want := range map[string]string{"Broken": `no schema with $anchor "nowhere"`, "Remote": "--resource URI=FILE"} {
		if _, _, err := compileNamed(t, name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
}
