package mock

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"
	"time"
)

func TestLatencyAt(t *testing.T) {
	percentiles := Latency{{50, 20 * time.Millisecond}, {95, 200 * time.Millisecond}, {99, time.Second}}
	for _, tt := range []struct {
		l    Latency
		u    float64
		want time.Duration
	}{
		{nil, 0.5, 0},
		{FixedLatency(time.Second), 0, time.Second}, {FixedLatency(time.Second), 0.999, time.Second},
		{UniformLatency(time.Second, 3*time.Second), 0, time.Second}, {UniformLatency(time.Second, 3*time.Second), 0.5, 2 * time.Second},
		{percentiles, 0, 0}, {percentiles, 0.25, 10 * time.Millisecond}, {percentiles, 0.5, 20 * time.Millisecond},
		{percentiles, 0.725, 110 * time.Millisecond}, {percentiles, 0.97, 600 * time.Millisecond}, {percentiles, 0.995, time.Second},
	} {
		if got := tt.l.At(tt.u).Round(time.Microsecond); got != tt.want {
			t.Errorf("%v at %v: %v, want %v", tt.l, tt.u, got, tt.want)
		}
	}
}

// TestLatencyDistribution wants the draws of 20,000 requests to have the percentiles that were asked for.
func TestLatencyDistribution(t *testing.T) {
	const n = 20_000
	for _, tt := range []struct {
		text string
		want map[float64]time.Duration
	}{
		{"latency=p50=20ms,p95=200ms,p99=1s", map[float64]time.Duration{50: 20 * time.Millisecond, 95: 200 * time.Millisecond, 99: time.Second}},
		{"latency=100ms-2s", map[float64]time.Duration{10: 290 * time.Millisecond, 50: 1050 * time.Millisecond, 90: 1810 * time.Millisecond}},
	} {
		asked, err := ParseDisturbance(tt.text)
		if err != nil {
			t.Fatal(err)
		}
		waits := make([]time.Duration, n)
		for i := range waits {
			d := disturbed{Disturbance: asked, operation: "listOrders", seed: 7, ordinal: uint64(i + 1)}
			if waits[i] = d.Latency.At(d.draw("latency")); waits[i] != d.Latency.At(d.draw("latency")) {
				t.Fatal("the same request waits differently")
			}
		}
		slices.Sort(waits)
		for rank, want := range tt.want {
			// What counts is how many requests wait no longer: a quantile of a steep piece moves far with few of them.
			below, _ := slices.BinarySearch(waits, want)
			if got := float64(below) / n * 100; math.Abs(got-rank) > 1 {
				t.Errorf("%s: %.2f %% wait less than %v, want %v %%", tt.text, got, want, rank)
			}
		}
	}
}

func TestPause(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(2*time.Millisecond, cancel)
	if err := pause(ctx, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("a client that is gone: %v", err)
	}
	if err := pause(t.Context(), time.Millisecond); err != nil {
		t.Error(err)
	}
}
