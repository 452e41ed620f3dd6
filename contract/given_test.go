package contract_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"troth/contract"
	"troth/contract/checks"
	"troth/mock"
)

// TestGivenUnchanged gives the run an item by its ID: it is read, and never changed or deleted, since the run did not make it.
func TestGivenUnchanged(t *testing.T) {
	doc, conv := loadDocument(t, shop)
	s, err := mock.New(doc, mock.WithConventions(conv), mock.WithParam("shopId", "shop1"))
	if err != nil {
		t.Fatal(err)
	}
	const given = "0123456789ab"
	var read atomic.Int64
	watched := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, given) { // near it, too: a lenient server would take that for it
			switch r.Method {
			case http.MethodPut, http.MethodPatch, http.MethodDelete:
				t.Errorf("%s %s", r.Method, r.URL)
			case http.MethodGet:
				read.Add(1)
			}
		}
		s.ServeHTTP(w, r)
	})
	target, err := contract.NewTarget("http://mock.example", contract.Handler(watched), credentials(shop), contract.Write(), contract.Param("shopId", "shop1"), contract.Param("orderId", given))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := contract.Run(t.Context(), doc, conv, target, checks.All()); err != nil {
		t.Fatal(err)
	}
	if read.Load() == 0 {
		t.Error("the given item was not read")
	}
}
