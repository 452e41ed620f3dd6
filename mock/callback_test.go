package mock

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"troth/openapi"
)

// received is what a receiver of callbacks was sent.
type received struct {
	mu       sync.Mutex
	requests []*http.Request
	bodies   []string
}

func (r *received) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	body, _ := io.ReadAll(q.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.requests, r.bodies = append(r.requests, q), append(r.bodies, string(body))
	if strings.HasPrefix(q.URL.Path, "/teapot") {
		w.WriteHeader(http.StatusTeapot)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func jobs(t testing.TB, opts ...Option) *Server {
	t.Helper()
	d, err := openapi.Load("testdata/jobs.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(d, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestCallback sends what the operation promised, with the members that it has in common with the answer.
func TestCallback(t *testing.T) {
	var got received
	receiver := httptest.NewServer(&got)
	defer receiver.Close()
	var deliveries []Delivery
	s := jobs(t, WithCallbacks(nil, func(d Delivery) { deliveries = append(deliveries, d) }))
	code, _, answer := client{s}.do("POST", "/jobs", `{"callbackUrl":"`+receiver.URL+`/hook","size":7}`)
	s.Wait()
	if code != 202 || len(got.requests) != 1 {
		t.Fatalf("%d %v, %d callbacks, %+v", code, answer, len(got.requests), deliveries)
	}
	var body struct {
		Ticket, State string
		Size          int
	}
	r := got.requests[0]
	if err := json.Unmarshal([]byte(got.bodies[0]), &body); err != nil {
		t.Fatal(err)
	}
	ticket := member(answer, "ticket").(string)
	if r.Method != "POST" || r.URL.String() != "/hook/done?ticket="+ticket || r.Header.Get("X-Attempt") == "" || r.Header.Get("Content-Type") != "application/json" {
		t.Errorf("%s %s %v", r.Method, r.URL, r.Header)
	}
	if body.Ticket != ticket || body.Size != 7 || body.State == "" {
		t.Errorf("%s, want ticket %s and size 7", got.bodies[0], ticket)
	}
	if d := deliveries[0]; d.Err != nil || d.Status != 204 || d.Name != "done" || d.Operation != "startJob" {
		t.Errorf("%+v", d)
	}
}

// TestCallbackProblems tells what went wrong with a callback, and does not disturb the answer.
func TestCallbackProblems(t *testing.T) {
	var got received
	receiver := httptest.NewServer(&got)
	defer receiver.Close()
	for to, want := range map[string]string{
		"ftp://x": "want http://", receiver.URL + "/teapot": "answered 418", "http://127.0.0.1:1": "refused",
	} {
		var deliveries []Delivery
		s := jobs(t, WithCallbacks(nil, func(d Delivery) { deliveries = append(deliveries, d) }))
		code, _, _ := client{s}.do("POST", "/jobs", `{"callbackUrl":"`+to+`"}`)
		s.Wait()
		if code != 202 || len(deliveries) != 1 || deliveries[0].Err == nil || !strings.Contains(deliveries[0].Err.Error(), want) {
			t.Errorf("%s: %d %+v, want %q", to, code, deliveries, want)
		}
	}
	quiet := jobs(t)
	if code, _, _ := (client{quiet}).do("POST", "/jobs", `{"callbackUrl":"`+receiver.URL+`"}`); code != 202 {
		t.Error(code)
	}
	if quiet.Wait(); len(got.requests) != 1 {
		t.Errorf("%d requests without WithCallbacks", len(got.requests)-1)
	}
}

// TestLink follows a link to a parameter of any value, and refuses one that no link leads to.
func TestLink(t *testing.T) {
	s := jobs(t)
	_, _, answer := client{s}.do("POST", "/jobs", `{"callbackUrl":"x"}`)
	ticket := member(answer, "ticket").(string)
	if code, _, v := (client{s}).do("GET", "/tickets/"+ticket+"/status", ""); code != 200 || member(v, "ticket") != ticket {
		t.Errorf("%d %v", code, v)
	}
	if code, _, _ := (client{s}).do("GET", "/notes/unheard-of/text", ""); code != 404 {
		t.Errorf("a note that nothing leads to: %d", code)
	}
}
