package contract

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Skipped  int          `xml:"skipped,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string     `xml:"name,attr"`
	Class   string     `xml:"classname,attr"`
	Failure *junitText `xml:"failure,omitempty"`
	Error   *junitText `xml:"error,omitempty"`
	Skipped *junitText `xml:"skipped,omitempty"`
}

type junitText struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// JUnit writes the report as JUnit XML: a suite for each operation, a test case for each check. Findings below a level are no failures.
func (r *Report) JUnit(w io.Writer, failOn Level) error {
	suites := junitSuites{Name: "troth", Time: fmt.Sprintf("%.3f", float64(r.Duration)/1000)}
	for _, o := range r.Outcomes {
		if n := len(suites.Suites); n == 0 || suites.Suites[n-1].Name != o.Operation {
			suites.Suites = append(suites.Suites, junitSuite{Name: o.Operation})
		}
		suites.Suites[len(suites.Suites)-1].add(o, r.Check(o.Check).Promise, failOn)
	}
	for _, s := range suites.Suites {
		suites.Tests, suites.Failures, suites.Errors, suites.Skipped = suites.Tests+s.Tests, suites.Failures+s.Failures, suites.Errors+s.Errors, suites.Skipped+s.Skipped
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(suites); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (s *junitSuite) add(o Outcome, promise string, failOn Level) {
	c := junitCase{Name: o.Check, Class: o.Operation}
	switch {
	case o.Verdict == Fail && o.Level >= failOn:
		c.Failure = &junitText{promise, findingsText(o.Findings)}
		s.Failures++
	case o.Verdict == Error:
		c.Error = &junitText{Message: o.Reason}
		s.Errors++
	case o.Verdict == Skipped:
		c.Skipped = &junitText{Message: o.Reason}
		s.Skipped++
	}
	s.Tests++
	s.Cases = append(s.Cases, c)
}

// findingsText writes findings without colour, a paragraph each.
func findingsText(findings []Finding) string {
	var b strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&b, "%s %s %s: want %s, got %s (%s)\n", f.Where, f.Pointer, f.Keyword, f.Want, f.Got, f.Source)
		for _, line := range f.Curl {
			fmt.Fprintf(&b, "  %s\n", line)
		}
	}
	return b.String()
}
