package mock

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"troth/openapi"
)

// disturbance parses, for tests.
func disturbance(t testing.TB, text string) Option {
	t.Helper()
	d, err := ParseDisturbance(text)
	if err != nil {
		t.Fatal(err)
	}
	return WithDisturbances(d)
}

const orders = "/v1/shops/shop1/orders"

// statuses of n requests in process, one after the other.
func statuses(s *Server, path string, n int) (list []int) {
	for range n {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		list = append(list, w.Code)
	}
	return list
}

func tally(list []int) string {
	counts := map[int]int{}
	for _, status := range list {
		counts[status]++
	}
	return fmt.Sprint(counts)
}

// TestErrorShare wants the same errors of two servers with a seed, and about the share that was asked for.
func TestErrorShare(t *testing.T) {
	serve := func(seed uint64) []int {
		s, err := New(shop(t), WithoutAuth(), WithSeed(seed), disturbance(t, "listOrders:error=10%,status=503,429"))
		if err != nil {
			t.Fatal(err)
		}
		return statuses(s, orders, 1000)
	}
	one := serve(1)
	if got := tally(one); got != "map[200:900 429:42 503:58]" {
		t.Errorf("of 1000 answers: %s", got)
	}
	if !slices.Equal(one, serve(1)) {
		t.Error("two servers with one seed differ")
	}
	if slices.Equal(one, serve(2)) {
		t.Error("another seed hits the same requests")
	}
}

// TestErrorStatus prefers what the operation declares, and answers in the document's error shape, also what is not declared.
func TestErrorStatus(t *testing.T) {
	d, err := openapi.Parse("retry.yaml", []byte(`
openapi: 3.1.0
info: {title: Retry, version: "1"}
paths:
  /a: {get: {operationId: a, responses: {"200": {description: ok}, "503": {description: later, headers: {Retry-After: {schema: {type: integer}}},
    content: {application/json: {schema: {type: object, required: [status, message], properties: {status: {type: integer}, message: {type: string}}}}}}}}}
`))
	if err != nil {
		t.Fatal(err)
	}
	m := Start(t, d, disturbance(t, "error=100%"))
	if a := get(t, m.URL+"/a"); a.StatusCode != 503 || a.object()["status"] != 503.0 || a.Header.Get("Retry-After") != "1" || !strings.Contains(a.text, "request 1 of a") {
		t.Errorf("%d %v %s", a.StatusCode, a.Header, a.text)
	}
	m = Start(t, shop(t), WithoutAuth(), disturbance(t, "error=100%"), disturbance(t, "plain:status=503"), WithInvalidRequests())
	if a := get(t, m.URL+orders); a.StatusCode != 500 || a.object()["error"] != 500.0 || a.object()["errorCode"] == nil {
		t.Errorf("%d %s", a.StatusCode, a.text)
	}
	if a := get(t, m.URL+"/plain"); a.StatusCode != 503 || a.object()["error"] != 503.0 || a.object()["reason"] != "Service Unavailable" {
		t.Errorf("%d %s", a.StatusCode, a.text)
	}
	if a := get(t, m.URL+"/nowhere"); a.StatusCode != 404 {
		t.Errorf("no operation: %d", a.StatusCode)
	}
}

// TestOnlyThatOperation disturbs one operation, and lets what names it win over what is for all.
func TestOnlyThatOperation(t *testing.T) {
	m := Start(t, shop(t), WithoutAuth(), disturbance(t, "listCursors:error=100%,status=502"), disturbance(t, "error=100%,status=503"), disturbance(t, "plain,listOffsets:error=0"))
	for path, want := range map[string]int{"/cursors": 502, "/plain": 200, "/offsets": 200, orders: 503} {
		if a := get(t, m.URL+path); a.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, a.StatusCode, want)
		}
	}
}

// TestErrorLeavesState wants a refused write to write nothing.
func TestErrorLeavesState(t *testing.T) {
	m := Start(t, shop(t), WithoutAuth())
	create := func(header string) int {
		a := send(t, http.DefaultClient, "POST", m.URL+orders, `{"kind":"sale","shopId":"shop1"}`,
			"Content-Type", "application/vnd.shop.2024-01-01+json", FaultHeader, header)
		return a.StatusCode
	}
	if got := create("status=500"); got != 500 {
		t.Errorf("refused: %d", got)
	}
	if a := get(t, m.URL+orders); a.object()["totalCount"] != 250.0 {
		t.Errorf("a refused request was carried out: %v", a.object()["totalCount"])
	}
	if got := create("none"); got != 201 {
		t.Errorf("none: %d", got)
	}
	if a := get(t, m.URL+orders); a.object()["totalCount"] != 251.0 {
		t.Errorf("total %v", a.object()["totalCount"])
	}
}

func TestFaultHeader(t *testing.T) {
	m := Start(t, shop(t), WithoutAuth(), disturbance(t, "listCursors:status=503"))
	off := Start(t, shop(t), WithoutAuth(), WithoutFaultHeader())
	for _, tt := range []struct {
		url, header string
		status      int
		text        string
	}{
		{m.URL + "/plain", "status=429", 429, `"error":429`},
		{m.URL + "/plain", "latency=3ms, error=100%", 500, `"error":500`},
		{m.URL + "/plain", "nope=1", 400, "want one of latency, error"},
		{m.URL + "/plain", "", 400, "want kind=value"},
		{m.URL + "/plain", "listOrders:latency=5ms", 400, "is unknown"},
		{m.URL + "/plain", "rate=1/1m", 400, "--fault rate=1/1m0s"},
		{m.URL + "/cursors", "none", 200, ""},
		{m.URL + "/cursors", "status=502", 502, ""},
		{m.URL + "/cursors", "latency=1ms", 503, ""},
		{off.URL + "/plain", "status=429", 200, ""},
		{off.URL + "/plain", "nope=1", 200, ""},
	} {
		a := get(t, tt.url, FaultHeader, tt.header)
		if a.StatusCode != tt.status || !strings.Contains(a.text, tt.text) {
			t.Errorf("%s %q: %d %s, want %d and %q", tt.url, tt.header, a.StatusCode, a.text, tt.status, tt.text)
		}
		if tt.status == 400 && a.object()["error"] != 400.0 {
			t.Errorf("%q: not in the document's error shape: %s", tt.header, a.text)
		}
	}
	if a := get(t, m.URL+"/plain"); a.StatusCode != 200 {
		t.Errorf("the request behind: %d", a.StatusCode)
	}
}

// TestLatency measures from below only: a wait is never shorter than asked for.
func TestLatency(t *testing.T) {
	m := Start(t, shop(t), WithoutAuth(), disturbance(t, "plain:latency=8ms"))
	begin := time.Now()
	if a := get(t, m.URL+"/plain"); a.StatusCode != 200 || time.Since(begin) < 8*time.Millisecond {
		t.Errorf("%d in %v", a.StatusCode, time.Since(begin))
	}
	done := make(chan Entry, 1)
	gone := Start(t, shop(t), WithoutAuth(), disturbance(t, "latency=1h"), WithLog(func(e Entry) { done <- e }))
	if _, err := (&http.Client{Timeout: 20 * time.Millisecond}).Get(gone.URL + "/plain"); err == nil {
		t.Error("answered before the latency was over")
	}
	select {
	case e := <-done:
		if !strings.Contains(e.Reason, "context canceled") {
			t.Errorf("reason %q", e.Reason)
		}
	case <-time.After(10 * time.Second):
		t.Error("the server waits for a client that is gone")
	}
}

// TestRetryingClient wants a client that tries again to get through errors, resets and rate limits.
func TestRetryingClient(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	clock := &steppedClock{now: now}
	m := Start(t, shop(t), WithoutAuth(), WithClock(clock.read), disturbance(t, "error=30%,status=503,rate=10/1m,reset=20%,truncate=20%"))
	c := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	seen := map[string]int{}
	for page := 1; page <= 25; page++ {
		for try := 1; ; try++ {
			outcome := attempt(c, fmt.Sprintf("%s%s?perPage=10&page=%d", m.URL, orders, page))
			if seen[outcome]++; outcome == "200" {
				break
			}
			if outcome == "429" {
				clock.step(time.Minute)
			}
			if try == 50 {
				t.Fatalf("page %d: %v", page, seen)
			}
		}
	}
	if seen["200"] != 25 || seen["503"] == 0 || seen["429"] == 0 || seen["reset"] == 0 || seen["short"] == 0 || seen["other"] > 0 {
		t.Errorf("seen %v", seen)
	}
}

func TestBadDisturbances(t *testing.T) {
	for want, d := range map[string]Disturbance{
		`"nope": want one of listOrders`: {Operations: []string{"nope"}, Reset: 1},
		"error 2: want a share":          {ErrorRate: 2},
		"reset -2: want a share":         {Reset: -2},
		"400 to 599":                     {ErrorRate: 1, Errors: []int{200}},
		"rate without":                   {RateLimit: RateLimit{Requests: 5}},
		"do not rise":                    {Latency: Latency{{50, 1}, {40, 2}}},
		"slow -1":                        {SlowBody: -1},
	} {
		if _, err := New(shop(t), WithDisturbances(d)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", d, err, want)
		}
	}
}

// TestUndisturbedCostsNothing wants no memory for a request without a fault.
func TestUndisturbedCostsNothing(t *testing.T) {
	s, err := New(shop(t))
	if err != nil {
		t.Fatal(err)
	}
	reply := &Reply{}
	bare := handlerOf(reply)
	chain := Chain(bare, s.disturbing()...)
	call := &Call{Request: httptest.NewRequest("GET", orders, nil), plan: s.plans[s.doc.Operation("listOrders")]}
	if n := testing.AllocsPerRun(100, func() { _, _ = chain(t.Context(), call) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// BenchmarkUndisturbed is what the behaviors cost a request without a fault.
func BenchmarkUndisturbed(b *testing.B) {
	s, err := New(shop(b))
	if err != nil {
		b.Fatal(err)
	}
	chain := Chain(handlerOf(&Reply{}), s.disturbing()...)
	call := &Call{Request: httptest.NewRequest("GET", orders, nil), plan: s.plans[s.doc.Operation("listOrders")]}
	b.ReportAllocs()
	for b.Loop() {
		_, _ = chain(b.Context(), call)
	}
}

func isReset(err error) bool { return errors.Is(err, syscall.ECONNRESET) }
