package mock

import (
	"context"
	"errors"
	"strings"
	"time"
)

// Latency is a distribution of waits, as its percentiles in rising order: between two of them it is linear, below the first it
// begins at 0, above the last it stays. One percentile of rank 0 is a fixed latency, ranks 0 and 100 are a uniform one.
type Latency []Percentile

// Percentile is a wait that Rank per cent of the requests do not exceed.
type Percentile struct {
	Rank float64 // 0 to 100
	Wait time.Duration
}

// FixedLatency is the same wait for each request.
func FixedLatency(d time.Duration) Latency { return Latency{{0, d}} }

// UniformLatency is spread evenly from least to most.
func UniformLatency(least, most time.Duration) Latency { return Latency{{0, least}, {100, most}} }

// At is the wait of a request whose place among all requests is u, 0 to 1.
func (l Latency) At(u float64) time.Duration {
	rank, below := u*100, Percentile{}
	for _, p := range l {
		if rank < p.Rank {
			part := (rank - below.Rank) / (p.Rank - below.Rank)
			return below.Wait + time.Duration(part*float64(p.Wait-below.Wait))
		}
		below = p
	}
	return below.Wait
}

// String is the form that ParseDisturbance reads behind "latency=".
func (l Latency) String() string {
	switch {
	case len(l) == 1 && l[0].Rank == 0:
		return l[0].Wait.String()
	case len(l) == 2 && l[0].Rank == 0 && l[1].Rank == 100:
		return l[0].Wait.String() + "-" + l[1].Wait.String()
	}
	parts := make([]string, len(l))
	for i, p := range l {
		parts[i] = "p" + number(p.Rank) + "=" + p.Wait.String()
	}
	return strings.Join(parts, ",")
}

func (l Latency) check() error {
	for i, p := range l {
		if !(p.Rank >= 0 && p.Rank <= 100) || p.Wait < 0 {
			return errors.New("a rank outside p0 to p100, or a duration below 0")
		}
		if i > 0 && (p.Rank <= l[i-1].Rank || p.Wait < l[i-1].Wait) {
			return errors.New("ranks that do not rise, or durations that fall")
		}
	}
	return nil
}

// pause ends after d, or with an error when the context does.
func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 || stopping(ctx) {
		return gone(ctx)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return gone(ctx)
	}
}

// ErrStopping is the cause that the context of requests is canceled with when their server is to stop (context.WithCancelCause): they are answered,
// without waiting any more.
var ErrStopping = errors.New("the server is stopping")

func stopping(ctx context.Context) bool { return errors.Is(context.Cause(ctx), ErrStopping) }

// gone is why nobody waits for an answer any more, nil where somebody does.
func gone(ctx context.Context) error {
	if stopping(ctx) {
		return nil
	}
	return ctx.Err()
}
