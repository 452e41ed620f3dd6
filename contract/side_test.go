package contract_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"troth/contract"
	"troth/contract/checks"
	"troth/mock"
)

// TestParentsMixed judges a server that keeps what a request is below in a place that all requests share.
func TestParentsMixed(t *testing.T) {
	for _, shared := range []bool{false, true} {
		for _, given := range [][]string{tenants[:1], tenants} {
			doc, conv := loadDocument(t, "")
			s, err := mock.New(doc, mock.WithConventions(conv), mock.WithParam("groupId", tenants[0]), mock.WithParam("groupId", tenants[1]))
			if err != nil {
				t.Fatal(err)
			}
			var mu sync.Mutex
			var parent string
			h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				own, _, _ := strings.Cut(r.URL.Path, "/backup")
				mu.Lock()
				parent = own
				mu.Unlock()
				if shared {
					time.Sleep(20 * time.Millisecond)
					mu.Lock()
					r.URL.Path = strings.Replace(r.URL.Path, own, parent, 1)
					mu.Unlock()
				}
				s.ServeHTTP(w, r)
			})
			opts := []contract.TargetOption{contract.Handler(h), contract.Bearer("token")}
			for _, id := range given {
				opts = append(opts, contract.Param("groupId", id))
			}
			target, err := contract.NewTarget("http://mock.example", opts...)
			if err != nil {
				t.Fatal(err)
			}
			r, err := contract.Run(t.Context(), doc, conv, target, checks.All(), contract.Only("listServerlessRestoreJobs/side-by-side"))
			if err != nil {
				t.Fatal(err)
			}
			if found := len(identities(r, "side-by-side")) > 0; found != shared {
				t.Errorf("parents shared %v, %d given: found %v\n%s", shared, len(given), found, text(t, r))
			}
		}
	}
}
