package mock

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"troth/openapi"
	"troth/openapi/sample"
)

// FaultHeader is the request header that disturbs the answer to this one request: kind=value[,kind=value…] in the form of
// ParseDisturbance without operations, over what WithDisturbances asks for; "none" turns everything off for this request. A rate
// cannot be set by it.
const FaultHeader = "X-Troth-Fault"

// disturbed is what is done to one call.
type disturbed struct {
	Disturbance
	operation string
	seed      uint64
	ordinal   uint64 // of the disturbed requests of the operation, from 1
	limiter   *limiter
	budget    budget // what the limiter said
	note      string // what was done to the answer on the wire
}

// draw is a number from 0 up to 1 that decides one thing about one request.
func (d *disturbed) draw(what string) float64 {
	return float64(sample.Hash(d.seed, "fault", what, d.operation, strconv.FormatUint(d.ordinal, 10))>>11) / (1 << 53)
}

// hits tells whether this request is among the share.
func (d *disturbed) hits(what string, share float64) bool { return share > 0 && d.draw(what) < share }

// reason adds what was done on the wire to why a request was refused.
func (d *disturbed) reason(refusal string) string {
	if d == nil || d.note == "" {
		return refusal
	}
	return strings.TrimPrefix(refusal+"; "+d.note, "; ")
}

// Disturb makes answers slow, failing or broken from now on, as WithDisturbances does from the start, in place of all that was asked for
// before; without arguments nothing is disturbed any more. It is safe while requests are served. What cannot be is an error, and changes
// nothing.
func (s *Server) Disturb(list ...Disturbance) error {
	if err := s.planDisturbances(list); err != nil {
		return fmt.Errorf("mock: %w", err)
	}
	return nil
}

// trouble is what is asked for the answers of one operation.
type trouble struct {
	Disturbance
	limiter *limiter // nil: no limit
}

// planDisturbances finds out what is asked for each operation: what is said for all operations, then what is said for this one; what
// comes later wins.
func (s *Server) planDisturbances(list []Disturbance) error {
	for i := range list {
		if err := list[i].Check(s.doc); err != nil {
			return err
		}
	}
	planned := map[string]*trouble{}
	for _, all := range []bool{true, false} {
		for i := range list {
			if all == (len(list[i].Operations) == 0) {
				s.planDisturbance(&list[i], planned)
			}
		}
	}
	for _, op := range s.doc.Operations {
		s.plans[op].trouble.Store(planned[op.ID])
	}
	return nil
}

func (s *Server) planDisturbance(d *Disturbance, planned map[string]*trouble) {
	limited := d.RateLimit != (RateLimit{})
	shared := newLimiter(d.RateLimit, s.options.clock)
	for _, op := range s.doc.Operations {
		if len(d.Operations) > 0 && !slices.Contains(d.Operations, op.ID) {
			continue
		}
		if planned[op.ID] == nil {
			planned[op.ID] = &trouble{}
		}
		p := planned[op.ID]
		p.overlay(d)
		if limited {
			p.limiter = shared
		}
		if limited && len(d.Operations) > 0 {
			p.limiter = newLimiter(d.RateLimit, s.options.clock)
		}
	}
}

// disturbing are the behaviors that disturb.
func (s *Server) disturbing() []Behavior {
	return []Behavior{s.disturb, addLatency, injectError, limitRate}
}

// disturb finds out what is to be done to a call. Without a disturbance it costs nanoseconds and no memory.
func (s *Server) disturb(next Handler) Handler {
	return func(ctx context.Context, call *Call) (*Reply, error) {
		asked := call.Request.Header[FaultHeader]
		if s.options.faultHeaderOff {
			asked = nil
		}
		planned := call.plan.trouble.Load()
		if asked == nil && planned == nil {
			return next(ctx, call)
		}
		d, err := s.disturbanceOf(call.plan, planned, asked)
		if err != nil {
			return nil, err
		}
		call.disturbed = d
		return next(ctx, call)
	}
}

// disturbanceOf is what the options ask for, and over it what the header does; nil for none.
func (s *Server) disturbanceOf(p *prepared, planned *trouble, asked []string) (*disturbed, error) {
	d := &disturbed{operation: p.operation.ID, seed: s.options.seed}
	if planned != nil {
		d.Disturbance, d.limiter = planned.Disturbance, planned.limiter
	}
	if asked != nil {
		text := strings.TrimSpace(strings.Join(asked, ","))
		if text == "none" {
			return nil, nil
		}
		var over Disturbance
		if err := over.parse(text); err != nil {
			return nil, malformedHeader(text, err.Error()+"; the form is kind=value[,kind=value…], or none")
		}
		if over.RateLimit != (RateLimit{}) {
			return nil, malformedHeader(text, "rate is a limit over many requests: set it when the server starts (--fault rate="+over.RateLimit.String()+")")
		}
		d.overlay(&over)
	}
	d.ordinal = p.ordinal.Add(1)
	return d, nil
}

func malformedHeader(text, problem string) error {
	return &Fault{
		Status: http.StatusBadRequest, Situation: "invalid-parameter", Parameters: []any{FaultHeader, text},
		Detail: "header " + FaultHeader + ": " + problem,
	}
}

// addLatency waits before a request is looked at, no longer than the client does.
func addLatency(next Handler) Handler {
	return func(ctx context.Context, call *Call) (*Reply, error) {
		if d := call.disturbed; d != nil && d.Latency != nil {
			if err := pause(ctx, d.Latency.At(d.draw("latency"))); err != nil {
				return nil, err
			}
		}
		return next(ctx, call)
	}
}

// injectError refuses a share of the requests.
func injectError(next Handler) Handler {
	return func(ctx context.Context, call *Call) (*Reply, error) {
		d := call.disturbed
		if d == nil || !d.hits("error", d.ErrorRate) {
			return next(ctx, call)
		}
		if d.limiter != nil {
			d.budget = d.limiter.take(0) // the answer tells the budget, too
		}
		return nil, d.failure(call.Operation)
	}
}

func (d *disturbed) failure(op *openapi.Compiled) *Fault {
	statuses := d.Errors
	if len(statuses) == 0 {
		statuses = declaredFailures(op)
	}
	status := statuses[int(d.draw("status")*float64(len(statuses)))]
	f := &Fault{Status: status, Detail: fmt.Sprintf("a fault on request: error=%s, request %d of %s", number(d.ErrorRate), d.ordinal, d.operation)}
	if status == http.StatusInternalServerError {
		f.Situation = "server-error"
	}
	if r := op.Response(status); r != nil && declares(r, "Retry-After") {
		f.Header = http.Header{"Retry-After": {"1"}}
	}
	return f
}

// declaredFailures are the 5xx and the 429 that an operation declares, else 500.
func declaredFailures(op *openapi.Compiled) (statuses []int) {
	for _, r := range op.Responses {
		if status, err := strconv.Atoi(r.Code); err == nil && (status == http.StatusTooManyRequests || status/100 == 5) {
			statuses = append(statuses, status)
		}
	}
	if len(statuses) == 0 {
		return []int{http.StatusInternalServerError}
	}
	return statuses
}
