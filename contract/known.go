package contract

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// Known is a list of findings that are known at a target and muted, each with a reason. One that does not occur any more fails the
// run, so that the list stays true.
type Known struct {
	name    string
	entries []knownEntry
}

type knownEntry struct {
	line  int
	text  string // identity of a finding: case, where, pointer, keyword
	match bool
}

// ReadKnown reads a list: one finding a line, as the text report prints it, below a comment line (#) with the reason.
func ReadKnown(name string, r io.Reader) (*Known, error) {
	k := &Known{name: name}
	scanner := bufio.NewScanner(r)
	reason := false
	for n := 1; scanner.Scan(); n++ {
		line := strings.TrimSpace(scanner.Text())
		switch {
		case line == "":
		case strings.HasPrefix(line, "#"):
			reason = reason || strings.Trim(line, "# ") != ""
		case !reason:
			return nil, fmt.Errorf("known findings %s:%d: no reason: want a comment line (# why) above %q", name, n, line)
		default:
			k.entries = append(k.entries, knownEntry{line: n, text: line})
			reason = false
		}
	}
	if err := scanner.Err(); err != nil {
		return nil, fmt.Errorf("known findings %s: %w", name, err)
	}
	return k, nil
}

var spaces = regexp.MustCompile(`\s+`)

// knownLine is the identity of a finding as a line of the list.
func knownLine(o Outcome, f Finding) string {
	return strings.TrimSpace(spaces.ReplaceAllString(o.Case+" "+f.key(), " "))
}

// Mute removes the known findings from a report. Each entry that matches nothing becomes a finding of its own.
func (r *Report) Mute(k *Known) {
	for i := range r.Outcomes {
		o := &r.Outcomes[i]
		if o.Verdict != Fail {
			continue
		}
		before := len(o.Findings)
		o.Findings = slices.DeleteFunc(o.Findings, func(f Finding) bool { return k.has(knownLine(*o, f)) })
		r.Summary.Muted += before - len(o.Findings)
		if len(o.Findings) == 0 {
			o.Verdict, o.Reason = Pass, "known findings only"
		} else {
			o.Level = o.Findings[0].Level
		}
	}
	for _, e := range k.entries {
		if !e.match {
			r.Outcomes = append(r.Outcomes, k.stale(e))
		}
	}
	r.count()
}

func (k *Known) has(identity string) bool {
	found := false
	for i := range k.entries {
		if k.entries[i].text == identity {
			k.entries[i].match, found = true, true
		}
	}
	return found
}

func (k *Known) stale(e knownEntry) Outcome {
	return Outcome{
		Case: "known/" + e.text, Operation: "known", Check: "known-finding-occurs", Level: Must, Verdict: Fail, Promise: "Every known finding still occurs.",
		Findings: []Finding{{
			Level: Must, Where: "known findings", Want: "a finding " + e.text, Got: "none: remove the line",
			Source: fmt.Sprintf("%s:%d", k.name, e.line), Curl: []string{},
		}},
	}
}
