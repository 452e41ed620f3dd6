package sample

import (
	"encoding/json"
	"testing"

	"troth/openapi/schema"
	"troth/openapi/source"
)

// TestPatternsThatLook makes texts for patterns that RE2 cannot say, or whose words have to stand apart.
func TestPatternsThatLook(t *testing.T) {
	for _, pattern := range []string{
		`^(\w)(\w)\2\1$`, `^(?<year>\d{4})-\k<year>$`, `(?<=\$)\d+`, `\bfoo\b.+\bbar\b`, `^(?!foo)[a-z]{3}(?<=bar)$`, `^(?:(a)|b)(c\d)\2$`,
		`^(?=.*[A-Z])(?=.*\d)(?!.*[aeiou])[A-Za-z\d]{8,12}$`, `^[a-z]+(?<!ing)$`, `^\p{Lu}\p{L}{2,5}$`, `^(?<q>['"]).{3}\k<q>$`,
	} {
		text, err := json.Marshal(map[string]any{"type": "string", "pattern": pattern})
		if err != nil {
			t.Fatal(err)
		}
		set, err := source.Read("pattern", text)
		if err != nil {
			t.Fatal(err)
		}
		s, err := schema.NewCompiler(schema.JSONSchema202012).Compile(set.Root())
		if err != nil {
			t.Fatal(err)
		}
		for seed := range uint64(20) {
			v, err := Value(s, seed)
			if err != nil {
				t.Errorf("%s: seed %d: %v", pattern, seed, err)
				break
			}
			if found, err := schema.NewPattern(pattern).Match(v.(string)); !found || err != nil {
				t.Errorf("%s: seed %d: %q: %v", pattern, seed, v, err)
			}
		}
	}
}

// TestHardlyMade makes values for what no pattern, declared member or usual number of tries leads to by itself.
func TestHardlyMade(t *testing.T) {
	for _, text := range []string{
		`{"type":"string","allOf":[{"pattern":"^a"},{"pattern":"z$"}],"minLength":5,"maxLength":6}`,
		`{"type":"string","format":"ipv4","pattern":"^10\\."}`,
		`{"type":"string","format":"uuid","pattern":"^abc"}`,
		`{"type":"string","format":"date","pattern":"-28$"}`,
		`{"type":"object","properties":{"a":{"type":"integer"}},"minProperties":4}`,
		`{"type":"object","properties":{"a":{"type":"integer"}},"propertyNames":{"maxLength":3},"minProperties":3}`,
		`{"type":"object","required":["v"],"properties":{"v":{"type":"integer"},"next":{"$ref":"#"}},"minProperties":2}`,
		`{"type":"array","items":{"type":"integer"},"uniqueItems":true,"minItems":300}`,
		`{"type":"array","items":{"enum":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]},"uniqueItems":true,"minItems":20}`,
	} {
		s := compile(t, text)
		for seed := range uint64(20) {
			if v, err := Value(s, seed); err != nil || !s.Valid(v, schema.Response) {
				t.Errorf("%s: seed %d: %v %v", text, seed, v, err)
				break
			}
		}
	}
}
