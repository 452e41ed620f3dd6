package checks

import (
	"testing"

	"troth/contract"
	"troth/openapi/convention"
)

// TestNear compares totals: exact ones have to be the same, an estimate may be a quarter or five away.
func TestNear(t *testing.T) {
	for _, test := range []struct {
		exact bool
		a, b  int
		want  bool
	}{
		{true, 23, 23, true},
		{true, 23, 24, false},
		{false, 23, 30, true},
		{false, 23, 33, false},
		{false, 1, 6, true},
		{false, 1, 7, false},
		{false, 100, 75, true},
		{false, 100, 74, false},
		{false, -1, 3, false},
	} {
		c := &contract.Case{Subject: contract.Subject{Page: &convention.Pagination{TotalExact: test.exact}}}
		if got := near(c, test.a, test.b); got != test.want {
			t.Errorf("%+v: %v", test, got)
		}
	}
}

// TestNamesMore looks for what a text names more than another, in whatever case.
func TestNamesMore(t *testing.T) {
	for _, test := range []struct {
		text, than string
		want       bool
	}{
		{"there is no secret7 here", "no Secret7", false},
		{"it belongs to org 5f1e", "no Secret7", true},
		{"ask ann@example.com", "no Secret7", true},
		{"there is none", "no Secret7", false},
	} {
		if got := namesMore(test.text, test.than); got != test.want {
			t.Errorf("%q, %q: %v", test.text, test.than, got)
		}
	}
}
