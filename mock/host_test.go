package mock

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestHost leads links to the host that was asked, and refuses hosts that would break a body.
func TestHost(t *testing.T) {
	s, err := New(shop(t), WithoutAuth())
	if err != nil {
		t.Fatal(err)
	}
	for host, want := range map[string]string{
		"api.example.com:8080": "http://api.example.com:8080/", "[::1]:80": "http://[::1]:80/", "": "http://localhost/",
		`a"b`: "", `a\b`: "", "a b": "", "a/b": "", "a\nb": "", "é": "",
	} {
		r := httptest.NewRequest("GET", "/v1/shops/shop1/orders?perPage=1", nil)
		r.Host = host
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if !json.Valid(w.Body.Bytes()) {
			t.Errorf("%q: no JSON: %s", host, w.Body)
		}
		if want == "" {
			if w.Code != http.StatusBadRequest {
				t.Errorf("%q: %d, want 400", host, w.Code)
			}
		} else if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%q: %d %s, want links to %s", host, w.Code, w.Body, want)
		}
	}
}
