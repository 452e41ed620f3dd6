package contract

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// ink is how a report is coloured; the zero value is plain.
type ink struct{ bold, red, yellow, green, dim, off string }

var coloured = ink{"\x1b[1m", "\x1b[31m", "\x1b[33m", "\x1b[32m", "\x1b[2m", "\x1b[0m"}

func (k ink) level(l Level) string {
	if l == Must {
		return k.red
	}
	if l == Should {
		return k.yellow
	}
	return k.dim
}

// shown is how many findings of one case are written out.
const shown = 3

// Text writes the report for people: findings by level, what was skipped grouped by reason, and a summary. color is for terminals.
func (r *Report) Text(w io.Writer, color bool) error {
	k := ink{}
	if color {
		k = coloured
	}
	var b strings.Builder
	failed := slices.DeleteFunc(slices.Clone(r.Outcomes), func(o Outcome) bool { return o.Verdict != Fail })
	slices.SortStableFunc(failed, func(x, y Outcome) int { return int(y.Level - x.Level) })
	for _, o := range failed {
		writeFailure(&b, k, o)
	}
	writeReasons(&b, k, "could not judge", r.Outcomes, Error)
	writeReasons(&b, k, "skipped", r.Outcomes, Skipped)
	s := r.Summary
	verdict, tone := "kept", k.green
	switch {
	case s.Must+s.Should > 0:
		verdict, tone = "broken", k.red
	case s.Errors > 0 || s.Passed+s.Failed == 0:
		verdict, tone = "not judged", k.yellow
	}
	fmt.Fprintf(&b, "%s%s%s: %d findings (%d must, %d should, %d advice) in %d cases: %d passed, %d failed, %d skipped, %d not judged\n",
		tone, verdict, k.off, s.Must+s.Should+s.Advice, s.Must, s.Should, s.Advice, s.Cases, s.Passed, s.Failed, s.Skips, s.Errors)
	if s.Muted > 0 {
		fmt.Fprintf(&b, "%d known findings were muted\n", s.Muted)
	}
	fmt.Fprintf(&b, "%s%s %s at %s, seed %d, %d requests, %d ms%s\n", k.dim, r.Document.Title, r.Document.Version, r.Target, r.Seed, r.Requests, r.Duration, k.off)
	_, err := io.WriteString(w, b.String())
	return err
}

func writeFailure(b *strings.Builder, k ink, o Outcome) {
	fmt.Fprintf(b, "%s%s%s %s%s%s\n  %s\n", k.level(o.Level), o.Level, k.off, k.bold, o.Case, k.off, o.Promise)
	for i, f := range o.Findings {
		if i == shown {
			fmt.Fprintf(b, "  … and %d more\n", len(o.Findings)-shown)
			break
		}
		where := f.Where
		if f.Pointer != "" {
			where += " at " + f.Pointer
		}
		if f.Keyword != "" {
			where += " (" + f.Keyword + ")"
		}
		fmt.Fprintf(b, "  %s\n    want %s\n    got  %s\n    %s%s%s\n", where, f.Want, f.Got, k.dim, f.Source, k.off)
		for _, line := range f.Curl {
			fmt.Fprintf(b, "    %s\n", line)
		}
	}
	fmt.Fprintf(b, "  %smute with a line in a known file: %s%s\n\n", k.dim, knownLine(o, o.Findings[0]), k.off)
}

// writeReasons groups cases of a verdict by their reason.
func writeReasons(b *strings.Builder, k ink, title string, outcomes []Outcome, v Verdict) {
	var order []string
	cases := map[string][]string{}
	for _, o := range outcomes {
		if o.Verdict != v {
			continue
		}
		if cases[o.Reason] == nil {
			order = append(order, o.Reason)
		}
		cases[o.Reason] = append(cases[o.Reason], o.Case)
	}
	for _, reason := range order {
		names := cases[reason]
		if len(names) > 4 {
			names = append(slices.Clone(names[:3]), fmt.Sprintf("and %d more", len(cases[reason])-3))
		}
		fmt.Fprintf(b, "%s%s%s: %s\n  %s%s%s\n", k.yellow, title, k.off, reason, k.dim, strings.Join(names, ", "), k.off)
	}
}
