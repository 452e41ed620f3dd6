package checks

import (
	"regexp"
	"strings"
	"testing"
)

// TestChecksTellThemselves wants of every check what reports show of it: an ID of its own, one sentence that promises, one that says why it
// matters, and where it comes from.
func TestChecksTellThemselves(t *testing.T) {
	kebab := regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	seen := map[string]bool{}
	for _, c := range All() {
		if !kebab.MatchString(c.ID) || seen[c.ID] {
			t.Errorf("ID %q: want kebab-case, once", c.ID)
		}
		seen[c.ID] = true
		for name, text := range map[string]string{"Promise": c.Promise, "Why": c.Why} {
			if len(text) < 25 || !strings.HasSuffix(text, ".") || strings.Contains(text, ". ") || strings.ToUpper(text[:1]) != text[:1] {
				t.Errorf("%s: %s %q: want one sentence", c.ID, name, text)
			}
		}
		if c.Source == "" || c.Applies == nil || c.Run == nil {
			t.Errorf("%s: no source, or nothing to run", c.ID)
		}
	}
}
