package schema

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// TestLongNumbers judges numbers of a million digits in time that does not grow with the square of it.
func TestLongNumbers(t *testing.T) {
	nines, zeros := strings.Repeat("9", 1_000_000), strings.Repeat("0", 1_000_000)
	started := time.Now()
	for _, tt := range []struct {
		text    string
		integer bool
		than3   int // compared with 3
	}{
		{nines, true, 1}, {"-" + nines, true, -1}, {"3." + zeros, true, 0}, {"3." + zeros + "1", false, 1}, {"2." + nines, false, -1},
		{"3." + zeros + "e0", true, 0}, {"0.3" + zeros + "e1", true, 0}, {strings.Repeat("9", 400), true, 1}, {"3." + strings.Repeat("0", 400) + "1", false, 1},
	} {
		n := parseNumber(json.Number(tt.text))
		if n.integer() != tt.integer || n.compare(parseNumber("3")) != tt.than3 {
			t.Errorf("%.20s… of %d characters: integer %v, compared with 3 %d", tt.text, len(tt.text), n.integer(), n.compare(parseNumber("3")))
		}
	}
	if took := time.Since(started); took > 2*time.Second {
		t.Errorf("took %v", took)
	}
}
