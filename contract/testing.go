package contract

import (
	"testing"
	"time"

	"troth/openapi"
	"troth/openapi/convention"
)

// Test judges a target in a Go test: one subtest operationId/check-id a case. A finding at or above the level fails its subtest, as does
// a case that could not be judged; known may be nil.
func Test(t *testing.T, doc *openapi.Document, conv *convention.Conventions, target *Target, checks []Check, failOn Level, known *Known, opts ...Option) *Report {
	t.Helper()
	report, err := Run(t.Context(), doc, conv, target, checks, opts...)
	if err != nil {
		t.Fatal(err)
	}
	if known != nil {
		report.Mute(known, time.Now().Format(time.DateOnly))
	}
	for _, o := range report.Outcomes {
		t.Run(o.Case, func(t *testing.T) {
			switch {
			case o.Verdict == Skipped:
				t.Skip(o.Reason)
			case o.Verdict == Error:
				t.Errorf("could not judge: %s", o.Reason)
			case o.Verdict == Fail && o.Level >= failOn:
				t.Errorf("%s\n%s", report.Check(o.Check).Promise, findingsText(o.Findings))
			case o.Verdict == Fail:
				t.Log(findingsText(o.Findings))
			}
		})
	}
	if report.ExitCode(failOn) == ExitUnsure && report.Summary.Errors == 0 {
		t.Error("nothing was judged")
	}
	return report
}
