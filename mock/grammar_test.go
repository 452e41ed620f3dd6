package mock

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestParseDisturbance(t *testing.T) {
	for text, want := range map[string]Disturbance{
		"latency=200ms":                     {Latency: FixedLatency(200 * time.Millisecond)},
		"latency=100ms-2s":                  {Latency: UniformLatency(100*time.Millisecond, 2*time.Second)},
		"latency=p50=20ms,p99.9=1s,reset=1": {Latency: Latency{{50, 20 * time.Millisecond}, {99.9, time.Second}}, Reset: 1},
		"listOrders:error=10%, status=503":  {Operations: []string{"listOrders"}, ErrorRate: 0.1, Errors: []int{503}},
		"error=0,reset=0%,truncate=-0":      {ErrorRate: Never, Reset: Never, Truncate: Never},
		"error=0.25":                        {ErrorRate: 0.25},
		"status=503,429":                    {ErrorRate: 1, Errors: []int{503, 429}},
		"status=503,429,error=0":            {ErrorRate: Never, Errors: []int{503, 429}},
		"rate=100/1m":                       {RateLimit: RateLimit{100, time.Minute}},
		"rate=5/s":                          {RateLimit: RateLimit{5, time.Second}},
		"a,b:truncate=5%,slow=2KB/s":        {Operations: []string{"a", "b"}, Truncate: 0.05, SlowBody: 2000},
		"pets:list:slow=3B/s":               {Operations: []string{"pets:list"}, SlowBody: 3},
		"slow=1MB/s":                        {SlowBody: 1_000_000},
	} {
		got, err := ParseDisturbance(text)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v %v, want %+v", text, got, err, want)
		}
	}
}

var badForms = map[string]string{
	"":                            "kind=value",
	"latency":                     "kind=value",
	"lateness=5ms":                `"lateness" is unknown: want one of latency, error`,
	"listOrders:nope=5%":          `"nope" is unknown`,
	":latency=5ms":                "leave the colon out",
	"latency=5":                   "100ms-2s",
	"latency=2s-1s":               "fall",
	"latency=-1s":                 "100ms-2s",
	"latency=p50=1s,p20=2s":       "do not rise",
	"latency=p101=1s":             "p0 to p100",
	"latency=p50=1s,q=2s":         `"q" is unknown`,
	"latency=5ms,latency=6ms":     "twice",
	"error=101%":                  "0% to 100%",
	"error=NaN":                   "0% to 100%",
	"error=-0.1":                  "0% to 100%",
	"status=200":                  "400 to 599",
	"status=503,,429":             "400 to 599",
	"rate=0/1m":                   "100/1m",
	"rate=100":                    "100/1m",
	"rate=100/.5s,reset=ten":      "0% to 100%",
	"slow=5":                      "1KB/s",
	"slow=0B/s":                   "1KB/s",
	"slow=99999999999999999MB/s":  "1KB/s",
	"error=10%,staus=503":         `"staus" is unknown`,
	"latency=5ms,p50=6ms":         "100ms-2s",
	"latency=99999999999999h":     "100ms-2s",
	"truncate=5%,reset=5%,what=1": `"what" is unknown`,
}

func TestParseDisturbanceErrors(t *testing.T) {
	for text, want := range badForms {
		if _, err := ParseDisturbance(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// FuzzParseDisturbance wants what is read to be valid and to be read again from its own text.
func FuzzParseDisturbance(f *testing.F) {
	for text := range badForms {
		f.Add(text)
	}
	for _, text := range []string{"latency=p50=20ms,p95=200ms,p99=1s,error=10%,status=503,429", "a,b:rate=5/s,slow=1KB/s", "latency=1ms-2ms,reset=1e-3,truncate=100%", "latency=p0=0s,p100=1h"} {
		f.Add(text)
	}
	d := shop(f)
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ParseDisturbance(text)
		if err != nil {
			return
		}
		named := got
		if named.Operations = nil; named.Check(d) != nil {
			t.Fatalf("%q is read but not valid: %v", text, named.Check(d))
		}
		again, err := ParseDisturbance(got.String())
		if err != nil || !reflect.DeepEqual(again, got) {
			t.Errorf("%q is %q, which is %+v %v, want %+v", text, got, again, err, got)
		}
	})
}
