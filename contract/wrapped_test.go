package contract_test

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"troth/contract"
	"troth/contract/checks"
	"troth/mock"
)

// rewritten serves requests whose query was changed.
func rewritten(next http.Handler, change func(r *http.Request, query url.Values)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		change(r, query)
		r.URL.RawQuery = query.Encode()
		next.ServeHTTP(w, r)
	})
}

// heading serves answers whose fields are changed before they are sent.
type heading struct {
	http.ResponseWriter
	change func(http.Header)
}

func (h heading) WriteHeader(status int) {
	h.change(h.Header())
	h.ResponseWriter.WriteHeader(status)
}

func headed(next http.Handler, change func(http.Header)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(heading{w, change}, r) })
}

var longTarget = regexp.MustCompile(`("targetClusterName":"[^"]{16})[^"]*`)

// TestWrapped wants what stands before a healthy server, and breaks one promise, found.
func TestWrapped(t *testing.T) {
	doc, conv := loadDocument(t, "")
	var size atomic.Pointer[string] // of the list that was asked for last
	for name, c := range map[string]struct {
		only, keyword string
		wrap          func(http.Handler) http.Handler
	}{
		"declared content is refused": {"createServerlessRestoreJob/operation-answered", "declared", func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost {
					w.WriteHeader(http.StatusUnsupportedMediaType)
					return
				}
				next.ServeHTTP(w, r)
			})
		}},
		"a charset as content coding": {"getServerlessRestoreJob/gzip-decodes", "identity", func(next http.Handler) http.Handler {
			return headed(next, func(h http.Header) { h.Set("Content-Encoding", "utf-8") })
		}},
		"quoted algorithm": {"getServerlessRestoreJob/authentication-required", "algorithm quoted", func(next http.Handler) http.Handler {
			return headed(next, func(h http.Header) {
				for i, line := range h["Www-Authenticate"] {
					h["Www-Authenticate"][i] = regexp.MustCompile(`algorithm=([A-Z0-9-]+)`).ReplaceAllString(line, `algorithm="$1"`)
				}
			})
		}},
		"OPTIONS is answered as GET": {"listServerlessRestoreJobs/unknown-method", "list", func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodOptions {
					w.Header().Set("Content-Type", "application/vnd.atlas.2023-01-01+json")
					_, _ = io.WriteString(w, `{"results": [{"id": "32b6e34b3d91647abb20e7b8"}], "totalCount": 1}`)
					return
				}
				next.ServeHTTP(w, r)
			})
		}},
		"one page without the total": {"listServerlessRestoreJobs/representation", "page", func(next http.Handler) http.Handler {
			return rewritten(next, func(_ *http.Request, query url.Values) {
				if query.Get("includeCount") == "false" {
					query.Del("pageNum")
				}
			})
		}},
		"names are expressions": {"getServerlessRestoreJob/parameter-constraints", "pattern", func(next http.Handler) http.Handler {
			return rewritten(next, func(r *http.Request, _ url.Values) {
				r.URL.Path = strings.Replace(r.URL.Path, "/Instance./", "/Instance0/", 1)
			})
		}},
		"a total in an envelope": {"listServerlessRestoreJobs/total-switch", "form", func(next http.Handler) http.Handler {
			return rewritten(next, func(_ *http.Request, query url.Values) {
				if query.Get("envelope") == "true" {
					query.Del("includeCount")
				}
			})
		}},
		"Sunset in another week": {"listServerlessRestoreJobs/headers-promised", "x-sunset", func(next http.Handler) http.Handler {
			return headed(next, func(h http.Header) {
				if h.Get("Sunset") != "" {
					h.Set("Sunset", "Thu, 29 Jan 2026 00:00:00 GMT")
				}
			})
		}},
		"texts are cut": {"createServerlessRestoreJob/values-kept", "", func(next http.Handler) http.Handler {
			return rewritten(next, func(r *http.Request, _ url.Values) {
				if r.Method == http.MethodPost {
					body, _ := io.ReadAll(r.Body)
					cut := longTarget.ReplaceAllString(string(body), "$1")
					r.Body, r.ContentLength = io.NopCloser(strings.NewReader(cut)), int64(len(cut))
				}
			})
		}},
		"sizes of others": {"listServerlessRestoreJobs/side-by-side", "mixed", func(next http.Handler) http.Handler {
			return rewritten(next, func(_ *http.Request, query url.Values) {
				asked := query.Get("itemsPerPage")
				size.Store(&asked)
				time.Sleep(20 * time.Millisecond)
				if now := *size.Load(); now == "" {
					query.Del("itemsPerPage")
				} else {
					query.Set("itemsPerPage", now)
				}
			})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := mock.New(doc, mock.WithConventions(conv), mock.WithItems(120), mock.WithParam("clusterName", "Instance0"))
			if err != nil {
				t.Fatal(err)
			}
			how := []contract.TargetOption{credentials(""), contract.Write(), contract.Param("clusterName", "Instance0")}
			for _, server := range []http.Handler{s, c.wrap(s)} {
				report, err := contract.Run(t.Context(), doc, conv, contract.InProcess(server, how...), checks.All(), contract.Only(c.only))
				if err != nil {
					t.Fatal(err)
				}
				got := report.Outcomes[0]
				if server == http.Handler(s) {
					if len(got.Findings) > 0 {
						t.Errorf("healthy: %v", got.Findings)
					}
					continue
				}
				if got.Verdict != contract.Fail || c.keyword != "" && got.Findings[0].Keyword != c.keyword {
					t.Errorf("%s %s %v", got.Verdict, got.Reason, got.Findings)
				}
			}
		})
	}
}
