package contract_test

import (
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"troth/contract"
	"troth/contract/checks"
	"troth/mock"
)

// TestEmpty judges the list of a parent that was given as one without items.
func TestEmpty(t *testing.T) {
	doc, conv := loadDocument(t, "")
	for _, tt := range []struct {
		name string
		mock []mock.Option
		want contract.Verdict
	}{
		{"healthy", []mock.Option{mock.WithEmpty("clusterName", "Empty0")}, contract.Pass},
		{"counts one", []mock.Option{mock.WithEmpty("clusterName", "Empty0"), mock.WithDefect("empty-total")}, contract.Fail},
		{"not found", nil, contract.Fail},
		{"has items", []mock.Option{mock.WithParam("clusterName", "Empty0")}, contract.Skipped},
		{"has the items of another", []mock.Option{mock.WithDefect("tenants-shared")}, contract.Fail},
	} {
		s, err := mock.New(doc, append(tt.mock, mock.WithConventions(conv))...)
		if err != nil {
			t.Fatal(err)
		}
		report, err := contract.Run(t.Context(), doc, conv, contract.InProcess(s, credentials(""), contract.Empty("clusterName", "Empty0")),
			checks.All(), contract.Only("listServerlessRestoreJobs/empty-list"))
		if err != nil {
			t.Fatal(err)
		}
		if got := report.Outcomes[0]; got.Verdict != tt.want {
			t.Errorf("%s: %s %s %v, want %s", tt.name, got.Verdict, got.Reason, got.Findings, tt.want)
		}
	}
}

// TestBelowEmpty judges servers that find what stands below one parent below one without items, too, and whose empty list links another.
func TestBelowEmpty(t *testing.T) {
	doc, conv := loadDocument(t, "")
	s, err := mock.New(doc, mock.WithConventions(conv), mock.WithEmpty("clusterName", "Empty0"), mock.WithItems(30))
	if err != nil {
		t.Fatal(err)
	}
	rewritten := func(rewrite func(body string) string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			answer := httptest.NewRecorder()
			s.ServeHTTP(answer, r)
			maps.Copy(w.Header(), answer.Header())
			body := rewrite(answer.Body.String())
			w.Header().Set("Content-Length", strconv.Itoa(len(body)))
			w.WriteHeader(answer.Code)
			_, _ = io.WriteString(w, body)
		}
	}
	self := regexp.MustCompile(`"links":\[[^\]]*/Empty0/[^\]]*\]`)
	item := regexp.MustCompile("/Empty0/backup/restoreJobs/[0-9a-f]{24}$")
	for _, tt := range []struct {
		name, only, keyword string
		server              http.HandlerFunc
	}{
		{"healthy", "*/*", "", s.ServeHTTP},
		{"item of another", "getServerlessRestoreJob/unknown-item", "parent", func(w http.ResponseWriter, r *http.Request) {
			if item.MatchString(r.URL.Path) {
				r.URL.Path, r.URL.RawPath = strings.Replace(r.URL.Path, "Empty0", "Instance0", 1), ""
				r.Header.Set("Authorization", "Bearer token") // a digest would be of the other path
			}
			s.ServeHTTP(w, r)
		}},
		{"what is created lands below both", "createServerlessRestoreJob/created-exists", "elsewhere", func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/Empty0/backup/restoreJobs") {
				r.URL.Path, r.URL.RawPath = strings.Replace(r.URL.Path, "Empty0", "Instance0", 1), ""
			}
			s.ServeHTTP(w, r)
		}},
		{"link self of another", "listServerlessRestoreJobs/empty-list", "self", rewritten(func(body string) string { return strings.ReplaceAll(body, "/Empty0/", "/Instance0/") })},
		{"fails in an envelope", "listServerlessRestoreJobs/empty-list", "status", func(w http.ResponseWriter, r *http.Request) {
			if strings.Contains(r.URL.Path, "/Empty0/") && r.URL.Query().Get("envelope") == "true" {
				w.WriteHeader(http.StatusInternalServerError)
				return
			}
			s.ServeHTTP(w, r)
		}},
		{"no link self", "listServerlessRestoreJobs/empty-list", "untold", rewritten(func(body string) string { return self.ReplaceAllString(body, `"links":[]`) })},
	} {
		report, err := contract.Run(t.Context(), doc, conv, contract.InProcess(tt.server, contract.Bearer("token"), contract.Empty("clusterName", "Empty0"), contract.Write()), checks.All(), contract.Only(tt.only))
		if err != nil {
			t.Fatal(err)
		}
		told := ""
		for _, o := range report.Outcomes {
			for _, f := range o.Findings {
				told = f.Keyword
			}
		}
		if told != tt.keyword {
			t.Errorf("%s: %q, want %q", tt.name, told, tt.keyword)
		}
	}
}
