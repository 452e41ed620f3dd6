package contract

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// cause is a finding with those that say the same of other places, or in other cases.
type cause struct {
	Finding
	Outcome Outcome // of the first of them
	More    []member
	Mute    []string // the lines that mute them all
}

// member is a further finding of a cause.
type member struct {
	Finding
	Case string
}

// causes are the findings of a report: the firmest level first, then what most cases have, then in the order of the report. Findings of
// one check that want the same of the same part of an exchange have one cause.
func (r *Report) causes() []*cause {
	var list []*cause
	at := map[string]*cause{}
	for _, o := range r.Outcomes {
		for _, f := range o.Findings {
			key := strings.Join([]string{o.Check, f.Level.String(), f.Where, f.Want}, "\x00")
			c := at[key]
			if c == nil {
				c = &cause{Finding: f, Outcome: o}
				at[key], list = c, append(list, c)
			} else {
				c.More = append(c.More, member{f, o.Case})
			}
			c.Mute = append(c.Mute, knownLine(o, f))
		}
	}
	slices.SortStableFunc(list, func(a, b *cause) int {
		return cmp.Or(cmp.Compare(b.Level, a.Level), cmp.Compare(len(b.cases()), len(a.cases())))
	})
	return list
}

// cases are the other cases of a cause.
func (c *cause) cases() []string {
	var list []string
	for _, m := range c.More {
		if m.Case != c.Outcome.Case && (len(list) == 0 || list[len(list)-1] != m.Case) {
			list = append(list, m.Case)
		}
	}
	return list
}

// places are the other places of a cause, of its first case.
func (c *cause) places() []string {
	var list []string
	for _, m := range c.More {
		if m.Case == c.Outcome.Case {
			list = append(list, m.spot())
		}
	}
	return list
}

// spot is where a finding is, in short: "/total (maximum)".
func (f *Finding) spot() string {
	if f.Pointer == "" {
		return f.Keyword
	}
	return f.Pointer + " (" + f.Keyword + ")"
}

// place is where of an exchange a finding is: "body at /total (maximum)".
func (f *Finding) place() string {
	where := f.Where
	if f.Pointer != "" {
		where += " at " + f.Pointer
	}
	if f.Keyword != "" {
		where += " (" + f.Keyword + ")"
	}
	return where
}

// lineOf is the line of the document that a finding is about: its own, else that of its operation.
func (r *Report) lineOf(o Outcome, f Finding) string {
	if _, _, ok := sourceLine(f.Source); ok {
		return f.Source
	}
	for _, op := range r.Operations {
		if op.ID == o.Operation {
			return op.Source
		}
	}
	return f.Source
}

// reasons groups the cases of a verdict by why they came to it, in the order of the report.
func (r *Report) reasons(v Verdict) (list []reason) {
	at := map[string]int{}
	for _, o := range r.Outcomes {
		if o.Verdict != v {
			continue
		}
		i, ok := at[o.Reason]
		if !ok {
			i, at[o.Reason] = len(list), len(list)
			list = append(list, reason{Text: o.Reason})
		}
		list[i].Cases = append(list[i].Cases, o.Case)
	}
	return list
}

type reason struct {
	Text  string
	Cases []string
}

// few names the first cases, and how many more there are.
func few(names []string, most int) string {
	if len(names) <= most+1 {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}
