package contract_test

import (
	"testing"

	"troth/contract"
	"troth/mock"
)

// TestCreatedLast plants defects of writing in a server that shows what is created at the end of lists of several pages.
func TestCreatedLast(t *testing.T) {
	for _, want := range []struct {
		defect string
		cases  []string
	}{
		{"refused-kept", []string{"createBox/refused-unchanged", "createThing/refused-unchanged"}},
		{"created-lost", []string{"createBox/created-exists", "createThing/created-exists"}},
		{"list-cached", []string{"createThing/list-current"}},
	} {
		t.Run(want.defect, func(t *testing.T) {
			r := run(t, shelf, mock.WithItems(120), mock.WithVariation("created-last"), mock.WithDefect(want.defect))
			broken := map[string]bool{}
			for _, o := range r.Outcomes {
				broken[o.Case] = o.Verdict == contract.Fail
			}
			for _, c := range want.cases {
				if !broken[c] {
					t.Errorf("%s does not catch it\n%s", c, text(t, r))
				}
			}
		})
	}
}
