package mock

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"troth/openapi"
)

// steppedClock is a clock that moves when it is told to.
type steppedClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *steppedClock) read() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *steppedClock) step(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func handlerOf(r *Reply) Handler {
	return func(context.Context, *Call) (*Reply, error) { return r, nil }
}

// TestRateLimit sends a burst of one too many, waits as Retry-After says, and is answered again.
func TestRateLimit(t *testing.T) {
	clock := &steppedClock{now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	m := Start(t, shop(t), WithoutAuth(), WithClock(clock.read), disturbance(t, "listOrders:rate=5/90500ms"))
	for i := range 5 {
		a := get(t, m.URL+orders)
		if a.StatusCode != 200 || a.Header.Get("RateLimit-Limit") != "5" || a.Header.Get("RateLimit-Remaining") != strconv.Itoa(4-i) || a.Header.Get("RateLimit-Reset") != "91" {
			t.Errorf("request %d: %d %v", i, a.StatusCode, a.Header)
		}
	}
	clock.step(10 * time.Second)
	a := get(t, m.URL+orders)
	if a.StatusCode != 429 || a.object()["error"] != 429.0 || a.object()["errorCode"] == nil || a.Header.Get("Retry-After") != "81" || a.Header.Get("RateLimit-Remaining") != "0" {
		t.Fatalf("one too many: %d %v %s", a.StatusCode, a.Header, a.text)
	}
	if a := get(t, m.URL+"/cursors"); a.StatusCode != 200 || a.Header.Get("RateLimit-Limit") != "" {
		t.Errorf("another operation: %d %v", a.StatusCode, a.Header)
	}
	seconds, _ := strconv.Atoi(a.Header.Get("Retry-After"))
	clock.step(time.Duration(seconds-1) * time.Second)
	if a := get(t, m.URL+orders); a.StatusCode != 429 {
		t.Errorf("a second too early: %d", a.StatusCode)
	}
	clock.step(time.Second)
	if a := get(t, m.URL+orders); a.StatusCode != 200 || a.Header.Get("RateLimit-Remaining") != "4" {
		t.Errorf("after Retry-After: %d %v", a.StatusCode, a.Header)
	}
	if a := get(t, m.URL+"/v1/shops/none/orders"); a.StatusCode != 404 || a.Header.Get("RateLimit-Remaining") != "3" {
		t.Errorf("a refusal tells the budget: %d %v", a.StatusCode, a.Header)
	}
}

// TestRateLimitOfAll shares one budget between all operations, but gives each named one its own.
func TestRateLimitOfAll(t *testing.T) {
	clock := &steppedClock{now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	m := Start(t, shop(t), WithoutAuth(), WithClock(clock.read), disturbance(t, "rate=2/1h"), disturbance(t, "plain,listOffsets:rate=1/1h"))
	for _, step := range []struct {
		path   string
		status int
	}{{"/cursors", 200}, {orders, 200}, {"/cursors", 429}, {orders, 429}, {"/plain", 200}, {"/offsets", 200}, {"/plain", 429}, {"/offsets", 429}} {
		if a := get(t, m.URL+step.path); a.StatusCode != step.status {
			t.Errorf("%s: %d, want %d", step.path, a.StatusCode, step.status)
		}
	}
}

// TestRateLimitConcurrent sends n+1 requests at once: one is refused, and each of the others was told another rest.
func TestRateLimitConcurrent(t *testing.T) {
	const n = 40
	m := Start(t, shop(t), WithoutAuth(), WithClock(func() time.Time { return time.Unix(1e9, 0) }), disturbance(t, "rate=40/1m"))
	var mu sync.Mutex
	refused, rest := 0, map[string]bool{}
	var wg sync.WaitGroup
	for range n + 1 {
		wg.Go(func() {
			resp, err := http.Get(m.URL + "/plain")
			if err != nil {
				t.Error(err)
				return
			}
			resp.Body.Close()
			mu.Lock()
			defer mu.Unlock()
			if resp.StatusCode == 429 {
				refused++
			} else {
				rest[resp.Header.Get("RateLimit-Remaining")] = true
			}
		})
	}
	wg.Wait()
	if refused != 1 || len(rest) != n {
		t.Errorf("%d refused, %d different rests", refused, len(rest))
	}
}

// TestLimiterMonotonic lets the clock go back and forth: within a window what remains never rises, and the reset never comes later.
func TestLimiterMonotonic(t *testing.T) {
	clock := &steppedClock{now: time.Unix(1e9, 0)}
	l := newLimiter(RateLimit{100, time.Minute}, clock.read)
	last := l.take(1)
	for i := range 150 {
		clock.step([]time.Duration{-300, 700, -500, 200}[i%4] * time.Millisecond)
		b := l.take(1)
		if b.remaining > last.remaining || b.left > last.left || b.over != (i >= 99) {
			t.Fatalf("request %d: %+v behind %+v", i, b, last)
		}
		last = b
	}
}

// TestRateLimitHeaders wants the names and types that the document declares.
func TestRateLimitHeaders(t *testing.T) {
	d, err := openapi.Parse("rates.yaml", []byte(`
openapi: 3.1.0
info: {title: Rates, version: "1"}
paths:
  /epoch: {get: {operationId: epoch, responses: {"200": {description: ok, headers: {
    X-RateLimit-Limit: {schema: {type: integer}}, X-RateLimit-Remaining: {schema: {type: string}}, X-RateLimit-Reset: {description: UTC epoch seconds, schema: {type: integer}}}}}}}
  /date: {get: {operationId: date, responses: {"200": {description: ok, headers: {
    X-Rate-Limit: {schema: {type: integer}}, X-Rate-Limit-Reset: {schema: {type: string, format: date-time}}}}}}}
  /other: {get: {operationId: other, responses: {"200": {description: ok}, "429": {description: slow down, headers: {
    Retry-After: {schema: {type: integer}}, X-Ratelimit-Limit: {schema: {type: integer}}, X-Ratelimit-Remaining: {schema: {type: integer, minimum: 5}}}}}}}
  /none: {get: {operationId: none, responses: {"200": {description: ok}}}}
`))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 1, 1, 0, 0, 0, 5, time.UTC)
	m := Start(t, d, WithClock(func() time.Time { return now }), disturbance(t, "rate=4/1m"))
	for _, tt := range []struct{ path, limit, remaining, reset, values string }{
		{"/epoch", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "4 3 " + strconv.FormatInt(now.Unix()+61, 10)},
		{"/date", "X-Rate-Limit", "RateLimit-Remaining", "X-Rate-Limit-Reset", "4 2 2026-01-01T00:01:01Z"},
		{"/other", "X-Ratelimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "4  60"},
		{"/none", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "4 0 60"},
		{"/other", "X-Ratelimit-Limit", "Retry-After", "RateLimit-Reset", "4 60 60"},
	} {
		a := get(t, m.URL+tt.path)
		if got := a.Header.Get(tt.limit) + " " + a.Header.Get(tt.remaining) + " " + a.Header.Get(tt.reset); got != tt.values {
			t.Errorf("%s: %q, want %q: %v", tt.path, got, tt.values, a.Header)
		}
	}
}
