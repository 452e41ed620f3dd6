package sample

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"troth/openapi/schema"
	"troth/openapi/source"
)

const nearSchema = `{
  "type": "object", "required": ["kind", "parts"], "additionalProperties": false,
  "properties": {
    "id": {"type": "string", "readOnly": true, "pattern": "^[a-f]{4}$"},
    "kind": {"type": "string", "enum": ["a", "b"]},
    "code": {"type": "string", "pattern": "^[a-f0-9]{4}$"},
    "name": {"type": "string", "minLength": 2, "maxLength": 5},
    "size": {"type": "integer", "minimum": 1, "maximum": 9, "multipleOf": 2},
    "when": {"type": "string", "format": "date-time"},
    "parts": {"type": "array", "minItems": 1, "maxItems": 3, "items": {"type": "object", "required": ["n"], "properties": {"n": {"type": "number", "exclusiveMinimum": 0}}}}
  }}`

// TestMisses wants a near miss for each constraint, broken in every reading of the schema, at the pointer that it says.
func TestMisses(t *testing.T) {
	s := compile(t, nearSchema)
	valid := map[string]any{"kind": "a", "parts": []any{map[string]any{"n": json.Number("1")}}}
	var got []string
	for _, m := range Misses(s, valid, schema.Request) {
		got = append(got, m.Pointer+" "+m.Keyword)
		if s.Valid(m.Value, schema.Request) {
			t.Errorf("%s %s is valid: %v", m.Pointer, m.Keyword, m.Value)
		}
	}
	if !slices.ContainsFunc(Misses(s, map[string]any{"kind": "a", "parts": []any{map[string]any{"n": json.Number("1")}}, "when": "2026-01-31T10:00:00Z"}, schema.Request), func(m Miss) bool {
		when, _ := source.Get(m.Value, "/when")
		return m.Keyword == "format" && when == "2026-02-30T10:00:00Z"
	}) {
		t.Error("no near miss has a day that no month has")
	}
	for _, want := range []string{
		" type", " additionalProperties", "/kind required", "/parts required", "/kind type", "/kind enum", "/code type", "/code pattern", "/name minLength",
		"/name maxLength", "/size type", "/size type integer", "/size minimum", "/size maximum", "/size multipleOf", "/when format", "/parts type", "/parts minItems",
		"/parts maxItems", "/parts/0 type", "/parts/0/n required", "/parts/0/n type", "/parts/0/n exclusiveMinimum",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("no near miss %q in %q", want, got)
		}
	}
	for _, unwanted := range []string{"/id pattern", "/id type"} {
		if slices.Contains(got, unwanted) {
			t.Errorf("a readOnly member has the near miss %q", unwanted)
		}
	}
	if _, changed := source.Get(valid, "/code"); changed || len(valid["parts"].([]any)) != 1 {
		t.Errorf("the valid value was changed: %v", valid)
	}
}

// TestEdges wants both values valid and one apart.
func TestEdges(t *testing.T) {
	s := compile(t, nearSchema)
	valid := map[string]any{"kind": "a", "parts": []any{map[string]any{"n": json.Number("1")}}}
	var got []string
	for _, e := range Edges(s, valid, schema.Request) {
		got = append(got, e.Pointer+" "+e.Keyword)
		if !s.Valid(e.Value, schema.Request) || !s.Valid(e.Inside, schema.Request) {
			t.Errorf("%s %s: not valid", e.Pointer, e.Keyword)
		}
	}
	if want := []string{"/name minLength", "/name maxLength"}; !slices.Equal(got, want) { // of size, a step inside is no multiple
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestEdgesOfPatterns wants a text of one character, and one of two beside it, where a pattern without lengths takes both.
func TestEdgesOfPatterns(t *testing.T) {
	s := compile(t, `{"type": "object", "properties": {
		"name": {"type": "string", "pattern": "^[a-z][a-z0-9-]*$"}, "key": {"type": "string", "pattern": "^[a-f0-9]{24}$"}, "code": {"type": "string", "pattern": "^[A-Z]+$", "minLength": 3}}}`)
	var got []string
	for _, e := range Edges(s, map[string]any{"name": "wisp"}, schema.Request) {
		at, _ := e.Value.(map[string]any)
		inside, _ := e.Inside.(map[string]any)
		got = append(got, fmt.Sprint(e.Pointer, e.Keyword, at["name"], inside["name"]))
	}
	if want := []string{"/namepatternwwi"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestMissesOfChoices wants the constraints of the alternative that a value is of broken, and a pattern in front of a valid text as well as behind.
func TestMissesOfChoices(t *testing.T) {
	s := compile(t, `{"type": "object", "properties": {"service": {"oneOf": [
		{"type": "object", "required": ["days"], "additionalProperties": false, "properties": {"days": {"type": "integer", "maximum": 30}}},
		{"type": "object", "required": ["code"], "additionalProperties": false, "properties": {"code": {"type": "string", "pattern": "^[A-Z]{2}$"}}}]}}}`)
	for _, c := range []struct {
		member, pointer string
		value           any
		want            []any
	}{
		{"days", "/service/days", json.Number("5"), []any{json.Number("31")}},
		{"code", "/service/code", "AB", []any{"ABB", "AAB"}},
	} {
		var got []any
		for _, m := range Misses(s, map[string]any{"service": map[string]any{c.member: c.value}}, schema.Request) {
			if m.Pointer == c.pointer {
				v, _ := source.Get(m.Value, m.Pointer)
				got = append(got, v)
			}
		}
		for _, want := range c.want {
			if !slices.Contains(got, want) {
				t.Errorf("%s: no near miss %v in %v", c.pointer, want, got)
			}
		}
	}
}

// TestMissesOfMutualChoices wants as many near misses as there are constraints where each of many choices holds all others by its base: in every
// order they were more than memory holds.
func TestMissesOfMutualChoices(t *testing.T) {
	const choices = 12
	defs := map[string]any{}
	var all []any
	for i := range choices {
		name := fmt.Sprintf("c%d", i)
		all = append(all, map[string]any{"$ref": "#/$defs/" + name})
		defs[name] = map[string]any{"allOf": []any{map[string]any{"$ref": "#/$defs/base"}}, "type": "object", "properties": map[string]any{"x" + name: map[string]any{"type": "integer", "maximum": 9}}}
	}
	defs["base"] = map[string]any{"type": "object", "properties": map[string]any{"kind": map[string]any{"type": "string", "maxLength": 5}}, "anyOf": all}
	text, err := json.Marshal(map[string]any{"$defs": defs, "$ref": "#/$defs/base"})
	if err != nil {
		t.Fatal(err)
	}
	s := compile(t, string(text))
	n := &nearby{dir: schema.Request, seen: map[visited]bool{}}
	n.visit(s, map[string]any{"kind": "a"}, "", func(v any) any { return v }, 0)
	if len(n.list) == 0 || len(n.list) > 20*choices*choices {
		t.Errorf("%d near misses", len(n.list))
	}
}

// TestWrapped wants numbers beyond a span to be the valid one where the bits beyond it are dropped.
func TestWrapped(t *testing.T) {
	for _, test := range []struct{ v, want string }{
		{"1700000000", "5994967296"}, {"7", "4294967303"}, {"1.5", "2147483648"}, {"-3000000000", "2147483648"},
	} {
		if got := wrapped(json.Number(test.v), "-2147483648", "2147483647"); got != test.want {
			t.Errorf("%s: %s, want %s", test.v, got, test.want)
		}
	}
}
