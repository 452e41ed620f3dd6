package schema

import (
	"regexp"
	"testing"
)

// TestRuns compares runs with the regular expression itself.
func TestRuns(t *testing.T) {
	patterns := map[string]bool{
		`^[a-f0-9]{24}$`: true, `^([a-f0-9]{24})$`: true, `^[a-z0-9]+$`: true, `^[a-zA-Z0-9][a-zA-Z0-9-]*$`: true, `^ab{2,3}$`: false, `^[b]{2,3}$`: false,
		`^[A-Z]{2}-[0-9]{1,4}$`: true, `^[a-z]+-[0-9]+$`: true, `^[a-z]+[a-z0-9]+$`: false, `^[a-z]*[-_]?[a-z]$`: false, `^v?[0-9]+$`: false,
		`^[0-9]{3}(-[0-9]{2})$`: true, `^[^/]+$`: false, `[a-f]{2}`: false, `^[a-f]{2}`: false, `^a|b$`: false, `^(?:[a-f]{2}){2}$`: false, `^$`: false,
		`^\d{4}-\d{2}$`: true, `^[a-c]{0}$`: true, `^é$`: false, `^[a-c]{2,}$`: true, `^[-+]?[0-9]+$`: true, `^abc$`: true, `^\w+\.\w+$`: true,
	}
	texts := []string{
		"", "a", "ab", "abb", "abbb", "abbbb", "abc", "b", "bb", "bbbb", "A1", "AB-1", "AB-12345", "AB-", "a-1", "a-b-1", "-1", "1", "+12", "v1", "v", "é", "aé",
		"2024-01", "2024-1", "123-45", "32b6e34b3d91647abb20e7b8", "32b6e34b3d91647abb20e7bg", "32b6e34b3d91647abb20e7b8\n", "a\n", "a_b", "ab.cd", "ab.cd.e", ".", "\xff",
	}
	for pattern, quick := range patterns {
		p := NewPattern(pattern)
		if (p.runs != nil) != quick {
			t.Errorf("%s: runs %v, want any: %v", pattern, p.runs, quick)
		}
		for _, text := range texts {
			compareRuns(t, p, text)
		}
	}
}

// compareRuns compares a pattern's runs, where it has any, with the regular expression that they stand for.
func compareRuns(t *testing.T, p *Pattern, text string) {
	t.Helper()
	if p.runs == nil {
		return
	}
	translated, _, err := translate(p.text)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := p.runs.match(text), regexp.MustCompile(translated).MatchString(text); got != want {
		t.Errorf("%s on %q: %v, want %v", p, text, got, want)
	}
}
