package contract

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Shard keeps the k-th of n parts of a plan, 1 ≤ k ≤ n: whole operations in turn, so that the parts together are the plan.
func Shard(k, n int) Option { return func(r *runner) { r.shard, r.shards = k, n } }

// in tells whether the i-th operation of a document is of this part.
func (r *runner) in(i int) bool { return r.shards == 0 || i%r.shards == r.shard-1 }

// ReadReport reads a report in the form of docs/report.md.
func ReadReport(name string, in io.Reader) (*Report, error) {
	var r Report
	if err := json.NewDecoder(in).Decode(&r); err != nil {
		return nil, fmt.Errorf("report %s: %w", name, err)
	}
	if r.Format != 1 || r.Tool != "troth" {
		return nil, fmt.Errorf("report %s: found format %d of %q, want format 1 of troth", name, r.Format, r.Tool)
	}
	return &r, nil
}

// Merge joins the reports of the parts of one plan. Parts of other documents, seeds or targets, and a case that two parts have, are errors.
func Merge(parts []*Report) (*Report, error) {
	if len(parts) == 0 {
		return nil, errors.New("there are no reports to merge")
	}
	merged := *parts[0]
	merged.Outcomes, merged.Requests, merged.Duration, merged.Summary.Muted = nil, 0, 0, 0
	seen := map[string]bool{}
	for _, p := range parts {
		if p.Document != merged.Document || p.Seed != merged.Seed {
			return nil, fmt.Errorf("reports of other documents or seeds cannot be merged: %s %s seed %d, and %s %s seed %d",
				merged.Document.Title, merged.Document.SHA256[:8], merged.Seed, p.Document.Title, p.Document.SHA256[:8], p.Seed)
		}
		for _, o := range p.Outcomes {
			if seen[o.Case] {
				return nil, fmt.Errorf("two of the reports have the case %s", o.Case)
			}
			seen[o.Case] = true
			merged.Outcomes = append(merged.Outcomes, o)
		}
		merged.Requests += p.Requests
		merged.Duration = max(merged.Duration, p.Duration) // parts run side by side
		merged.Summary.Muted += p.Summary.Muted
	}
	slices.SortStableFunc(merged.Outcomes, func(a, b Outcome) int { return a.Order - b.Order })
	merged.count()
	return &merged, nil
}

// UnmarshalText reads a level's name.
func (l *Level) UnmarshalText(text []byte) (err error) {
	*l, err = ParseLevel(string(text))
	return err
}
