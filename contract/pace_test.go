package contract_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"troth/contract"
	"troth/contract/checks"
	"troth/mock"
)

// paced judges one operation of a mock behind a handler that sees every request first, and may answer it.
func paced(t *testing.T, before func(n int64, w http.ResponseWriter) (answered bool), opts ...contract.Option) *contract.Report {
	t.Helper()
	doc, conv := loadDocument(t, "")
	s, err := mock.New(doc, mock.WithConventions(conv))
	if err != nil {
		t.Fatal(err)
	}
	var n atomic.Int64
	target, err := contract.NewTarget("http://mock.example", contract.Bearer("token"), contract.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !before(n.Add(1), w) {
			s.ServeHTTP(w, r)
		}
	})))
	if err != nil {
		t.Fatal(err)
	}
	r, err := contract.Run(t.Context(), doc, conv, target, checks.All(), append([]contract.Option{contract.Only("listServerlessRestoreJobs/page-*")}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestRetryAfter waits as a busy server asks, by seconds or by date, and takes the answer where it asks for too much.
func TestRetryAfter(t *testing.T) {
	for name, tt := range map[string]struct {
		status     int
		field      string
		waits, cut bool
	}{
		"429 in seconds":       {429, "0", true, false},
		"503 in seconds":       {503, "0", true, false},
		"by a date":            {503, "Sun, 06 Nov 1994 08:49:37 GMT", true, false},
		"more than is allowed": {429, "3600", false, true},
		"nonsense":             {429, "soon", true, false},
		"another status":       {404, "0", false, false},
	} {
		r := paced(t, func(n int64, w http.ResponseWriter) bool {
			if n%10 != 3 {
				return false
			}
			w.Header().Set("Retry-After", tt.field)
			w.WriteHeader(tt.status)
			return true
		}, contract.MaxWait(time.Second))
		if (r.Waits > 0) != tt.waits || (r.Cut > 0) != tt.cut {
			t.Errorf("%s: waited %d times, cut %d", name, r.Waits, r.Cut)
		}
		if tt.cut && (r.ExitCode(contract.Should) != contract.ExitUnsure || strings.Contains(text(t, r), "  got ")) {
			t.Errorf("%s: exit %d, want nothing judged by 429\n%s", name, r.ExitCode(contract.Should), text(t, r))
		}
		if tt.waits && r.ExitCode(contract.Should) != contract.ExitKept {
			t.Errorf("%s: exit %d\n%s", name, r.ExitCode(contract.Should), text(t, r))
		}
	}
}

// TestRate sends no more requests than are allowed: n of them take at least the time of n-1 turns, whatever the number of workers.
func TestRate(t *testing.T) {
	var sent atomic.Int64
	began := time.Now()
	paced(t, func(int64, http.ResponseWriter) bool { sent.Add(1); return false }, contract.Rate(200), contract.Concurrency(8))
	if took, n := time.Since(began), sent.Load(); n < 10 || took < time.Duration(n-1)*time.Second/200 {
		t.Errorf("%d requests took %v", n, took)
	}
}
