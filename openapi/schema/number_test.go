package schema

import (
	"encoding/json"
	"math/big"
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

// TestDecimal wants numbers with few digits, which are read in another way, to be what they are as fractions.
func TestDecimal(t *testing.T) {
	texts := []string{"0", "-0", "0.0", "1", "-1", "1.0", "1.5", "-1.5", "1.50", "0.15", "15", "150", "1e1", "10", "1.5e0", "0.001", "-0.001", "99999999999999999", "9999999999999999.9",
		"0.99999999999999999", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "0.1", "0.30", "0.3", "3", "1.000000000000000001"}
	for _, a := range texts {
		for _, b := range texts {
			n, m := parseNumber(json.Number(a)), parseNumber(json.Number(b))
			x, _ := new(big.Rat).SetString(a)
			y, _ := new(big.Rat).SetString(b)
			if got, want := n.compare(m), x.Cmp(y); got != want {
				t.Errorf("%s compared with %s: %d, want %d", a, b, got, want)
			}
			if got := hash(json.Number(a)) == hash(json.Number(b)); got != (x.Cmp(y) == 0) {
				t.Errorf("the hashes of %s and %s are equal: %v", a, b, got)
			}
			if y.Sign() == 0 {
				continue
			}
			if got, want := n.multiple(m), new(big.Rat).Quo(x, y).IsInt(); got != want {
				t.Errorf("%s is a multiple of %s: %v, want %v", a, b, got, want)
			}
		}
	}
}
