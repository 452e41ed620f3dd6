package contract_test

import (
	"net/http"
	"strings"
	"testing"

	"troth/contract"
	"troth/contract/checks"
	"troth/openapi"
	"troth/openapi/convention"
)

const guarded = `
openapi: 3.1.0
info: {title: Guarded, version: "1"}
components: {securitySchemes: {token: {type: http, scheme: bearer}}}
security: [{token: []}]
paths:
  /notes:
    get: {operationId: notes, responses: {"204": {description: ok}, "401": {description: no}}}
`

// TestTraceInside wants TRACE judged where only those are answered who are let in, and no credentials in the report.
func TestTraceInside(t *testing.T) {
	doc, err := openapi.Parse("guarded.yaml", []byte(guarded))
	if err != nil {
		t.Fatal(err)
	}
	const token = "a-token-that-nobody-guesses"
	for _, echoes := range []bool{true, false} {
		server := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.Header.Get("Authorization") != "Bearer "+token:
				w.Header().Set("WWW-Authenticate", "Bearer")
				w.WriteHeader(http.StatusUnauthorized)
			case r.Method == http.MethodTrace && echoes:
				_ = r.Header.Write(w)
			default:
				w.WriteHeader(http.StatusNoContent)
			}
		})
		report, err := contract.Run(t.Context(), doc, convention.Infer(doc), contract.InProcess(server, contract.Bearer(token)), checks.All(), contract.Only("notes/trace-echo"))
		if err != nil {
			t.Fatal(err)
		}
		if found := report.Outcomes[0].Verdict == contract.Fail; found != echoes {
			t.Errorf("echoes %t: %s", echoes, report.Outcomes[0].Verdict)
		}
		if strings.Contains(text(t, report), token) {
			t.Error("the report shows the token")
		}
	}
}
