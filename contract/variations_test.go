package contract_test

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"troth/contract"
	"troth/contract/checks"
	"troth/mock"
)

// TestVariations wants silence on servers that differ from the mock in ways that the document allows.
func TestVariations(t *testing.T) {
	list := func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/restoreJobs") }
	variations := map[string]func(next http.Handler) http.Handler{
		"clamps page sizes": func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				q := r.URL.Query()
				if n, err := strconv.Atoi(q.Get("itemsPerPage")); list(r) && q.Has("itemsPerPage") && err == nil && (n < 1 || n > 500) {
					q.Set("itemsPerPage", map[bool]string{true: "500", false: "100"}[n > 500])
					r.URL.RawQuery = q.Encode()
					r.RequestURI = r.URL.RequestURI()
				}
				next.ServeHTTP(w, r)
			})
		},
		"gzips": func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				rec := httptest.NewRecorder()
				next.ServeHTTP(rec, r)
				for name, values := range rec.Header() {
					w.Header()[name] = values
				}
				var b bytes.Buffer
				z := gzip.NewWriter(&b)
				_, _ = z.Write(rec.Body.Bytes())
				_ = z.Close()
				w.Header().Set("Content-Encoding", "gzip")
				w.Header().Set("Content-Length", strconv.Itoa(b.Len()))
				w.WriteHeader(rec.Code)
				_, _ = w.Write(b.Bytes())
			})
		},
		"adds members": func(next http.Handler) http.Handler {
			return rewrite(next, func(body string) string {
				return strings.Replace(body, "{", `{"extra":{"a":1},`, 1)
			})
		},
		"writes charset with a blank": func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				next.ServeHTTP(typed{w}, r)
			})
		},
		"answers 404 to malformed parameters": func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.Contains(r.URL.RawQuery, "x-malformed") && r.Header.Get("Authorization") != "" {
					r.URL.Path = strings.Replace(r.URL.Path, "/groups/32b6", "/groups/0000", 1)
					r.URL.RawPath, r.URL.RawQuery = "", ""
				}
				next.ServeHTTP(w, r)
			})
		},
	}
	for name, vary := range variations {
		t.Run(name, func(t *testing.T) {
			doc, conv := loadDocument(t, "")
			s, err := mock.New(doc, mock.WithConventions(conv))
			if err != nil {
				t.Fatal(err)
			}
			server := httptest.NewServer(vary(s))
			defer server.Close()
			target, err := contract.NewTarget(server.URL, contract.Bearer("token"), contract.Write())
			if err != nil {
				t.Fatal(err)
			}
			report, err := contract.Run(t.Context(), doc, conv, target, checks.All())
			if err != nil {
				t.Fatal(err)
			}
			if report.ExitCode(contract.Advice) != contract.ExitKept {
				t.Errorf("exit %d\n%s", report.ExitCode(contract.Advice), text(t, report))
			}
		})
	}
}

// typed spells the content type in another way.
type typed struct{ http.ResponseWriter }

func (w typed) WriteHeader(status int) {
	w.Header().Set("Content-Type", strings.Replace(w.Header().Get("Content-Type"), ";charset=utf-8", "; charset=UTF-8", 1))
	w.ResponseWriter.WriteHeader(status)
}

// rewrite changes the bodies of a server.
func rewrite(next http.Handler, change func(string) string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		for name, values := range rec.Header() {
			w.Header()[name] = values
		}
		body := change(rec.Body.String())
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(rec.Code)
		_, _ = w.Write([]byte(body))
	})
}
