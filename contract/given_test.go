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

// TestGivenQuery gives the run values of query parameters, which every ordinary request has then: a healthy server stays without findings, and what
// it creates is read all the same.
func TestGivenQuery(t *testing.T) {
	for _, given := range [][]contract.TargetOption{
		{contract.Param("itemsPerPage", "3")},
		{contract.Param("includeCount", "false")},
		{contract.Param("envelope", "true")},
		{contract.Param("envelope", "true"), contract.Param("pretty", "true"), contract.Param("itemsPerPage", "7"), contract.Param("includeCount", "true")},
	} {
		r := judgeGiven(t, append(given, contract.Write())...)
		for _, o := range r.Outcomes {
			for _, f := range o.Findings {
				t.Errorf("%s: %s %s %s: want %s, got %s; %s", o.Case, f.Where, f.Pointer, f.Keyword, f.Want, f.Got, strings.Join(f.Curl, " ; "))
			}
			if o.Case == "createServerlessRestoreJob/created-exists" && o.Verdict != contract.Pass || strings.Contains(o.Reason, "without its ID") {
				t.Errorf("%s: %s: %s", o.Case, o.Verdict, o.Reason)
			}
		}
	}
}

// TestGivenRefused gives the run values that no request can have, or that the suite chooses itself.
func TestGivenRefused(t *testing.T) {
	for _, c := range []struct {
		given contract.TargetOption
		want  string
	}{
		{contract.Param("grupId", "1"), "did you mean groupId?"},
		{contract.Empty("clustername", "1"), "did you mean clusterName?"},
		{contract.Param("nosuch", "1"), "want one of clusterName, "},
		{contract.Param("groupId", "abc"), `pattern: want`},
		{contract.Param("itemsPerPage", "501"), "maximum: want at most 500, got 501"},
		{contract.Param("envelope", "maybe"), "type: want"},
		{contract.Param("pageNum", "2"), "chooses the page of listServerlessRestoreJobs"},
	} {
		if _, err := runGiven(t, c.given); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("want %q, got %v", c.want, err)
		}
	}
}

func judgeGiven(t *testing.T, given ...contract.TargetOption) *contract.Report {
	t.Helper()
	r, err := runGiven(t, given...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// runGiven judges a healthy mock of the default document.
func runGiven(t *testing.T, given ...contract.TargetOption) (*contract.Report, error) {
	t.Helper()
	doc, conv := loadDocument(t, "")
	s, err := mock.New(doc, mock.WithConventions(conv))
	if err != nil {
		t.Fatal(err)
	}
	target, err := contract.NewTarget("http://mock.example", append(given, contract.Handler(s), credentials(""))...)
	if err != nil {
		t.Fatal(err)
	}
	return contract.Run(t.Context(), doc, conv, target, checks.All())
}

// TestOnlyNothing asks for cases that there are none of: that is a mistake, not a run without findings.
func TestOnlyNothing(t *testing.T) {
	doc, conv := loadDocument(t, "")
	target, err := contract.NewTarget("http://mock.example")
	if err != nil {
		t.Fatal(err)
	}
	_, err = contract.Run(t.Context(), doc, conv, target, checks.All(), contract.Only("*created-exists*"))
	if err == nil || !strings.Contains(err.Error(), "'*/not-a-server-error'") {
		t.Error(err)
	}
	if r, err := contract.Run(t.Context(), doc, conv, target, nil, contract.Only("*")); err != nil || len(r.Outcomes) > 0 {
		t.Error(r, err)
	}
}
