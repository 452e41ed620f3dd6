package cli

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"troth/contract"
	"troth/mock"
)

// TestVerdict tells a defect that its check misses from one that the document has no room for.
func TestVerdict(t *testing.T) {
	broad, narrow := mock.Defects()[0], mock.Defects()[len(mock.Defects())-1]
	saw := func(sums ...uint64) *answers {
		a := &answers{}
		for _, sum := range sums {
			a.note(sum)
		}
		return a
	}
	report := func(own, other contract.Verdict, check string) *contract.Report {
		return &contract.Report{Outcomes: []contract.Outcome{{Check: check, Verdict: own}, {Check: "other", Verdict: other}}}
	}
	for _, tt := range []struct {
		name        string
		defect      mock.Defect
		own, other  contract.Verdict
		heard       *answers
		want, check string
	}{
		{"caught", broad, contract.Fail, contract.Fail, saw(1, 3), caught, broad.Breaks},
		{"caught by another", broad, contract.Pass, contract.Fail, saw(1, 3), caught, "other"},
		{"missed", broad, contract.Pass, contract.Pass, saw(1, 3), survived, broad.Breaks},
		{"nothing is answered otherwise", broad, contract.Pass, contract.Pass, saw(2, 1), noRoom, broad.Breaks},
		{"nothing is judged", broad, contract.Skipped, contract.Pass, saw(1, 3), noRoom, broad.Breaks},
		{"narrow", narrow, contract.Pass, contract.Pass, saw(1, 3), noRoom, narrow.Breaks},
	} {
		t.Run(tt.name, func(t *testing.T) {
			healthy := judged{report(contract.Pass, contract.Pass, tt.defect.Breaks), saw(1, 2)}
			got, check := judged{report(tt.own, tt.other, tt.defect.Breaks), tt.heard}.verdict(tt.defect, healthy)
			if got != tt.want || check != tt.check {
				t.Errorf("%s by %s, want %s by %s", got, check, tt.want, tt.check)
			}
		})
	}
}

// TestAnswers tells servers apart by what they answer, not by what no two runs have in common.
func TestAnswers(t *testing.T) {
	heard := func(nonce, body string) *answers {
		a := &answers{}
		h := a.of(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("WWW-Authenticate", nonce)
			fmt.Fprint(w, body)
		}))
		r := httptest.NewRequest("POST", "/things", strings.NewReader("{}"))
		r.Header.Set("Authorization", nonce)
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, r); w.Body.String() != body || w.Header().Get("WWW-Authenticate") != nonce {
			t.Errorf("%v %s", w.Header(), w.Body)
		}
		return a
	}
	if !heard("a", "one").equal(heard("b", "one")) {
		t.Error("another nonce is another answer")
	}
	if heard("a", "one").equal(heard("a", "two")) {
		t.Error("another body is no other answer")
	}
}
