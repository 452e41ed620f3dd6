package contract_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"troth/contract"
	"troth/contract/checks"
	"troth/mock"
)

// TestBesideTenant judges two parents whose lists can both be read: what mixes them is found beside that.
func TestBesideTenant(t *testing.T) {
	swapped := func(r *http.Request, from, to string) *http.Request {
		other := r.Clone(r.Context())
		other.URL.Path = strings.Replace(r.URL.Path, from, to, 1)
		return other
	}
	for _, test := range []struct {
		name, keyword string
		before        func(h http.Handler, w http.ResponseWriter, r *http.Request)
	}{
		{"healthy", "", func(h http.Handler, w http.ResponseWriter, r *http.Request) { h.ServeHTTP(w, r) }},
		{"any item is read", "below", func(h http.Handler, w http.ResponseWriter, r *http.Request) {
			answer := httptest.NewRecorder()
			h.ServeHTTP(answer, r)
			if answer.Code == http.StatusNotFound && r.Method == http.MethodGet {
				r = swapped(r, tenants[0], tenants[1])
			}
			h.ServeHTTP(w, r)
		}},
		{"what is created lands elsewhere", "landed", func(h http.Handler, w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				r = swapped(r, tenants[1], tenants[0])
			}
			h.ServeHTTP(w, r)
		}},
		{"one list for both", "shared", func(h http.Handler, w http.ResponseWriter, r *http.Request) {
			h.ServeHTTP(w, swapped(r, tenants[1], tenants[0]))
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			doc, conv := loadDocument(t, "")
			s, err := mock.New(doc, mock.WithConventions(conv), mock.WithItems(12), mock.WithParam("groupId", tenants[0]), mock.WithParam("groupId", tenants[1]))
			if err != nil {
				t.Fatal(err)
			}
			h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { test.before(s, w, r) })
			target, err := contract.NewTarget("http://mock.example", contract.Handler(h), contract.Bearer("token"), contract.Write(), contract.Param("groupId", tenants[0]), contract.Param("groupId", tenants[1]))
			if err != nil {
				t.Fatal(err)
			}
			report, err := contract.Run(t.Context(), doc, conv, target, checks.All(), contract.Only("*/tenant-isolation"))
			if err != nil {
				t.Fatal(err)
			}
			found := map[string]bool{}
			for id := range identities(report, "tenant-isolation") {
				found[id[strings.LastIndexByte(id, ' ')+1:]] = true
			}
			for _, keyword := range []string{"below", "landed", "shared", "links"} {
				if keyword == test.keyword && !found[keyword] || test.keyword == "" && found[keyword] {
					t.Errorf("%s found: %v\n%s", keyword, found[keyword], text(t, report))
				}
			}
			if !found["listed"] {
				t.Error("the list of the other parent is not reported")
			}
		})
	}
}
