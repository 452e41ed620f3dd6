package contract

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"troth/openapi"
)

// Report is what a run came to.
type Report struct {
	Format   int              `json:"format"`          // version of this form: 1
	Tool     string           `json:"tool"`            // "troth"
	Build    string           `json:"build,omitempty"` // version of the program that judged; Run leaves it to that program
	Document ReportedDocument `json:"document"`
	Target   string           `json:"target"`
	Seed     uint64           `json:"seed"`
	Part     string           `json:"part,omitempty"` // "2/8": of the plan, by Shard
	Only     string           `json:"only,omitempty"` // the cases that were asked for
	Write    bool             `json:"write"`          // requests that change something were allowed
	Requests int              `json:"requests"`
	Waits    int              `json:"waits"`     // times that the run waited because Retry-After asked for it
	Cut      int              `json:"waits_cut"` // times that it asked for more than was left to wait
	Duration int64            `json:"duration_ms"`
	Summary  Summary          `json:"summary"`
	Coverage Coverage         `json:"coverage"`

	Environment []Variable          `json:"environment"` // that the commands read secrets from
	Checks      []ReportedCheck     `json:"checks"`
	Operations  []ReportedOperation `json:"operations"`
	Outcomes    []Outcome           `json:"outcomes"`
}

// ReportedCheck is a check as reports show it.
type ReportedCheck struct {
	ID      string `json:"id"`
	Promise string `json:"promise"`
	Why     string `json:"why"`
	Source  string `json:"source"`
	Level   Level  `json:"level"`
}

// Check is the check of that ID, the zero value where the report has none.
func (r *Report) Check(id string) ReportedCheck {
	for _, c := range r.Checks {
		if c.ID == id {
			return c
		}
	}
	return ReportedCheck{}
}

// ReportedDocument tells which document was judged by.
type ReportedDocument struct {
	Title   string `json:"title"`
	Version string `json:"version"`
	SHA256  string `json:"sha256"`
}

// Summary counts cases by verdict and findings by level.
type Summary struct {
	Cases  int `json:"cases"`
	Passed int `json:"passed"`
	Failed int `json:"failed"`
	Skips  int `json:"skipped"`
	Errors int `json:"errors"`
	Must   int `json:"must"`
	Should int `json:"should"`
	Advice int `json:"advice"`
	Muted  int `json:"known"` // findings that are listed as known
}

func newReport(doc *openapi.Document, t *Target, checks []Check, run *runner) *Report {
	r := &Report{
		Format: 1, Tool: "troth", Document: ReportedDocument{doc.Title, doc.Version, doc.SHA256},
		Target: t.base.String(), Seed: run.seed, Only: run.only, Write: t.write, Environment: t.environment(),
		Checks: []ReportedCheck{}, Operations: []ReportedOperation{}, Outcomes: []Outcome{},
	}
	if run.shards > 0 {
		r.Part = fmt.Sprintf("%d/%d", run.shard, run.shards)
	}
	for _, c := range checks {
		r.Checks = append(r.Checks, ReportedCheck{c.ID, c.Promise, c.Why, c.Source, c.Level})
	}
	return r
}

func (r *Report) finish(s *session, took time.Duration) {
	r.Requests, r.Waits, r.Cut, r.Duration = s.requests, s.pauses.taken, s.pauses.cut, took.Milliseconds()
	for _, o := range s.doc.Operations {
		if covered, ok := s.covered[o.ID]; ok {
			r.Operations = append(r.Operations, covered)
		}
	}
	r.cover()
	r.count()
}

// partial tells whether a report has a part of the plan only.
func (r *Report) partial() bool { return r.Part != "" || r.Only != "" }

func (r *Report) count() {
	s := Summary{Cases: len(r.Outcomes)}
	for _, o := range r.Outcomes {
		switch o.Verdict {
		case Pass:
			s.Passed++
		case Fail:
			s.Failed++
		case Skipped:
			s.Skips++
		case Error:
			s.Errors++
		}
		s.Muted += len(o.Known)
		for _, f := range o.Findings {
			switch f.Level {
			case Must:
				s.Must++
			case Should:
				s.Should++
			default:
				s.Advice++
			}
		}
	}
	r.Summary = s
}

// Exit codes of a run.
const (
	ExitKept   = 0 // every promise that was judged is kept
	ExitBroken = 1 // a finding at or above the level
	ExitUnsure = 2 // something could not be judged, or nothing was
)

// ExitCode is 1 where a finding stands at least at a level, else 2 where a case could not be judged or none was, else 0.
func (r *Report) ExitCode(failOn Level) int {
	judged := false
	for _, o := range r.Outcomes {
		judged = judged || o.Verdict == Pass || o.Verdict == Fail
		for _, f := range o.Findings {
			if f.Level >= failOn {
				return ExitBroken
			}
		}
	}
	if r.Part != "" && len(r.Outcomes) == 0 {
		return ExitKept // there are more parts than operations: the others judge
	}
	if r.Summary.Errors > 0 || !judged {
		return ExitUnsure
	}
	return ExitKept
}

// JSON writes the report in the form of docs/report.md.
func (r *Report) JSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(r); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}
