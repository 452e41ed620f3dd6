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
	Format   int              `json:"format"` // version of this form: 1
	Tool     string           `json:"tool"`   // "troth"
	Document ReportedDocument `json:"document"`
	Target   string           `json:"target"`
	Seed     uint64           `json:"seed"`
	Requests int              `json:"requests"`
	Duration int64            `json:"duration_ms"`
	Summary  Summary          `json:"summary"`
	Outcomes []Outcome        `json:"outcomes"`
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

func newReport(doc *openapi.Document, t *Target, seed uint64) *Report {
	return &Report{
		Format: 1, Tool: "troth", Document: ReportedDocument{doc.Title, doc.Version, doc.SHA256},
		Target: t.base.String(), Seed: seed, Outcomes: []Outcome{},
	}
}

func (r *Report) finish(requests int, took time.Duration) {
	r.Requests, r.Duration = requests, took.Milliseconds()
	r.count()
}

func (r *Report) count() {
	s := Summary{Cases: len(r.Outcomes), Muted: r.Summary.Muted}
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
