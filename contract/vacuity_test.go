package contract_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"troth/contract"
	"troth/contract/checks"
	"troth/mock"
)

// TestNotExercised wants a report to say what a list of one item leaves open, and what to do about it: a run with writes does it.
func TestNotExercised(t *testing.T) {
	const open = "needs two items: the list holds only 1 item: page 2 cannot be checked"
	doc, conv := loadDocument(t, "")
	s, err := mock.New(doc, mock.WithConventions(conv), mock.WithItems(1))
	if err != nil {
		t.Fatal(err)
	}
	target, err := contract.NewTarget("http://mock.example", contract.Handler(s), credentials(""))
	if err != nil {
		t.Fatal(err)
	}
	r, err := contract.Run(t.Context(), doc, conv, target, checks.All())
	if err != nil {
		t.Fatal(err)
	}
	out := text(t, r)
	for _, want := range []string{
		"not exercised: " + open + "; give a parent with more (-p clusterName=VALUE), or let the run create some (--write)",
		"listServerlessRestoreJobs/page-default and ",
		"coverage: 2 of 3 operations answered with success",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing:\n%s", want, out)
		}
	}
	if out := text(t, run(t, "", mock.WithItems(1))); strings.Contains(out, open) || !strings.Contains(out, "coverage: 3 of 3 operations answered with success") {
		t.Errorf("with writes:\n%s", out)
	}
}

// TestCoverage counts what was sent, and says why the rest was not.
func TestCoverage(t *testing.T) {
	doc, conv := loadDocument(t, "")
	s, err := mock.New(doc, mock.WithConventions(conv))
	if err != nil {
		t.Fatal(err)
	}
	target, err := contract.NewTarget("http://mock.example", contract.Handler(s), contract.Bearer("token"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := contract.Run(t.Context(), doc, conv, target, checks.All())
	if err != nil {
		t.Fatal(err)
	}
	list, create := r.Operations[0], r.Operations[1]
	for _, s := range list.Statuses {
		if seen := slices.Contains([]string{"200", "400", "401", "406"}, s.Code); s.Declared && seen != (s.Seen > 0) && s.Code != "404" || (s.Why == "") != (s.Seen > 0) {
			t.Errorf("%+v", s)
		}
	}
	size := list.Inputs[slices.IndexFunc(list.Inputs, func(in contract.InputCoverage) bool { return in.Name == "itemsPerPage" })]
	for _, c := range size.Constraints {
		if c.Kept == 0 || c.Broken == 0 || !strings.HasPrefix(c.Source, "restore-jobs.yaml:") || !slices.Contains([]string{"type", "minimum", "maximum", "format"}, c.Keyword) {
			t.Errorf("%+v", c)
		}
	}
	if size.Sent < 5 || len(size.Constraints) < 3 {
		t.Errorf("%+v", size)
	}
	for _, s := range create.Statuses { // nothing was written
		if s.Declared && s.Seen > 0 || s.Code == "200" && !strings.Contains(s.Why, "without --write") {
			t.Errorf("%+v", s)
		}
	}
}

// TestNothingExercised ends with 2 where no case could be judged, and says why of each operation.
func TestNothingExercised(t *testing.T) {
	doc, conv := loadDocument(t, "")
	target, err := contract.NewTarget("http://mock.example", contract.Handler(http.NotFoundHandler()))
	if err != nil {
		t.Fatal(err)
	}
	r, err := contract.Run(t.Context(), doc, conv, target, checks.All(), contract.Only("*/page-*"))
	if err != nil {
		t.Fatal(err)
	}
	if r.ExitCode(contract.Must) != contract.ExitUnsure || r.Coverage.Operations.Done != 0 || !strings.HasPrefix(r.Operations[0].Statuses[0].Why, "no request was answered with success: ") {
		t.Errorf("exit %d, %+v", r.ExitCode(contract.Must), r.Operations[0].Statuses)
	}
}
