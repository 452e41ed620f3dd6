package contract

import (
	"testing"
	"time"

	"troth/openapi"
	"troth/openapi/convention"
)

// A TestOption changes what Test does: every Option of a run is one.
type TestOption interface{ apply(*tested) }

// tested is what the options of Test say.
type tested struct {
	conv   *convention.Conventions
	failOn Level
	known  *Known
	run    []Option
}

func (o Option) apply(t *tested) { t.run = append(t.run, o) }

type testOption func(*tested)

func (o testOption) apply(t *tested) { o(t) }

// Conventions sets the API's conventions; without it those of the troth.yaml beside the document, else the inferred ones.
func Conventions(c *convention.Conventions) TestOption {
	return testOption(func(t *tested) { t.conv = c })
}

// FailOn sets the level from which on a finding fails its subtest; without it Should. Findings below are logged.
func FailOn(level Level) TestOption { return testOption(func(t *tested) { t.failOn = level }) }

// Muted leaves known findings aside; one that no longer occurs fails the test. nil mutes none.
func Muted(known *Known) TestOption { return testOption(func(t *tested) { t.known = known }) }

// Test judges a target in a Go test: one subtest operationId/check-id a case. A finding fails its subtest, as does a case that could not
// be judged; what could not be exercised is skipped with the reason. A run that judged nothing fails.
func Test(t *testing.T, doc *openapi.Document, target *Target, checks []Check, opts ...TestOption) *Report {
	t.Helper()
	how := &tested{failOn: Should}
	for _, o := range opts {
		o.apply(how)
	}
	if how.conv == nil {
		var err error
		if how.conv, err = convention.Beside(doc); err != nil {
			t.Fatal(err)
		}
	}
	report, err := Run(t.Context(), doc, how.conv, target, checks, how.run...)
	if err != nil {
		t.Fatal(err)
	}
	if how.known != nil {
		report.Mute(how.known, time.Now().Format(time.DateOnly))
	}
	for _, o := range report.Outcomes {
		t.Run(o.Case, func(t *testing.T) { report.tell(t, o, how.failOn) })
	}
	if report.ExitCode(how.failOn) == ExitUnsure && report.Summary.Errors == 0 {
		t.Error("nothing was judged")
	}
	return report
}

// tell makes an outcome that of a subtest.
func (r *Report) tell(t *testing.T, o Outcome, failOn Level) {
	switch {
	case o.Verdict == Skipped:
		t.Skip(o.Reason)
	case o.Verdict == Error:
		t.Errorf("could not judge: %s", o.Reason)
	case o.Verdict == Fail && o.Level >= failOn:
		t.Errorf("%s\n%s", r.Check(o.Check).Promise, findingsText(o.Findings))
	case o.Verdict == Fail:
		t.Log(findingsText(o.Findings))
	}
}
