package contract

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"strings"
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
	s.makeParents(ctx, plan)
	s.judgePhase(ctx, plan, s.operations(plan, false), r.workers, outcomes, report)
	s.judgePhase(ctx, plan, s.operations(plan, true), 1, outcomes, report) // what one operation writes, another would see
	s.tidy(ctx)
	if ctx.Err() != nil {
		return nil, fmt.Errorf("contract: interrupted after %d of %d cases: %w", done, len(plan), context.Cause(ctx))
	}
	return outcomes, nil
}

// operations are where in a plan the operations begin for which something may be written, or those for which nothing is; deletions last.
func (s *session) operations(plan []Planned, writing bool) (starts []int) {
	for i := range plan {
		if (i == 0 || plan[i].Operation != plan[i-1].Operation) && s.mayWrite(plan[i]) == writing {
			starts = append(starts, i)
		}
	}
	slices.SortStableFunc(starts, func(a, b int) int {
		return cmp.Compare(deletes(plan[a]), deletes(plan[b]))
	})
	return starts
}

// mayWrite tells whether judging an operation may change something: it does so itself, or an item to read may have to be made first.
func (s *session) mayWrite(p Planned) bool {
	return changes(p.Operation.Method) || s.target.write && (&Subject{Op: p.Operation}).PicksItem()
}

// deletes is 0 for what deletes nothing, and for deletions the greater the more they take with them: those of items before those of what
// holds them.
func deletes(p Planned) int {
	if p.Operation.Method != http.MethodDelete {
		return 0
	}
	const deepest = 1000
	return max(deepest-strings.Count(p.Operation.Route, "/"), 1)
}

func (s *session) judgePhase(ctx context.Context, plan []Planned, starts []int, workers int, outcomes []Outcome, report func()) {
	groups := make(chan []int)
	var running sync.WaitGroup
	for range workers {
		running.Go(func() {
			for group := range groups {
				s.judgeOperation(ctx, plan, group, outcomes, report)
			}
		})
	}
	for _, start := range starts {
		end := start
		for end < len(plan) && plan[end].Operation == plan[start].Operation {
			end++
		}
		groups <- span(start, end)
	}
	close(groups)
	running.Wait()
}

func span(start, end int) (indexes []int) {
	for i := start; i < end; i++ {
		indexes = append(indexes, i)
	}
	return indexes
}

func (s *session) judgeOperation(ctx context.Context, plan []Planned, group []int, outcomes []Outcome, report func()) {
	inTurn, beside := turns(plan, group)
	for _, i := range inTurn {
		if ctx.Err() == nil {
			outcomes[i] = s.judge(ctx, plan[i])
			report()
		}
	}
	for n, c := range s.runBeside(ctx, plan, beside) {
		if ctx.Err() == nil {
			outcomes[beside[n]] = s.conclude(ctx, c)
			report()
		}
	}
	op := plan[group[0]].Operation
	s.bodies.forget()
	seen := s.recorded(op.ID)
	covered := s.cover(op, seen, outcomes[group[0]:group[len(group)-1]+1])
	for _, x := range seen {
		if x.decoded != nil {
			x.decoded.drop()
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.covered[op.ID] = covered
	delete(s.history, op.ID)
	delete(s.visits, op.ID)
}

// turns are the cases of an operation that run one after the other, those behind the others last, and those that run side by side behind them.
func turns(plan []Planned, group []int) (inTurn, beside []int) {
	var behind []int
	for _, i := range group {
		switch check := plan[i].Check; {
		case !check.Last:
			inTurn = append(inTurn, i)
		case check.Asks:
			behind = append(behind, i)
		default:
			beside = append(beside, i)
		}
	}
	return append(inTurn, behind...), beside
}

// runBeside runs cases that ask for no more than the probes, side by side: operations that write are judged one after the other, and half of their time
// went into looking at answers, on one core.
func (s *session) runBeside(ctx context.Context, plan []Planned, group []int) []*Case {
	cases := make([]*Case, len(group))
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	var running sync.WaitGroup
	for n, i := range group {
		cases[n] = s.newCase(plan[i])
		if n == 0 {
			s.turn(cases[n])
			cases[n].probed = cases[n].probe(ctx)
		}
		cases[n].probed = cases[0].probed
		free <- struct{}{}
		running.Go(func() {
			defer func() { <-free }()
			if ctx.Err() == nil {
				cases[n].found, cases[n].err = cases[n].run(ctx)
			}
		})
	}
	running.Wait()
	return cases
}
