package contract_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"

	"troth/contract"
	"troth/contract/checks"
	"troth/mock"
	"troth/openapi"
	"troth/openapi/convention"
)

// payments asks for a key with every payment.
const payments = `
openapi: 3.1.0
info: {title: Payments, version: "1"}
paths:
  /payments:
    get:
      operationId: listPayments
      responses: {"200": {description: all, content: {application/json: {schema: {type: object, required: [items], properties: {items: {type: array, items: &payment {type: object, required: [id, text], properties: {id: {type: string, format: uuid, readOnly: true}, text: {type: string, minLength: 1, maxLength: 40}, cents: {type: integer, minimum: 1}}}}}}}}}}
    post:
      operationId: createPayment
      parameters: [{name: Idempotency-Key, in: header, required: true, schema: {type: string, format: uuid}}]
      requestBody: {required: true, content: {application/json: {schema: *payment}}}
      responses:
        "201": {description: made, content: {application/json: {schema: *payment}}}
        "400": &refused {description: why, content: {application/problem+json: {schema: {type: object, required: [status, title], properties: {status: {type: integer}, title: {type: string}, detail: {type: string}}}}}}
        "409": *refused
        "415": *refused
  /payments/{paymentId}:
    parameters: [{name: paymentId, in: path, required: true, schema: {type: string, format: uuid}}]
    get: {operationId: getPayment, responses: {"200": {description: one, content: {application/json: {schema: *payment}}}, "400": *refused, "404": *refused}}
    delete: {operationId: deletePayment, responses: {"204": {description: gone}, "400": *refused, "404": *refused}}
`

// judgePayments judges the mock of payments with something before it.
func judgePayments(t *testing.T, before func(http.Handler) http.Handler) *contract.Report {
	t.Helper()
	doc, err := openapi.Parse("payments.yaml", []byte(payments))
	if err != nil {
		t.Fatal(err)
	}
	s, err := mock.New(doc)
	if err != nil {
		t.Fatal(err)
	}
	target, err := contract.NewTarget("http://mock.example", contract.Handler(before(s)), contract.Write())
	if err != nil {
		t.Fatal(err)
	}
	r, err := contract.Run(t.Context(), doc, convention.Infer(doc), target, checks.All())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// verdict is that of one case, and its findings.
func verdict(r *contract.Report, name string) (contract.Verdict, []contract.Finding) {
	for _, o := range r.Outcomes {
		if o.Case == name {
			return o.Verdict, o.Findings
		}
	}
	return "", nil
}

// TestRequiredKey sends another key with each request: a server that compares bodies refuses none.
func TestRequiredKey(t *testing.T) {
	sent := map[string]int{}
	var mu sync.Mutex
	r := judgePayments(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			sent[r.Header.Get("Idempotency-Key")]++
			mu.Unlock()
			next.ServeHTTP(w, r)
		})
	})
	if r.ExitCode(contract.Advice) != contract.ExitKept {
		t.Errorf("exit %d\n%s", r.ExitCode(contract.Advice), text(t, r))
	}
	for _, check := range []string{"idempotency-key", "created-exists", "created-distinct", "body-constraints", "body-boundaries"} {
		if v, _ := verdict(r, "createPayment/"+check); v != contract.Pass {
			t.Errorf("%s: %s", check, v)
		}
	}
	if len(sent) < 20 {
		t.Errorf("%d keys", len(sent))
	}
}

// remembering answers POST with what first tells of its key, where that was sent before.
func remembering(again func(w http.ResponseWriter, first *httptest.ResponseRecorder)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		var mu sync.Mutex
		known := map[string]*httptest.ResponseRecorder{}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			key := r.Header.Get("Idempotency-Key")
			if r.Method != http.MethodPost || key == "" {
				next.ServeHTTP(w, r)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			if first := known[key]; first != nil {
				again(w, first)
				return
			}
			first := httptest.NewRecorder()
			next.ServeHTTP(first, r)
			if first.Code < http.StatusBadRequest {
				known[key] = first
			}
			repeat(w, first)
		})
	}
}

func repeat(w http.ResponseWriter, first *httptest.ResponseRecorder) {
	for name, values := range first.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(first.Code)
	_, _ = io.Copy(w, bytes.NewReader(first.Body.Bytes()))
}

// conflict is the one refusal of what is there already.
func conflict(w http.ResponseWriter, _ *httptest.ResponseRecorder) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(http.StatusConflict)
	_, _ = io.WriteString(w, `{"status":409,"title":"Conflict"}`)
}

// eachTextOnce refuses a text that a payment has.
func eachTextOnce(next http.Handler) http.Handler {
	var mu sync.Mutex
	taken := map[string]bool{}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		var sent struct{ Text string }
		if r.Method == http.MethodPost && r.URL.Path == "/payments" {
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
			_ = json.Unmarshal(body, &sent)
		}
		if sent.Text != "" && taken[sent.Text] {
			conflict(w, nil)
			return
		}
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, r)
		taken[sent.Text] = taken[sent.Text] || answer.Code == http.StatusCreated
		repeat(w, answer)
	})
}

// withoutKeys gives every request a key of its own.
func withoutKeys(next http.Handler) http.Handler {
	var n atomic.Int64
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Idempotency-Key") != "" {
			r.Header.Set("Idempotency-Key", fmt.Sprintf("00000000-0000-4000-8000-%012d", n.Add(1)))
		}
		next.ServeHTTP(w, r)
	})
}

// TestKeyTakenOnce is silent on servers that refuse what is sent again, whatever else they refuse with the same words.
func TestKeyTakenOnce(t *testing.T) {
	once := remembering(conflict)
	for name, tt := range map[string]struct {
		before func(http.Handler) http.Handler
		want   contract.Verdict
	}{
		"key":            {once, contract.Pass},
		"key, then text": {func(next http.Handler) http.Handler { return once(eachTextOnce(next)) }, contract.Skipped},
		"text, then key": {func(next http.Handler) http.Handler { return eachTextOnce(once(next)) }, contract.Skipped},
	} {
		r := judgePayments(t, tt.before)
		if v, _ := verdict(r, "createPayment/idempotency-key"); r.ExitCode(contract.Advice) != contract.ExitKept || v != tt.want {
			t.Errorf("%s: %s, exit %d\n%s", name, v, r.ExitCode(contract.Advice), text(t, r))
		}
	}
}

// TestKeyUnreadBehindNames finds that keys are not read where what is sent again is refused for its name.
func TestKeyUnreadBehindNames(t *testing.T) {
	r := judgePayments(t, func(next http.Handler) http.Handler { return eachTextOnce(withoutKeys(next)) })
	if _, findings := verdict(r, "createPayment/idempotency-key"); len(findings) != 1 || findings[0].Keyword != "unread" {
		t.Errorf("%+v\n%s", findings, text(t, r))
	}
}

// TestKeyOfOtherBody advises a server that answers another body as the first one, and no more than that.
func TestKeyOfOtherBody(t *testing.T) {
	r := judgePayments(t, remembering(repeat))
	if _, findings := verdict(r, "createPayment/idempotency-key"); r.ExitCode(contract.Should) != contract.ExitKept || len(findings) != 1 || findings[0].Keyword != "other body" {
		t.Errorf("%+v, exit %d\n%s", findings, r.ExitCode(contract.Should), text(t, r))
	}
}
