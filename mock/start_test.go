package mock

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// failing is a test that notes its failures.
type failing struct {
	mu     sync.Mutex
	errors []string
	ending []func()
}

func (f *failing) Helper() {}
func (f *failing) Errorf(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.errors = append(f.errors, fmt.Sprintf(format, args...))
}
func (f *failing) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
func (f *failing) Cleanup(end func())                { f.ending = append(f.ending, end) }

// end ends the test and returns its failures.
func (f *failing) end() []string {
	for _, end := range slices.Backward(f.ending) {
		end()
	}
	return f.errors
}

// TestStartTells wants every kind of request that breaks the document to fail the test, with what was wanted and the line.
func TestStartTells(t *testing.T) {
	const orders = "/v1/shops/shop1/orders"
	tests := []struct {
		method, path, body, header string
		want                       string // "": the test passes
	}{
		{"GET", orders + "?perPage=3", "", "", ""},
		{"GET", orders + "?undeclared=1", "", "", ""},
		{"GET", "/v1/shops/nowhere/orders", "", "", ""}, // 404 is no fault of the request's form
		{"GET", orders, "", "Authorization: Bearer wrong", ""},
		{"GET", orders + "?perPage=51", "", "", "query parameter perPage: maximum: want at most 50, got 51 (testdata/shop.yaml:12)"},
		{"GET", "/v1/shops/SHOP/orders", "", "", "path parameter shopId: pattern"},
		{"GET", "/v1/nowhere", "", "", "path: paths: want a path of the document, got /v1/nowhere"},
		{"TRACE", orders, "", "", "method: paths: want GET, HEAD, OPTIONS, POST, got TRACE"},
		{"GET", orders, "", "Accept: image/png", "header Accept: content: want application/vnd.shop.2024-01-01+json"},
		{"POST", orders, `{"kind":"gift","shopId":"a"}`, "", "body at /kind: enum: want one of sale, return"},
		{"POST", orders, `{"kind":"sale"}`, "", "body at /shopId: required"},
		{"POST", orders, `{`, "", "body: content: want JSON"},
		{"POST", orders, "", "", "body: required: want a request body"},
		{"POST", orders, "a,b", "Content-Type: text/csv", "header Content-Type: content: want application/vnd.shop.2024-01-01+json, got \"text/csv\""},
	}
	for _, test := range tests {
		t.Run(test.method+" "+test.path+" "+test.body+test.header, func(t *testing.T) {
			f := &failing{}
			m := Start(f, shop(t))
			client := m.Client()
			fields := []string{}
			if name, value, ok := strings.Cut(test.header, ": "); ok {
				if fields = append(fields, name, value); name == "Authorization" {
					client = http.DefaultClient
				}
			}
			send(t, client, test.method, m.URL+test.path, test.body, fields...)
			calls := m.Calls()
			if len(calls) != 1 || test.body != "" && string(calls[0].Body) != test.body {
				t.Errorf("log: %v", calls)
			}
			failures := f.end()
			switch {
			case test.want == "" && failures != nil:
				t.Errorf("fails: %q", failures)
			case test.want != "" && (len(failures) != 1 || !strings.Contains(failures[0], test.want)):
				t.Errorf("%q, want %q", failures, test.want)
			}
		})
	}
}

// TestExpect counts calls and shows those that came.
func TestExpect(t *testing.T) {
	f := &failing{}
	m := Start(f, shop(t), WithoutAuth(), WithDisturbances(Disturbance{Operations: []string{"plain"}, ErrorRate: 1, Errors: []int{503}}))
	m.Expect("plain").Times(3) // refused on request: calls all the same
	m.Expect("plain").AtLeast(4)
	m.Expect("listOrders").Never()
	m.Expect("getOrder")
	m.Expect("plain").Matching(func(e *Exchange) string {
		if strings.Contains(e.URL, "n=2") {
			return ""
		}
		return "n is not 2"
	}).Times(2)
	for n := range 3 {
		get(t, fmt.Sprintf("%s/plain?n=%d", m.URL, n))
	}
	failures := f.end()
	want := []string{
		"start_test.go:", "plain: got 3 calls, want 4 or more\n  1. GET /plain?n=0 -> 503\n",
		"getOrder: got 0 calls, want 1 or more",
		"plain: got 1 call with this request, want 2\n", "differs:\n       n is not 2",
	}
	if len(failures) != 3 {
		t.Fatalf("%q", failures)
	}
	for _, text := range want {
		if !strings.Contains(strings.Join(failures, "\n"), text) {
			t.Errorf("no %q in %q", text, failures)
		}
	}
}

// TestLogForgets keeps the newest exchanges and counts all.
func TestLogForgets(t *testing.T) {
	j := newJournal(func(*Exchange) {})
	for range keptExchanges + 1 {
		j.add(&Exchange{Entry: Entry{Operation: "a", Status: 200}})
	}
	if j.count("a") != keptExchanges+1 || len(j.calls(nil)) != keptExchanges/2+1 {
		t.Errorf("%d calls, %d kept", j.count("a"), len(j.calls(nil)))
	}
}

// TestHandleWhileServing changes handlers and faults while requests run.
func TestHandleWhileServing(t *testing.T) {
	m := Start(t, shop(t), WithoutAuth())
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 50 {
				if a := get(t, m.URL+"/plain"); a.StatusCode != 200 && a.StatusCode != 503 && a.StatusCode != 418 {
					t.Errorf("%d %s", a.StatusCode, a.text)
				}
			}
		})
	}
	teapot := func(context.Context, *Call) (*Reply, error) { return nil, &Fault{Status: http.StatusTeapot} }
	for i := range 100 {
		h := Handler(teapot)
		if i%2 == 0 {
			h = nil
		}
		if err := m.Handle("plain", h); err != nil {
			t.Fatal(err)
		}
		if err := m.Disturb(Disturbance{ErrorRate: 0.5, Errors: []int{503}}); err != nil {
			t.Fatal(err)
		}
	}
	group.Wait()
	if err := m.Disturb(Disturbance{Operations: []string{"nothing"}}); err == nil || !strings.Contains(err.Error(), "want one of") {
		t.Errorf("unknown operation: %v", err)
	}
}

// TestHandlerJudged wants every answer of a handler that breaks the document to be told.
func TestHandlerJudged(t *testing.T) {
	tests := []struct {
		name string
		h    http.HandlerFunc
		want string // "": it is sent
	}{
		{"kept", func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			w.Header().Set("Content-Type", "application/vnd.shop.2024-01-01+json")
			w.WriteHeader(201)
			_, _ = w.Write(body) // what was validated can be read again
		}, ""},
		{"undeclared status", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(202) }, "status: responses: want one of 201, 400"},
		{"no body", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(201) }, "want a body of application/vnd.shop.2024-01-01+json"},
		{"other type", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "x", http.StatusCreated) }, `got "text/plain; charset=utf-8"`},
		{"member", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/vnd.shop.2024-01-01+json")
			w.WriteHeader(201)
			_, _ = io.WriteString(w, `{"kind":"gift","shopId":"a"}`)
		}, "body at /kind: enum"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := &failing{}
			m := Start(f, shop(t), WithoutAuth(), WithHandler("createOrder", HTTP(test.h)))
			a := send(t, http.DefaultClient, "POST", m.URL+"/shops/unknown/orders", `{"kind":"sale","shopId":"a"}`)
			failures := f.end()
			if test.want == "" && (a.StatusCode != 201 || failures != nil) || test.want != "" && (a.StatusCode != 500 || len(failures) != 1 || !strings.Contains(failures[0], test.want)) {
				t.Errorf("%d %s, %q", a.StatusCode, a.text, failures)
			}
		})
	}
}

// TestNoReply wants a handler that returns nothing, or asks for the fake, to be answered.
func TestNoReply(t *testing.T) {
	f := &failing{}
	m := Start(f, shop(t), WithoutAuth(), WithHandler("plain", func(context.Context, *Call) (*Reply, error) { return nil, nil }))
	if a := get(t, m.URL+"/plain"); a.StatusCode != 500 || !strings.Contains(f.end()[0], "neither a reply nor an error") {
		t.Errorf("%d %s", a.StatusCode, a.text)
	}
	m = Start(t, shop(t), WithoutAuth(), WithHandler("plain", func(context.Context, *Call) (*Reply, error) { return nil, ErrFaked }))
	if a := get(t, m.URL+"/plain", "Accept", "application/json"); a.StatusCode != 200 || a.object()["a"] != 5.0 {
		t.Errorf("%d %s", a.StatusCode, a.text)
	}
}

// TestClientAuthenticates satisfies each kind of requirement.
func TestClientAuthenticates(t *testing.T) {
	const document = `openapi: 3.1.0
info: {title: Keys, version: "1"}
paths:
  /basic: {get: {operationId: basic, security: [{Basic: []}], responses: {"204": {description: ok}}}}
  /digest: {get: {operationId: digest, security: [{Digest: []}], responses: {"204": {description: ok}}}}
  /both: {get: {operationId: both, security: [{Basic: [], Query: [], Cookie: []}], responses: {"204": {description: ok}}}}
  /header: {get: {operationId: header, security: [{Header: []}], responses: {"204": {description: ok}}}}
  /open: {get: {operationId: open, responses: {"204": {description: ok}}}}
  /bearer: {post: {operationId: bearer, security: [{Digest: []}, {OAuth: []}], requestBody: {content: {text/plain: {}}}, responses: {"204": {description: ok}}}}
components:
  securitySchemes:
    Basic: {type: http, scheme: basic}
    Digest: {type: http, scheme: digest}
    Header: {type: apiKey, in: header, name: X-Key}
    Query: {type: apiKey, in: query, name: the key}
    Cookie: {type: apiKey, in: cookie, name: key}
    OAuth: {type: oauth2, flows: {clientCredentials: {tokenUrl: /token, scopes: {}}}}
`
	doc := parsed(t, document)
	for name, opt := range map[string]Option{
		"default": WithCredentials(Credentials{}),
		"own":     WithCredentials(Credentials{Users: map[string]string{"u": "p"}, Keys: []string{"a&b"}}), // no token: one is issued
	} {
		m := Start(t, doc, opt)
		for _, op := range doc.Operations {
			before := len(m.Calls())
			a := send(t, m.Client(), op.Method, m.URL+op.Path+"?x=1", "")
			if sent := len(m.Calls()) - before; a.StatusCode != 204 || sent > 1 && op.ID != "digest" {
				t.Errorf("%s %s: %d %s, %d requests", name, op.ID, a.StatusCode, a.text, sent)
			}
		}
	}
}

// TestTransportFaults wants a client without a socket to see what one with a connection sees.
func TestTransportFaults(t *testing.T) {
	client := func(opts ...Option) *http.Client {
		rt, err := Transport(shop(t), append(opts, WithoutAuth())...)
		if err != nil {
			t.Fatal(err)
		}
		return &http.Client{Transport: rt}
	}
	if _, err := client(disturbance(t, "reset=100%")).Get("http://shop/plain"); !errors.Is(err, ErrReset) {
		t.Errorf("reset: %v", err)
	}
	resp, err := client(disturbance(t, "truncate=100%")).Get("http://shop/v1/shops/shop1/orders")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(resp.Body); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("truncated: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, "GET", "http://shop/plain", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client(disturbance(t, "latency=1h")).Do(r); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("late: %v", err)
	}
	head, err := client().Head("http://shop/v1/shops/shop1/orders")
	if err != nil || head.ContentLength <= 0 {
		t.Fatalf("head: %v %d", err, head.ContentLength)
	}
	if body, err := io.ReadAll(head.Body); err != nil || len(body) != 0 {
		t.Errorf("head: %q %v", body, err)
	}
	if _, err := Transport(shop(t), WithItems(-1)); err == nil {
		t.Error("a bad option is no error")
	}
}
