package contract

import (
	"context"
	"errors"
	"fmt"
	"path"
	"time"

	"troth/openapi"
	"troth/openapi/convention"
)

// Verdict is what a case came to.
type Verdict string

// The verdicts.
const (
	Pass    Verdict = "pass"
	Fail    Verdict = "fail"
	Skipped Verdict = "skip"  // there was nothing to judge; the reason says what was missing
	Error   Verdict = "error" // it could not be judged
)

// Outcome is one case and what it came to.
type Outcome struct {
	Case      string    `json:"case"` // operationId/check-id
	Operation string    `json:"operation"`
	Check     string    `json:"check"`
	Order     int       `json:"order"` // its place in the whole plan
	Level     Level     `json:"level"`
	Verdict   Verdict   `json:"verdict"`
	Reason    string    `json:"reason"`
	Findings  []Finding `json:"findings"`
	Known     []Finding `json:"known,omitempty"` // findings that are listed as known: they do not count
}

// Option changes a run.
type Option func(*runner)

type runner struct {
	seed     uint64
	only     string
	progress func(done, total int)
	clock    func() time.Time
	workers  int
	shrinks  int
	rate     float64 // requests a second, 0: no limit
	maxWait  time.Duration
	trace    func(name string, x *Exchange)
	shard    int // of shards, from 1
	shards   int // 0: all of the plan
}

// Seed sets the seed of sampled values; without it 1.
func Seed(seed uint64) Option { return func(r *runner) { r.seed = seed } }

// Only keeps the cases whose name matches a glob (path.Match): "listJobs/*", "*/page-*".
func Only(glob string) Option { return func(r *runner) { r.only = glob } }

// Progress is called after each case.
func Progress(f func(done, total int)) Option { return func(r *runner) { r.progress = f } }

// Concurrency sets how many operations are judged at a time; without it 8. Operations that change something are judged one by
// one, after the others.
func Concurrency(n int) Option { return func(r *runner) { r.workers = max(n, 1) } }

// Shrinks sets how many requests a finding may take to have its request made smaller; without it 20, none for 0. A case takes three times
// as many at most.
func Shrinks(n int) Option { return func(r *runner) { r.shrinks = max(n, 0) } }

// Trace is called for each request that is sent, with the case that it was sent for, "" where it makes what all of them ask for, or deletes in the end what it made. Cases are judged one by one then.
func Trace(f func(name string, x *Exchange)) Option { return func(r *runner) { r.trace = f } }

// Clock tells the time of a run; without it time.Now.
func Clock(now func() time.Time) Option { return func(r *runner) { r.clock = now } }

func newRunner(opts []Option) (*runner, error) {
	r := &runner{seed: 1, clock: time.Now, workers: 8, shrinks: 20, maxWait: 5 * time.Minute}
	for _, opt := range opts {
		opt(r)
	}
	if r.trace != nil {
		r.workers = 1
	}
	if r.shards < 0 || r.shards > 0 && (r.shard < 1 || r.shard > r.shards) {
		return nil, fmt.Errorf("shard %d of %d: want 1 to the number of shards", r.shard, r.shards)
	}
	if _, err := path.Match(r.only, ""); err != nil {
		return nil, fmt.Errorf("only %q: %w", r.only, err)
	}
	return r, nil
}

// Planned is one case before it is run.
type Planned struct {
	Operation *openapi.Compiled
	Check     *Check
	order     int // place in the whole plan
}

// Name is the case's name: operationId/check-id.
func (p *Planned) Name() string { return p.Operation.ID + "/" + p.Check.ID }

// Plan lists the cases of a run: checks × operations that they apply to, in the order of the document, then of the checks.
func Plan(doc *openapi.Document, conv *convention.Conventions, checks []Check, opts ...Option) ([]Planned, error) {
	r, err := newRunner(opts)
	if err != nil {
		return nil, fmt.Errorf("contract: %w", err)
	}
	var plan []Planned
	order := 0
	for n, o := range doc.Operations {
		op, err := o.Compile()
		if err != nil {
			return nil, fmt.Errorf("contract: operation %s: %w", o.ID, err)
		}
		subject := &Subject{Op: op, Conv: conv, Page: conv.Pagination(op)}
		for i := range checks {
			p := Planned{op, &checks[i], order}
			if !checks[i].Applies(subject) || !r.wants(p.Name()) {
				continue
			}
			if order++; r.in(n) {
				plan = append(plan, p)
			}
		}
	}
	return plan, nil
}

func (r *runner) wants(name string) bool {
	if r.only == "" {
		return true
	}
	ok, _ := path.Match(r.only, name)
	return ok
}

// Run judges a target. The error tells why nothing could be judged at all; what goes wrong in a case is in its outcome.
func Run(ctx context.Context, doc *openapi.Document, conv *convention.Conventions, t *Target, checks []Check, opts ...Option) (*Report, error) {
	r, err := newRunner(opts)
	if err != nil {
		return nil, fmt.Errorf("contract: %w", err)
	}
	plan, err := Plan(doc, conv, checks, opts...)
	if err != nil {
		return nil, err
	}
	if len(plan) == 0 && len(checks) > 0 && r.only != "" && r.shards == 0 {
		return nil, fmt.Errorf("contract: only %q matches no case: they are called operationId/check-id, and * stands for anything but /, as in '*/%s'", r.only, checks[0].ID)
	}
	if err := t.checkGiven(doc, conv); err != nil {
		return nil, fmt.Errorf("contract: %w", err)
	}
	s, err := newSession(doc, conv, t, r)
	if err != nil {
		return nil, fmt.Errorf("contract: %w", err)
	}
	began := r.clock()
	if err := s.withoutBase(ctx, plan); err != nil {
		return nil, fmt.Errorf("contract: %w", err)
	}
	report := newReport(doc, t, checks, r)
	if report.Outcomes, err = s.judgeAll(ctx, plan, r); err != nil {
		return nil, err
	}
	report.finish(s, r.clock().Sub(began))
	return report, nil
}

// errSilent is why nothing is found where connections are taken and closed: that is no server of the API.
var errSilent = errors.New("the target answers no request")

func (s *session) judge(ctx context.Context, p Planned) Outcome {
	c := s.newCase(p)
	s.turn(c)
	c.found, c.err = c.run(ctx)
	return s.conclude(ctx, c)
}

func (s *session) newCase(p Planned) *Case {
	return &Case{
		Subject: Subject{Op: p.Operation, Conv: s.conv, Page: s.conv.Pagination(p.Operation)},
		planned: p, check: p.Check, session: s, home: true, shrinkBudget: 3 * s.shrinks,
	}
}

// turn makes a case the one that sends.
func (s *session) turn(c *Case) {
	name := c.planned.Name()
	s.now.Store(&name)
}

// conclude is the outcome of a case that has run.
func (s *session) conclude(ctx context.Context, c *Case) Outcome {
	s.turn(c)
	p := c.planned
	o := Outcome{
		Order: p.order, Case: p.Name(), Operation: p.Operation.ID, Check: p.Check.ID, Level: p.Check.Level, Verdict: Pass,
		Findings: []Finding{},
	}
	findings, err := c.found, c.err
	if len(findings) > 0 && !s.spoke.Load() {
		findings, err = nil, errSilent
	}
	for i := range findings {
		if !findings[i].leveled {
			findings[i].Level = p.Check.Level
		}
	}
	reason, skipped := skipReason(err)
	switch {
	case len(findings) > 0:
		o.Verdict, o.Findings = Fail, distinct(findings)
		o.Level = o.Findings[0].Level
		for i := range o.Findings {
			c.smallest(ctx, &o.Findings[i])
			o.Findings[i] = o.Findings[i].withMaker(s.maker)
			o.Findings[i].seal(s.target.secrets)
		}
	case skipped:
		o.Verdict, o.Reason = Skipped, s.target.secrets.hide(reason)
	case errors.Is(err, errReadOnly):
		o.Verdict, o.Reason = Skipped, errReadOnly.Error()
	case err != nil:
		o.Verdict, o.Reason = Error, s.target.secrets.hide(err.Error())
	}
	return o
}

// run asks for the check's needs first. A check that panics could not judge.
func (c *Case) run(ctx context.Context) (findings []Finding, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the check %s panicked: %v", c.check.ID, r)
		}
	}()
	for _, need := range c.check.Needs {
		reason, err := need.Unmet(ctx, c)
		if err != nil {
			return nil, err
		}
		if reason != "" {
			return nil, Skip("needs %s: %s", need.Name, reason)
		}
	}
	findings, err = c.check.Run(ctx, c)
	if err != nil || len(findings) == 0 || c.check.Last || c.check.Once {
		return findings, err
	}
	return c.atRest(ctx, findings)
}
