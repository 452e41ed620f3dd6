package contract

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Known is a list of findings that are known at a target and muted, each with a reason. One that does not occur any more, or whose time
// is over, fails the run, so that the list stays true.
type Known struct {
	name    string
	entries []knownEntry
}

type knownEntry struct {
	line   int
	text   string // identity of a finding: case, where, pointer, keyword
	reason []string
	until  string // last day on which it is muted, YYYY-MM-DD; "" for ever
	match  bool
}

// until finds the day in a reason: "# until 2027-01-31: ticket 4711".
var until = regexp.MustCompile(`\buntil (\d{4}-\d{2}-\d{2})\b`)

// ReadKnown reads a list: one finding a line, as the text report prints it, below comment lines (#) with the reason, which may hold
// "until YYYY-MM-DD", the last day on which the finding is muted.
func ReadKnown(name string, r io.Reader) (*Known, error) {
	k := &Known{name: name}
	scanner := bufio.NewScanner(r)
	var reason []string
	for n := 1; scanner.Scan(); n++ {
		line := strings.TrimSpace(scanner.Text())
		switch {
		case line == "":
		case strings.HasPrefix(line, "#"):
			if strings.Trim(line, "# ") != "" {
				reason = append(reason, line)
			}
		case len(reason) == 0:
			return nil, fmt.Errorf("known findings %s:%d: no reason: want a comment line (# why) above %q", name, n, line)
		default:
			e := knownEntry{line: n, text: line, reason: reason}
			if found := until.FindStringSubmatch(strings.Join(reason, " ")); found != nil {
				if _, err := time.Parse(time.DateOnly, found[1]); err != nil {
					return nil, fmt.Errorf("known findings %s:%d: until %s: want a day, YYYY-MM-DD", name, n, found[1])
				}
				e.until = found[1]
			}
			k.entries = append(k.entries, e)
			reason = nil
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

// Mute removes the known findings from a report. Each entry that matches nothing, or whose time is over on the day (YYYY-MM-DD), becomes a
// finding of its own.
func (r *Report) Mute(k *Known, day string) {
	for i := range r.Outcomes {
		o := &r.Outcomes[i]
		if o.Verdict != Fail {
			continue
		}
		before := len(o.Findings)
		o.Findings = slices.DeleteFunc(o.Findings, func(f Finding) bool { return k.has(knownLine(*o, f), day) })
		r.Summary.Muted += before - len(o.Findings)
		if len(o.Findings) == 0 {
			o.Verdict, o.Reason = Pass, "known findings only"
		} else {
			o.Level = o.Findings[0].Level
		}
	}
	for _, e := range k.entries {
		switch {
		case e.over(day):
			r.Outcomes = append(r.Outcomes, k.stale(e, "muted until "+e.until, "it is "+day+": mend it, or give it more time"))
		case !e.match:
			r.Outcomes = append(r.Outcomes, k.stale(e, "a finding "+e.text, "none: remove the line"))
		}
	}
	r.count()
}

func (e *knownEntry) over(day string) bool { return e.until != "" && day > e.until }

func (k *Known) has(identity, day string) bool {
	found := false
	for i := range k.entries {
		if k.entries[i].text == identity && !k.entries[i].over(day) {
			k.entries[i].match, found = true, true
		}
	}
	return found
}

func (k *Known) stale(e knownEntry, want, got string) Outcome {
	return Outcome{
		Case: "known/" + e.text, Operation: "known", Check: "known-finding-occurs", Level: Must, Verdict: Fail, Promise: "Every known finding still occurs, and its time is not over.",
		Findings: []Finding{{
			Level: Must, Where: "known findings", Want: want, Got: got,
			Source: fmt.Sprintf("%s:%d", k.name, e.line), Curl: []string{},
		}},
	}
}

// Update writes a list of all findings of a report that was not muted yet: those that were known with their reasons, new ones with the day as
// theirs, to be replaced by somebody's. nil stands for an empty list.
func (k *Known) Update(w io.Writer, r *Report, day string) error {
	reasons := map[string][]string{}
	if k != nil {
		for _, e := range k.entries {
			reasons[e.text] = e.reason
		}
	}
	var b strings.Builder
	seen := map[string]bool{}
	for _, o := range r.Outcomes {
		for _, f := range o.Findings {
			line := knownLine(o, f)
			if seen[line] {
				continue
			}
			seen[line] = true
			reason := reasons[line]
			if reason == nil {
				reason = []string{"# found on " + day + ": say why it is known"}
			}
			fmt.Fprintf(&b, "%s\n%s\n", strings.Join(reason, "\n"), line)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
