package contract_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/singleflight"

	"troth/contract"
	"troth/contract/checks"
	"troth/mock"
)

// besides are servers that are right as long as one asks at a time, with the check that catches them.
var besides = map[string]func(http.Handler) http.Handler{
	"side-by-side":     failsBeside,
	"created-distinct": answersOnce,
}

// TestSideBySide wants defects to be caught that show only where requests are under way at the same time.
func TestSideBySide(t *testing.T) {
	for check, besides := range besides {
		t.Run(check, func(t *testing.T) {
			t.Parallel()
			doc, conv := loadDocument(t, shelf)
			s, err := mock.New(doc, mock.WithConventions(conv), mock.WithItems(30))
			if err != nil {
				t.Fatal(err)
			}
			target, err := contract.NewTarget("http://mock.example", contract.Handler(besides(s)), contract.Write())
			if err != nil {
				t.Fatal(err)
			}
			r, err := contract.Run(t.Context(), doc, conv, target, checks.All())
			if err != nil {
				t.Fatal(err)
			}
			if len(identities(r, check)) == 0 {
				t.Errorf("%s does not catch it\n%s", check, text(t, r))
			}
		})
	}
}

// held is how long a request is kept waiting so that others meet it.
const held = 5 * time.Millisecond

// failsBeside answers 500 to a GET that comes while another of the same URL is under way.
func failsBeside(next http.Handler) http.Handler {
	var under sync.Map
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, _ := under.LoadOrStore(r.Method+r.URL.String(), new(atomic.Int64))
		count := n.(*atomic.Int64)
		defer count.Add(-1)
		if count.Add(1) > 1 && r.Method == http.MethodGet {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		time.Sleep(held)
		next.ServeHTTP(w, r)
	})
}

// answersOnce carries out one of the POSTs that come for a path at the same time, and gives all of them its answer.
func answersOnce(next http.Handler) http.Handler {
	var flights singleflight.Group
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			next.ServeHTTP(w, r)
			return
		}
		answer, _, _ := flights.Do(r.URL.String(), func() (any, error) {
			time.Sleep(held)
			only := httptest.NewRecorder()
			next.ServeHTTP(only, r)
			return only, nil
		})
		only := answer.(*httptest.ResponseRecorder)
		maps.Copy(w.Header(), only.Header())
		w.WriteHeader(only.Code)
		_, _ = w.Write(only.Body.Bytes())
	})
}
