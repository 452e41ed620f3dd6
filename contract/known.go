package contract

import (
	"bufio"
	"cmp"
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
	header  []string // comment lines above a blank one
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
// "until YYYY-MM-DD", the last day on which the finding is muted. Comments above a blank line are about the list.
func ReadKnown(name string, r io.Reader) (*Known, error) {
	k := &Known{name: name}
	scanner := bufio.NewScanner(r)
	var reason []string
	for n := 1; scanner.Scan(); n++ {
		line := strings.TrimSpace(scanner.Text())
		switch {
		case line == "":
			k.header, reason = append(k.header, reason...), nil
		case strings.HasPrefix(line, "#"):
			if strings.Trim(line, "# ") != "" {
				reason = append(reason, line)
			}
		default:
			if err := k.add(n, line, reason); err != nil {
				return nil, err
			}
			reason = nil
		}
	}
	if err := scanner.Err(); err != nil {
		return nil, fmt.Errorf("known findings %s: %w", name, err)
	}
	k.header = append(k.header, reason...)
	return k, nil
}

func (k *Known) add(n int, line string, reason []string) error {
	if len(reason) == 0 {
		return fmt.Errorf("known findings %s:%d: no reason: want a comment line (# why) right above %q", k.name, n, line)
	}
	if i := slices.IndexFunc(k.entries, func(e knownEntry) bool { return e.text == line }); i >= 0 {
		return fmt.Errorf("known findings %s:%d: %q stands in line %d, too", k.name, n, line, k.entries[i].line)
	}
	e := knownEntry{line: n, text: line, reason: reason}
	if found := until.FindStringSubmatch(strings.Join(reason, " ")); found != nil {
		if _, err := time.Parse(time.DateOnly, found[1]); err != nil {
			return fmt.Errorf("known findings %s:%d: until %s: want a day, YYYY-MM-DD", k.name, n, found[1])
		}
		e.until = found[1]
	}
	k.entries = append(k.entries, e)
	return nil
}

var spaces = regexp.MustCompile(`\s+`)

// knownLine is the identity of a finding as a line of the list.
func knownLine(o Outcome, f Finding) string {
	return strings.TrimSpace(spaces.ReplaceAllString(o.Case+" "+f.key(), " "))
}

// Mute moves the known findings of a report aside. Each entry that matches nothing, or whose time is over on the day (YYYY-MM-DD), becomes
// a finding of its own; where its case could not be judged, nobody knows, and where a part of a plan does not have it, another part tells.
func (r *Report) Mute(k *Known, day string) {
	verdicts := map[string]Outcome{}
	for i := range r.Outcomes {
		o := &r.Outcomes[i]
		verdicts[o.Case] = *o
		if o.Verdict == Fail {
			o.mute(k, day)
		}
	}
	for i := range k.entries {
		if o := k.stale(&k.entries[i], verdicts, r.partial(), day); o != nil {
			r.Outcomes = append(r.Outcomes, *o)
		}
	}
	if r.Check(staleCheck.ID).ID == "" {
		r.Checks = append(r.Checks, staleCheck)
	}
	r.count()
}

func (o *Outcome) mute(k *Known, day string) {
	var kept []Finding
	for _, f := range o.Findings {
		if k.has(knownLine(*o, f), day) {
			o.Known = append(o.Known, f)
		} else {
			kept = append(kept, f)
		}
	}
	if len(kept) == 0 {
		o.Verdict, o.Reason, o.Findings = Pass, "known findings only", []Finding{}
		return
	}
	o.Findings, o.Level = kept, kept[0].Level
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

// staleCheck stands for the promise of a list of known findings.
var staleCheck = ReportedCheck{
	ID: "known-finding-occurs", Promise: "Every known finding still occurs, and its time is not over.",
	Why: "A list that mutes what is mended hides it when it breaks again.", Source: "the file of known findings", Level: Must,
}

// atTheEnd is a place behind every case of a plan.
const atTheEnd = 1 << 30

// stale is the outcome of an entry that does not hold any more, nil where it does or others tell.
func (k *Known) stale(e *knownEntry, cases map[string]Outcome, partial bool, day string) *Outcome {
	name, _, _ := strings.Cut(e.text, " ")
	judged, planned := cases[name]
	switch {
	case !planned && partial:
		return nil
	case e.over(day):
		return k.outdated(e, "muted until "+e.until, "it is "+day+": mend it, or give it more time")
	case e.match:
		return nil
	case !planned:
		return k.outdated(e, "a finding "+e.text, "no case "+name+" in the plan: mend the line or remove it")
	case judged.Verdict == Error, judged.Verdict == Skipped:
		return &Outcome{Case: "known/" + e.text, Operation: "known", Check: staleCheck.ID, Order: atTheEnd, Level: Must, Verdict: Error, Findings: []Finding{},
			Reason: fmt.Sprintf("%s:%d: whether it still occurs is not known: %s was not judged: %s", k.name, e.line, name, judged.Reason)}
	}
	return k.outdated(e, "a finding "+e.text, "none: remove the line")
}

func (k *Known) outdated(e *knownEntry, want, got string) *Outcome {
	return &Outcome{
		Case: "known/" + e.text, Operation: "known", Check: staleCheck.ID, Order: atTheEnd, Level: Must, Verdict: Fail,
		Findings: []Finding{{
			Level: Must, Where: "known findings", Want: want, Got: got,
			Source: fmt.Sprintf("%s:%d", k.name, e.line), Curl: []string{}, Exchanges: []ReportedExchange{},
		}},
	}
}

// Update writes a list of all findings of a report that was not muted yet: those that were known with their reasons, new ones with the day as
// theirs, to be replaced by somebody's. Entries whose cases the report did not judge stay. nil stands for an empty list.
func (k *Known) Update(w io.Writer, r *Report, day string) error {
	if k == nil {
		k = &Known{}
	}
	var list []knownEntry
	add := func(e knownEntry) {
		if !slices.ContainsFunc(list, func(other knownEntry) bool { return other.text == e.text }) {
			list = append(list, e)
		}
	}
	judged := map[string]bool{}
	for _, o := range r.Outcomes {
		judged[o.Case] = o.Verdict == Pass || o.Verdict == Fail
		for _, f := range o.Findings {
			add(knownEntry{text: knownLine(o, f), reason: k.reason(knownLine(o, f), day)})
		}
	}
	for _, e := range k.entries {
		name, _, _ := strings.Cut(e.text, " ")
		if was, planned := judged[name]; planned && !was || !planned && r.partial() {
			add(e)
		}
	}
	slices.SortStableFunc(list, func(a, b knownEntry) int { return cmp.Compare(k.at(a.text), k.at(b.text)) })
	return k.write(w, list)
}

// reason is why a finding is known: as somebody said, else the day, to be replaced.
func (k *Known) reason(text, day string) []string {
	if i := k.at(text); i < len(k.entries) {
		return k.entries[i].reason
	}
	return []string{"# found on " + day + ": say why it is known"}
}

// at is the place of an entry in the list, its length where it has none.
func (k *Known) at(text string) int {
	if i := slices.IndexFunc(k.entries, func(e knownEntry) bool { return e.text == text }); i >= 0 {
		return i
	}
	return len(k.entries)
}

func (k *Known) write(w io.Writer, list []knownEntry) error {
	var b strings.Builder
	if len(k.header) > 0 {
		b.WriteString(strings.Join(k.header, "\n") + "\n\n")
	}
	for _, e := range list {
		fmt.Fprintf(&b, "%s\n%s\n", strings.Join(e.reason, "\n"), e.text)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
