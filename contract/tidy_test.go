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

// TestTidy wants nothing of what a run created to be left, also where the server takes what it has to refuse.
func TestTidy(t *testing.T) {
	for _, defect := range []string{"", "body-unchecked"} {
		doc, conv := loadDocument(t, shop)
		opts := []mock.Option{mock.WithConventions(conv), mock.WithParam("shopId", "shop1")}
		if defect != "" {
			opts = append(opts, mock.WithDefect(defect))
		}
		s, err := mock.New(doc, opts...)
		if err != nil {
			t.Fatal(err)
		}
		created, deleted := 0, 0
		watched := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			rec := httptest.NewRecorder()
			s.ServeHTTP(rec, r)
			switch {
			case r.Method == http.MethodPost && rec.Code == http.StatusCreated && strings.HasSuffix(r.URL.Path, "/orders"):
				created++
			case r.Method == http.MethodDelete && rec.Code < 300 && strings.Contains(r.URL.Path, "/orders/"):
				deleted++
			}
			for name, values := range rec.Header() {
				w.Header()[name] = values
			}
			w.WriteHeader(rec.Code)
			_, _ = w.Write(rec.Body.Bytes())
		})
		target, err := contract.NewTarget("http://mock.example", contract.Handler(watched), credentials(shop), contract.Write(), contract.Param("shopId", "shop1"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := contract.Run(t.Context(), doc, conv, target, checks.All(), contract.Concurrency(1)); err != nil {
			t.Fatal(err)
		}
		if created == 0 || created != deleted {
			t.Errorf("defect %q: %d created, %d deleted", defect, created, deleted)
		}
	}
}
