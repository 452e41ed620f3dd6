package contract

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Rate bounds how many requests a second are sent, by all workers together; without it, and for 0, as many as there are answers to.
func Rate(perSecond float64) Option { return func(r *runner) { r.rate = perSecond } }

// MaxWait bounds how long a run waits in all because answers of 429 and 503 ask for it; without it five minutes. What is answered 429 when no more may be
// waited is not judged.
func MaxWait(d time.Duration) Option { return func(r *runner) { r.maxWait = d } }

// limited sends no more requests than a limit allows: those of handshakes count, too.
func limited(next http.RoundTripper, perSecond float64) http.RoundTripper {
	if perSecond <= 0 {
		return next
	}
	limit := rate.NewLimiter(rate.Limit(perSecond), 1)
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		if err := limit.Wait(r.Context()); err != nil {
			return nil, err
		}
		return next.RoundTrip(r)
	})
}

// queue is how long a request may have to wait for its turn.
func (r *runner) queue() time.Duration {
	if r.rate <= 0 {
		return 0
	}
	return time.Duration(2 * float64(r.workers+1) / r.rate * float64(time.Second))
}

// patience is how often one request waits because its answer asks for it: where each ninth request is one too many, some are so time and again.
const patience = 10

// waits are the pauses that a server asks for. All workers keep them: a server that is too busy for one is for all.
type waits struct {
	mu    sync.Mutex
	left  time.Duration
	until time.Time
	taken int // times that a worker waited
	cut   int // times that more was asked for than is left
}

// pause notes that an answer asks for a pause; false where it is longer than what is left.
func (w *waits) pause(d time.Duration) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if d > w.left {
		w.cut++
		return false
	}
	w.taken++
	now := time.Now()
	if end := now.Add(d); end.After(w.until) {
		if w.until.Before(now) {
			w.until = now
		}
		w.left -= end.Sub(w.until)
		w.until = end
	}
	return true
}

// keep waits for the end of the pause.
func (w *waits) keep(ctx context.Context) error {
	w.mu.Lock()
	d := time.Until(w.until)
	w.mu.Unlock()
	if d <= 0 {
		return nil
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// retryAfter is the pause that an answer of 429 or 503 asks for, in seconds or as a date (RFC 9110 §10.2.3). A 429 that does not say how long asks for
// more with each try.
func retryAfter(x *Exchange, try int) (time.Duration, bool) {
	if x.Status != http.StatusTooManyRequests && x.Status != http.StatusServiceUnavailable {
		return 0, false
	}
	field := x.Header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(field, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	if at, err := http.ParseTime(field); err == nil {
		return max(time.Until(at), 0), true
	}
	return 20 * time.Millisecond << try, x.Status == http.StatusTooManyRequests
}
