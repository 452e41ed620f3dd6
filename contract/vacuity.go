package contract

import (
	"strings"

	"troth/openapi"
)

// explain says why what was not exercised was not.
func (r *ReportedOperation) explain(op *openapi.Compiled, write bool, outcomes []Outcome) {
	obstacle := ""
	switch {
	case changes(op.Method) && !write:
		obstacle = errReadOnly.Error()
	case !r.succeeded():
		obstacle = "no request was answered with success" + because(outcomes)
	}
	for i := range r.Statuses {
		if s := &r.Statuses[i]; s.Seen == 0 {
			s.Why = whyUnseen(s.Code, obstacle)
		}
	}
	for i := range r.Inputs {
		for j := range r.Inputs[i].Constraints {
			if c := &r.Inputs[i].Constraints[j]; c.Broken == 0 {
				c.Why = obstacle
				if obstacle == "" {
					c.Why = "no check sends a value that breaks this and nothing else in every reading"
				}
			}
		}
	}
}

// succeeded tells whether an operation was answered with a status below 400.
func (r *ReportedOperation) succeeded() bool {
	for _, s := range r.Statuses {
		if s.Seen > 0 && (s.Code[0] == '2' || s.Code[0] == '3' || s.Code == "default") {
			return true
		}
	}
	return false
}

// because is the first reason for which a case could not be judged, else was skipped.
func because(outcomes []Outcome) string {
	for _, v := range []Verdict{Error, Skipped} {
		for _, o := range outcomes {
			if o.Verdict == v {
				return ": " + strings.TrimSuffix(o.Reason, ".")
			}
		}
	}
	return ""
}

func whyUnseen(code, obstacle string) string {
	switch {
	case obstacle != "" && code[0] != '5':
		return obstacle
	case code == "429":
		return "no limit of requests was reached"
	case code[0] == '5':
		return "the server did not fail"
	case code == "default":
		return "each answer had a status that is declared by itself"
	case code[0] == '2' || code[0] == '3':
		return "no request of the suite asks for it: another status was the success"
	}
	return "no request of the suite provokes it"
}

// cover counts what of a report's operations was exercised.
func (r *Report) cover() {
	c := Coverage{}
	for i := range r.Operations {
		o := &r.Operations[i]
		c.Operations.add(o.succeeded())
		for _, s := range o.Statuses {
			if s.Declared {
				c.Statuses.add(s.Seen > 0)
			}
		}
		for _, in := range o.Inputs {
			c.Inputs.add(in.Sent > 0)
			for _, k := range in.Constraints {
				c.Constraints.add(k.Broken > 0)
			}
		}
	}
	r.Coverage = c
}
