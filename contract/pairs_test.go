package contract_test

import (
	"flag"
	"testing"

	"troth/contract"
	"troth/mock"
)

var allPairs = flag.Bool("pairs", false, "plant all pairs of defects (make pairs)")

// seenOf are the identities of a check's findings, and what becomes of its cases.
func seenOf(r *contract.Report, check string) (ids map[string]bool, skipped string) {
	ids = map[string]bool{}
	for _, o := range r.Outcomes {
		if o.Check != check {
			continue
		}
		for _, f := range o.Findings {
			ids[o.Case+" "+f.Where+" "+f.Pointer+" "+f.Keyword] = true
		}
		if o.Verdict != contract.Fail {
			skipped += o.Case + ": " + string(o.Verdict) + " " + o.Reason + "; "
		}
	}
	return ids, skipped
}

func TestPairs(t *testing.T) {
	defects := mock.Defects()
	type key struct{ path, name string }
	alone := map[key]map[string]bool{}
	for _, path := range []string{"", shop, shelf} {
		for _, d := range defects {
			ids, _ := seenOf(run(t, path, mock.WithItems(120), mock.WithDefect(d.Name)), d.Breaks)
			alone[key{path, d.Name}] = ids
		}
	}
	for i, a := range defects {
		for _, b := range defects[i+1:] {
			t.Run(a.Name+"+"+b.Name, func(t *testing.T) {
				t.Parallel()
				for _, path := range []string{"", shop, shelf} {
					if len(alone[key{path, a.Name}]) == 0 || len(alone[key{path, b.Name}]) == 0 {
						continue
					}
					r := run(t, path, mock.WithItems(120), mock.WithDefect(a.Name), mock.WithDefect(b.Name))
					for k, v := range []mock.Defect{a, b} {
						other := []mock.Defect{b, a}[k]
						ids, skipped := seenOf(r, v.Breaks)
						ok := false
						for id := range ids {
							ok = ok || alone[key{path, v.Name}][id] || !alone[key{path, other.Name}][id]
						}
						if !ok {
							rr := run(t, path, mock.WithItems(120), mock.WithDefect(b.Name), mock.WithDefect(a.Name))
							ids, skipped = seenOf(rr, v.Breaks)
							for id := range ids {
								ok = ok || alone[key{path, v.Name}][id] || !alone[key{path, other.Name}][id]
							}
						}
						if !ok {
							t.Errorf("LOST %s by %s in %q: ids %v skipped %q", v.Name, other.Name, path, ids, skipped)
						}
					}
					return
				}
			})
		}
	}
}
