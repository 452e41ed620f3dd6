package checks

import (
	"encoding/json"
	"testing"
)

func TestKeeps(t *testing.T) {
	for _, test := range []struct {
		name      string
		sent, got any
		has, want bool
	}{
		{"the same instant in UTC", "2031-05-06T09:08:09+02:00", "2031-05-06T07:08:09Z", true, true},
		{"the zone dropped", "2031-05-06T09:08:09+02:00", "2031-05-06T09:08:09Z", true, false},
		{"nothing for an empty list", []any{}, nil, true, true},
		{"null left out", nil, nil, false, true},
		{"a value for null", nil, "old", true, false},
		{"a default for zero", json.Number("0"), json.Number("100"), true, false},
		{"garbled", "é", "?", true, false},
	} {
		if _, got := keeps(nil, test.sent, test.got, test.has); got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

func TestRepeatedCountsCharacters(t *testing.T) {
	for n := 1; n < 40; n++ {
		text := []rune(repeated("a 𝄞 ü", n))
		if len(text) != n || text[n-1] == ' ' {
			t.Errorf("%d: %q", n, string(text))
		}
	}
}
