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
