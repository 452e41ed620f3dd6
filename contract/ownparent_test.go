package contract_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"troth/contract"
	"troth/mock"
)

// TestOwnParentStays judges lists below a parent that the run had to make, while somebody else creates another one and deletes it again.
func TestOwnParentStays(t *testing.T) {
	r := behind(t, "testdata/shelf.yaml", nil, func(h http.Handler) http.Handler {
		var mu sync.Mutex
		below, until, other := 0, 0, ""
		send := func(method, path, body string) *httptest.ResponseRecorder {
			req := httptest.NewRequest(method, "http://mock.example"+path, strings.NewReader(body))
			req.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			h.ServeHTTP(w, req)
			return w
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			h.ServeHTTP(w, r)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case strings.HasSuffix(r.URL.Path, "/labels"):
				if below++; other != "" && below == until {
					if gone := send("DELETE", "/boxes/"+other, ""); gone.Code >= 300 {
						t.Errorf("the other box is not deleted: %d", gone.Code)
					}
				}
			case r.Method == http.MethodPost && r.URL.Path == "/boxes" && below > 0 && other == "": // the run asks for lists anew
				made := send("POST", "/boxes", `{"room":"attic","size":7}`)
				var box struct{ ID string }
				if err := json.Unmarshal(made.Body.Bytes(), &box); err != nil || box.ID == "" {
					t.Errorf("no other box: %d %v", made.Code, err)
				}
				other, until = box.ID, below+3
			}
		})
	}, mock.WithItems(0))
	if code := r.ExitCode(contract.Advice); code != contract.ExitKept {
		t.Errorf("exit %d\n%s", code, text(t, r))
	}
}
