package cli

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// recorder passes requests on to a mock and keeps what they ask for.
type recorder struct {
	mu   sync.Mutex
	sent []string
	*httptest.Server
}

func record(t *testing.T, to string) *recorder {
	t.Helper()
	u, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(u)
	r := &recorder{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		r.mu.Lock()
		r.sent = append(r.sent, req.Method+" "+req.RequestURI+" "+string(body))
		r.mu.Unlock()
		req.Body = io.NopCloser(strings.NewReader(string(body)))
		proxy.ServeHTTP(w, req) // with the host of the client: links lead here
	}))
	t.Cleanup(r.Close)
	return r
}

var (
	plannedRequest = regexp.MustCompile(`^ +\d+ ([A-Z]+ \S+)  \(`)
	plannedBody    = regexp.MustCompile(`^      body: (.*)$`)
)

// requests are those of a printed plan, as the recorder writes them.
func requests(plan string) (list []string) {
	for line := range strings.SplitSeq(plan, "\n") {
		if m := plannedRequest.FindStringSubmatch(line); m != nil {
			list = append(list, m[1]+" ")
		}
		if m := plannedBody.FindStringSubmatch(line); m != nil {
			list[len(list)-1] += m[1]
		}
	}
	return list
}

// TestPlanIsTrue compares the printed plan with what a server gets: every request of the run is in the plan, and the other way round.
func TestPlanIsTrue(t *testing.T) {
	for _, write := range []string{"--write=false", "--write"} {
		m := start(t, shopDocument)
		r := record(t, m.url)
		run := []string{"test", shopDocument, "--target", r.URL, "--bearer", "token", "--api-key", "X-Key=key", write} // credentials decide which mistakes there are in them
		code, plan, errs := troth(t, append(run, "--plan")...)
		if code != 0 || len(r.sent) != 0 {
			t.Fatalf("%d %s, %d requests were sent", code, errs, len(r.sent))
		}
		if _, again, _ := troth(t, append(run, "--plan")...); again != plan {
			t.Error("the plan differs from time to time")
		}
		if code, out, errs := troth(t, append(run, "--shrink", "0", "--concurrency", "4")...); code == 2 {
			t.Fatal(code, out, errs)
		}
		want := requests(plan)
		slices.Sort(want)
		slices.Sort(r.sent)
		if missing, extra := without(want, r.sent), without(r.sent, want); len(missing)+len(extra) > 0 || len(want) < 100 {
			t.Errorf("%s: %d planned, %d sent; planned only: %q; sent only: %q", write, len(want), len(r.sent), missing, extra)
		}
		for _, request := range want {
			if method, _, _ := strings.Cut(request, " "); write != "--write" && !slices.Contains([]string{"GET", "HEAD", "OPTIONS", "TRACE", "PROBE"}, method) {
				t.Errorf("read only: %s", request)
			}
		}
		if !strings.Contains(plan, "depends on the answer to") || !strings.Contains(plan, ": the link at ") {
			t.Error("nothing depends on answers")
		}
	}
}

// without is what of a list is not in another one.
func without(list, other []string) (rest []string) {
	for _, text := range list {
		if !slices.Contains(other, text) {
			rest = append(rest, text)
		}
	}
	return rest
}
