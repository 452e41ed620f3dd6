package contract_test

import (
	"net/http"
	"strings"
	"testing"

	"troth/contract"
	"troth/contract/checks"
	"troth/mock"
)

// TestCutSecrets lets secrets in that lack their last character: for each way to authenticate, that is found.
func TestCutSecrets(t *testing.T) {
	doc, conv := loadDocument(t, "")
	s, err := mock.New(doc, mock.WithConventions(conv))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		lenient bool
		want    contract.Verdict
	}{{"whole secrets", false, contract.Pass}, {"beginnings of secrets", true, contract.Fail}} {
		t.Run(c.name, func(t *testing.T) {
			h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if c.lenient && r.Header.Get("Authorization") == "Bearer toke" {
					r.Header.Set("Authorization", "Bearer token")
				}
				s.ServeHTTP(w, r)
			})
			target, err := contract.NewTarget("http://mock.example", contract.Handler(h), contract.Bearer("token"))
			if err != nil {
				t.Fatal(err)
			}
			report, err := contract.Run(t.Context(), doc, conv, target, checks.All(), contract.Only("listServerlessRestoreJobs/authentication-required"))
			if err != nil {
				t.Fatal(err)
			}
			o := report.Outcomes[0]
			if o.Verdict != c.want {
				t.Fatalf("%s %s, want %s", o.Verdict, o.Reason, c.want)
			}
			if c.lenient && !strings.Contains(o.Findings[0].Curl[0], "${TROTH_BEARER%?}") {
				t.Errorf("%s does not cut the secret", o.Findings[0].Curl[0])
			}
		})
	}
}
