package contract_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"troth/contract"
	"troth/contract/checks"
	"troth/mock"
)

// TestRoundabout wants another tenant's list to be refused by whatever way it is asked for.
func TestRoundabout(t *testing.T) {
	doc, conv := loadDocument(t, "")
	serve := func(group string, seed uint64) http.Handler {
		s, err := mock.New(doc, mock.WithConventions(conv), mock.WithParam("groupId", group), mock.WithParam("clusterName", "Cluster0"), mock.WithSeed(seed))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	own, theirs := serve(tenants[0], 1), serve(tenants[1], 2)
	for name, careless := range map[string]func(r *http.Request) bool{
		"":                       func(*http.Request) bool { return false },
		"path groupId overruled": func(r *http.Request) bool { return r.URL.Query().Get("groupId") == tenants[1] },
		"path groupId listed": func(r *http.Request) bool {
			return strings.Contains(r.URL.EscapedPath(), "%") && strings.Contains(r.URL.Path, tenants[1])
		},
		"path groupId listed ": func(r *http.Request) bool { return strings.Contains(r.URL.Path, strings.ToUpper(tenants[1])) },
	} {
		server := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if careless(r) {
				r.URL.Path, r.URL.RawPath = strings.NewReplacer(tenants[0], tenants[1], strings.ToUpper(tenants[1]), tenants[1]).Replace(r.URL.Path), ""
				theirs.ServeHTTP(w, r)
				return
			}
			own.ServeHTTP(w, r)
		})
		report, err := contract.Run(t.Context(), doc, conv, contract.InProcess(server, contract.Bearer("token"),
			contract.Param("groupId", tenants[0]), contract.Param("clusterName", "Cluster0"), contract.Param("groupId", tenants[1])),
			checks.All(), contract.Only("getServerlessRestoreJob/tenant-isolation"))
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, f := range report.Outcomes[0].Findings {
			got = f.Where + " " + f.Keyword
		}
		if got != strings.TrimSpace(name) {
			t.Errorf("want %q, got %q %s %s", name, got, report.Outcomes[0].Verdict, report.Outcomes[0].Reason)
		}
	}
}

// TestHeadChanges wants an item to say what it said before HEAD.
func TestHeadChanges(t *testing.T) {
	for _, writes := range []bool{false, true} {
		seen := 0
		report := behind(t, memos, []contract.Option{contract.Only("getMemo/head-equals-get")}, func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				h.ServeHTTP(w, r)
				if r.Method != http.MethodHead || !writes {
					return
				}
				seen++
				change := httptest.NewRequest(http.MethodPatch, r.URL.Path, strings.NewReader(fmt.Sprintf(`{"name": "seen %d times"}`, seen)))
				change.Header.Set("Content-Type", "application/merge-patch+json")
				change.Header.Set("Authorization", r.Header.Get("Authorization"))
				change.Header.Set("If-Match", "*")
				h.ServeHTTP(httptest.NewRecorder(), change)
			})
		})
		if found := identities(report, "head-equals-get")["getMemo/head-equals-get answer behind HEAD  safe"]; found != writes {
			t.Errorf("writes %v: %v %+v", writes, found, report.Outcomes)
		}
	}
}

// TestItemsTold wants the refusal of another tenant's list to name none of its items; one ID may be of anything.
func TestItemsTold(t *testing.T) {
	for ids, want := range map[string]bool{"": false, "665f1c8ad3b00000000a0007": false, "665f1c8ad3b00000000a0007, 665f1c8ad3b00000000a0008": true} {
		report := behind(t, "", []contract.Option{contract.Only("listServerlessRestoreJobs/tenant-isolation")}, func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if !strings.Contains(r.URL.Path, tenants[1]) {
					h.ServeHTTP(w, r)
					return
				}
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusForbidden)
				fmt.Fprintf(w, `{"error": 403, "reason": "Forbidden", "errorCode": "FORBIDDEN", "detail": "no access to the jobs %s"}`, ids)
			})
		})
		if found := identities(report, "tenant-isolation")["listServerlessRestoreJobs/tenant-isolation path groupId  told"]; found != want {
			t.Errorf("%q: %v %+v", ids, found, report.Outcomes)
		}
	}
}
