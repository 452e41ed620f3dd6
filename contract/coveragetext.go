package contract

import (
	"fmt"
	"io"
	"strings"
)

// mostOperations is how many operations' coverage the text report shows a line each.
const mostOperations = 12

// coverage writes what was exercised: the whole, then the operations that lack most.
func (p *page) coverage() {
	c := p.Report.Coverage
	if c.Operations.Of == 0 {
		return
	}
	fmt.Fprintf(&p.out, "coverage: %s operations answered with success, %s statuses seen, %s parameters and bodies sent, %s constraints broken on purpose\n",
		c.Operations, c.Statuses, c.Inputs, c.Constraints)
	if len(p.Operations) > mostOperations {
		fmt.Fprintf(&p.out, "  %s--report coverage=FILE shows each operation, --report html=FILE, too%s\n", p.dim, p.off)
		return
	}
	for i := range p.Operations {
		o := &p.Operations[i]
		one := Report{Operations: []ReportedOperation{*o}}
		one.cover()
		unseen := o.unseen()
		if unseen != "" {
			unseen = "; not " + unseen
		}
		fmt.Fprintf(&p.out, "  %s%-34s statuses %s%s; inputs %s; constraints %s%s\n", p.dim, o.ID, one.Coverage.Statuses, unseen, one.Coverage.Inputs, one.Coverage.Constraints, p.off)
	}
}

func (s Share) String() string { return fmt.Sprintf("%d of %d", s.Done, s.Of) }

// unseen are the declared statuses that were not answered.
func (o *ReportedOperation) unseen() string {
	var list []string
	for _, s := range o.Statuses {
		if s.Declared && s.Seen == 0 {
			list = append(list, s.Code)
		}
	}
	return strings.Join(list, " ")
}

// CoverageText writes for each operation what of its statuses, parameters, body and constraints was exercised, and why the rest was not.
func (r *Report) CoverageText(w io.Writer) error {
	var b strings.Builder
	for i := range r.Operations {
		o := &r.Operations[i]
		fmt.Fprintf(&b, "%s %s %s (%s), %d requests\n", o.ID, o.Method, o.Path, o.Source, o.Requests)
		for _, s := range o.Statuses {
			undeclared := ""
			if !s.Declared {
				undeclared = "undeclared"
			}
			fmt.Fprintf(&b, "  status %-8s seen %d times%s\n", s.Code, s.Seen, dash(s.Why, undeclared))
		}
		for _, in := range o.Inputs {
			fmt.Fprintf(&b, "  %s sent %d times\n", strings.TrimSpace(in.In+" "+in.Name), in.Sent)
			for _, c := range in.Constraints {
				fmt.Fprintf(&b, "    %s kept %d times, broken %d times%s (%s)\n", strings.TrimSpace(c.Pointer+" "+c.Keyword), c.Kept, c.Broken, dash(c.Why), c.Source)
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// dash puts what there is to say behind a colon.
func dash(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return ": " + text
		}
	}
	return ""
}
