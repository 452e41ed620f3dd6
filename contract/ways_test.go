package contract_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"troth/contract"
	"troth/contract/checks"
	"troth/openapi"
	"troth/openapi/convention"
)

const twoSchemes = `
openapi: 3.1.0
info: {title: Two schemes, version: "1"}
components:
  securitySchemes:
    user: {type: http, scheme: basic}
    token: {type: apiKey, in: header, name: Authorization}
    tenant: {type: apiKey, in: header, name: X-Tenant}
    client: {type: apiKey, in: query, name: client_id}
paths:
  /login:
    get:
      operationId: login
      security: [{user: []}]
      responses: {"204": {description: ok}, "401": {description: no}}
  /connect:
    get:
      operationId: connect
      parameters: [{name: client_id, in: query, required: true, schema: {type: string}, example: some client}]
      security: [{client: []}]
      responses: {"204": {description: ok}, "400": {description: no}, "401": {description: no}}
  /notes:
    get:
      operationId: notes
      security: [{token: [], tenant: []}]
      responses: {"204": {description: ok}, "401": {description: no}}
`

// TestForSchemes wants each operation asked with the credentials that it takes, though Authorization stands for one scheme only.
func TestForSchemes(t *testing.T) {
	doc, err := openapi.Parse("two.yaml", []byte(twoSchemes))
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	got := map[string]bool{}
	server := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		status := http.StatusNotFound
		switch user, password, basic := r.BasicAuth(); {
		case r.URL.Path == "/login" && basic && user == "ann" && password == "secret", r.URL.Path == "/notes" && r.Header.Get("Authorization") == "k" && r.Header.Get("X-Tenant") == "k",
			r.URL.Path == "/connect" && strings.Join(r.URL.Query()["client_id"], " and ") == "k":
			if status, got[r.URL.Path] = http.StatusNoContent, true; r.Method != http.MethodGet && r.Method != http.MethodHead {
				status = http.StatusMethodNotAllowed
				w.Header().Set("Allow", "GET, HEAD")
			}
		case r.URL.Path == "/login" || r.URL.Path == "/notes" || r.URL.Path == "/connect":
			w.Header().Set("WWW-Authenticate", `Basic realm="test"`)
			status = http.StatusUnauthorized
		}
		w.WriteHeader(status)
	})
	opts, err := contract.ForSchemes(doc, "ann", "secret", "t", "k")
	if err != nil {
		t.Fatal(err)
	}
	report, err := contract.Run(t.Context(), doc, convention.Infer(doc), contract.InProcess(server, opts...), checks.All())
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/login", "/notes", "/connect"} {
		if !got[path] {
			t.Errorf("%s was not asked with its own credentials", path)
		}
	}
	for _, o := range report.Outcomes {
		if o.Verdict == contract.Error || o.Verdict == contract.Fail {
			t.Errorf("%s: %s %s %+v", o.Case, o.Verdict, o.Reason, o.Findings)
		}
		if strings.Contains(o.Reason, "secret") {
			t.Errorf("%s tells a secret: %s", o.Case, o.Reason)
		}
	}
}
