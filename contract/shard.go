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
	merged.Outcomes, merged.Operations, merged.Requests, merged.Waits, merged.Cut, merged.Duration, merged.Part = nil, []ReportedOperation{}, 0, 0, 0, 0, ""
	seen := map[string]bool{}
	for _, p := range parts {
		if p.Document != merged.Document || p.Seed != merged.Seed {
			return nil, fmt.Errorf("reports of other documents or seeds cannot be merged: %s %s seed %d, and %s %s seed %d",
				merged.Document.Title, shortened(merged.Document.SHA256, 8), merged.Seed, p.Document.Title, shortened(p.Document.SHA256, 8), p.Seed)
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
		merged.Waits, merged.Cut = merged.Waits+p.Waits, merged.Cut+p.Cut
		merged.Operations = append(merged.Operations, p.Operations...)
	}
	if err := complete(parts); err != nil {
		return nil, err
	}
	slices.SortStableFunc(merged.Outcomes, func(a, b Outcome) int { return a.Order - b.Order })
	first := map[string]int{} // place of each operation's first case
	for i, o := range slices.Backward(merged.Outcomes) {
		first[o.Operation] = i
	}
	slices.SortStableFunc(merged.Operations, func(a, b ReportedOperation) int { return first[a.ID] - first[b.ID] })
	merged.cover()
	merged.count()
	return &merged, nil
}

// complete wants every part of a plan that was split: what a missing one would have found, nobody knows.
func complete(parts []*Report) error {
	have, of := map[int]bool{}, 0
	for _, p := range parts {
		var k, n int
		if _, err := fmt.Sscanf(p.Part, "%d/%d", &k, &n); err != nil {
			continue
		}
		if of != 0 && n != of {
			return fmt.Errorf("parts of %d and of %d cannot be merged: they are parts of other plans", of, n)
		}
		have[k], of = true, n
	}
	for k := 1; k <= of; k++ {
		if !have[k] {
			return fmt.Errorf("part %d/%d is missing: what it would have found is not known", k, of)
		}
	}
	return nil
}

// UnmarshalText reads a level's name.
func (l *Level) UnmarshalText(text []byte) (err error) {
	*l, err = ParseLevel(string(text))
	return err
}
