package mock_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"troth/mock"
	"troth/openapi"
)

// TestConditionDemanded wants 428 for a change without If-Match where that is declared, and the change for the tag or for any; the ordinary
// request has what is asked for.
func TestConditionDemanded(t *testing.T) {
	doc, err := openapi.Load("../contract/testdata/memos.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s, err := mock.New(doc)
	if err != nil {
		t.Fatal(err)
	}
	for _, op := range doc.Operations {
		if op.ID != "putMemo" && op.ID != "deleteMemo" {
			continue
		}
		for field, want := range map[string]int{"": http.StatusPreconditionRequired, `"1"`: http.StatusPreconditionFailed, "*": http.StatusOK} {
			r, err := s.Ordinary(op)
			if err != nil {
				t.Fatal(err)
			}
			if r.Header.Get("If-Match") != "*" {
				t.Errorf("%s: the ordinary request has If-Match %q", op.ID, r.Header.Get("If-Match"))
			}
			if r.Header.Del("If-Match"); field != "" {
				r.Header.Set("If-Match", field)
			}
			if op.Method == http.MethodDelete && want == http.StatusOK {
				want = http.StatusNoContent
			}
			r.Header.Set("Authorization", "Bearer token")
			w := httptest.NewRecorder()
			if s.ServeHTTP(w, r); w.Code != want || want >= 400 && !strings.Contains(w.Body.String(), "If-Match") {
				t.Errorf("%s with If-Match %q: %d %s, want %d", op.ID, field, w.Code, w.Body, want)
			}
		}
	}
}
