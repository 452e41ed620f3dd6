package contract_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"troth/contract"
	"troth/contract/checks"
	"troth/openapi"
	"troth/openapi/convention"
)

const visitorHalls = `
openapi: 3.1.0
info: {title: Halls, version: "1"}
components:
  schemas:
    Hall: {type: object, required: [id, name, visitors], properties: {id: {type: string}, name: {type: string}, visitors: {type: integer}}}
    Problem: {type: object, required: [title], properties: {title: {type: string}}}
  responses: {Refused: {description: refused, content: {application/json: {schema: {$ref: '#/components/schemas/Problem'}}}}}
paths:
  /hall:
    get:
      operationId: readHall
      responses: {"200": {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Hall'}}}}}
  /names:
    post:
      operationId: rename
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [name], properties: {name: {type: string}}}}}}
      responses:
        "200": {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Hall'}}}}
        "400": {$ref: '#/components/responses/Refused'}
        "413": {$ref: '#/components/responses/Refused'}
`

// judgeHalls is what a check finds of a server, beside all checks of an operation.
func judgeHalls(t *testing.T, server http.Handler, operation, check string) []contract.Finding {
	t.Helper()
	doc, err := openapi.Parse("halls.yaml", []byte(visitorHalls))
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(server)
	defer s.Close()
	target, err := contract.NewTarget(s.URL, contract.Write())
	if err != nil {
		t.Fatal(err)
	}
	report, err := contract.Run(t.Context(), doc, convention.Infer(doc), target, checks.All(), contract.Only(operation+"/*"))
	if err != nil {
		t.Fatal(err)
	}
	var findings []contract.Finding
	for _, o := range report.Outcomes {
		if o.Check != check {
			continue
		}
		if o.Verdict == contract.Error {
			t.Errorf("%s: %s", o.Case, o.Reason)
		}
		findings = append(findings, o.Findings...)
	}
	return findings
}

// TestComesBack wants a text that comes back to what it was told, and no number that does: visitors come and go.
func TestComesBack(t *testing.T) {
	for _, tt := range []struct {
		name string
		body func(n int64) string
		want int
	}{
		{"numbers", func(n int64) string { return fmt.Sprintf(`{"id": "a", "name": "north", "visitors": %d}`, n%2) }, 0},
		{"texts", func(n int64) string { return fmt.Sprintf(`{"id": "a", "name": "north %d", "visitors": 1}`, n%2) }, 1},
	} {
		var asked atomic.Int64
		found := judgeHalls(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, tt.body(asked.Add(1)))
		}), "readHall", "repeatable")
		if len(found) != tt.want {
			t.Errorf("%s: %d findings, want %d: %v", tt.name, len(found), tt.want, found)
		}
	}
}

// TestCutRefusal wants no shape of a refusal that was lost with its connection, which the server closed before it had read the body; that of another
// refusal is wanted whole.
func TestCutRefusal(t *testing.T) {
	for _, tt := range []struct {
		name string
		cut  func(r *http.Request) bool
		want bool
	}{
		{"large bodies", func(r *http.Request) bool { return r.ContentLength > 1<<19 }, false},
		{"all refused bodies", func(*http.Request) bool { return true }, true},
	} {
		found := judgeHalls(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			var body struct{ Name *string }
			err := json.NewDecoder(r.Body).Decode(&body)
			if err == nil && body.Name == nil {
				err = errors.New("no name")
			}
			switch {
			case tt.cut(r) && (err != nil || r.ContentLength > 1<<19):
				w.Header().Set("Content-Length", "100")
				w.WriteHeader(http.StatusRequestEntityTooLarge)
				_, _ = io.WriteString(w, `{"title":`)
			case err != nil:
				w.WriteHeader(http.StatusBadRequest)
				_, _ = io.WriteString(w, `{"title": "no name"}`)
			default:
				_, _ = io.WriteString(w, `{"id": "a", "name": "north", "visitors": 1}`)
			}
		}), "rename", "error-shape")
		if got := len(found) > 0; got != tt.want {
			t.Errorf("%s: found %v, want some: %v", tt.name, found, tt.want)
		}
	}
}
