package contract

import (
	"context"
	"fmt"
	"sync"
)

// judgeAll judges every case of a plan: operations side by side, the cases of one operation one after the other, those that judge what the
// others saw last. The outcomes stand in the order of the plan.
func (s *session) judgeAll(ctx context.Context, plan []Planned, r *runner) ([]Outcome, error) {
	outcomes := make([]Outcome, len(plan))
	var mu sync.Mutex
	done := 0
	report := func() {
		mu.Lock()
		defer mu.Unlock()
		if done++; r.progress != nil {
			r.progress(done, len(plan))
		}
	}
	workers := r.workers
	if s.target.write {
		workers = 1
	}
	groups := make(chan []int)
	var running sync.WaitGroup
	for range workers {
		running.Go(func() {
			for group := range groups {
				s.judgeOperation(ctx, plan, group, outcomes, report)
			}
		})
	}
	for start := 0; start < len(plan); {
		end := start
		for end < len(plan) && plan[end].Operation == plan[start].Operation {
			end++
		}
		groups <- span(start, end)
		start = end
	}
	close(groups)
	running.Wait()
	if ctx.Err() != nil {
		return nil, fmt.Errorf("contract: interrupted after %d of %d cases: %w", done, len(plan), context.Cause(ctx))
	}
	return outcomes, nil
}

func span(start, end int) (indexes []int) {
	for i := start; i < end; i++ {
		indexes = append(indexes, i)
	}
	return indexes
}

func (s *session) judgeOperation(ctx context.Context, plan []Planned, group []int, outcomes []Outcome, report func()) {
	for _, last := range []bool{false, true} {
		for _, i := range group {
			if plan[i].Check.Last == last && ctx.Err() == nil {
				outcomes[i] = s.judge(ctx, plan[i])
				report()
			}
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.history, plan[group[0]].Operation.ID)
}
