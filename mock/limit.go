package mock

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// limiter counts requests in windows. Safe for concurrent use.
type limiter struct {
	RateLimit
	clock func() time.Time

	mu            sync.Mutex
	begin, latest time.Time
	used          int
}

func newLimiter(r RateLimit, clock func() time.Time) *limiter {
	return &limiter{RateLimit: r, clock: clock}
}

// budget is what a limiter says about one request. The zero value says nothing.
type budget struct {
	limit, remaining int
	over             bool          // the request was too much
	left             time.Duration // until the window ends
	end              time.Time
}

// take uses n requests of the window. Within a window what remains never rises, in whatever order requests come in: a clock that goes
// back stands still.
func (l *limiter) take(n int) budget {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now := l.clock(); l.begin.IsZero() || now.After(l.latest) {
		l.latest = now
	}
	if l.begin.IsZero() || l.latest.Sub(l.begin) >= l.Window {
		l.begin, l.used = l.latest, 0
	}
	over := l.used+n > l.Requests
	if !over {
		l.used += n
	}
	end := l.begin.Add(l.Window)
	return budget{l.Requests, l.Requests - l.used, over, end.Sub(l.latest), end}
}

// seconds are those until the window ends, rounded up.
func (b budget) seconds() string { return strconv.Itoa(int((b.left + time.Second - 1) / time.Second)) }

// limitRate refuses what is above the rate.
func limitRate(next Handler) Handler {
	return func(ctx context.Context, call *Call) (*Reply, error) {
		d := call.disturbed
		if d == nil || d.limiter == nil {
			return next(ctx, call)
		}
		if d.budget = d.limiter.take(1); !d.budget.over {
			return next(ctx, call)
		}
		return nil, &Fault{
			Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {d.budget.seconds()}},
			Detail: fmt.Sprintf("the limit of %d requests in %s is used up; try again in %s s", d.limiter.Requests, d.limiter.Window, d.budget.seconds()),
		}
	}
}
