package mock

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

const faultsFile = `format: 1
faults:
- latency: 100ms-2s
  rate: 100/1m
- operations: [listOrders, plain]
  error: 0.1
  status: [503, 429]
  latency: {p50: 20ms, p95: 200ms, p99: 1s}
  reset: 5%
  truncate: 5%
  slow: 1KB/s
- status: 503
`

func TestLoadDisturbances(t *testing.T) {
	want := []Disturbance{
		{Latency: UniformLatency(100*time.Millisecond, 2*time.Second), RateLimit: RateLimit{100, time.Minute}},
		{
			Operations: []string{"listOrders", "plain"}, ErrorRate: 0.1, Errors: []int{503, 429}, Reset: 0.05, Truncate: 0.05, SlowBody: 1000,
			Latency: Latency{{50, 20 * time.Millisecond}, {95, 200 * time.Millisecond}, {99, time.Second}},
		},
		{ErrorRate: 1, Errors: []int{503}},
	}
	yaml, json := filepath.Join(t.TempDir(), "faults.yaml"), `{"format": 1, "faults": [{"error": "10%"}]}`
	if err := os.WriteFile(yaml, []byte(faultsFile), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := LoadDisturbances(yaml, shop(t))
	if err != nil {
		t.Fatal(err)
	}
	for i := range got {
		got[i].place = want[0].place
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want\n%+v", got, want)
	}
	if got, err := ParseDisturbances("faults.json", []byte(json), shop(t)); err != nil || len(got) != 1 || got[0].ErrorRate != 0.1 {
		t.Errorf("JSON: %+v %v", got, err)
	}
}

func TestLoadDisturbancesErrors(t *testing.T) {
	for text, want := range map[string]string{
		"faults: []":                                    "faults.yaml:1 #/format: format: want 1",
		"format: 2\nfaults: []":                         "faults.yaml:1",
		"format: 1\nfaults: {}":                         "faults.yaml:2",
		"format: 1\nfaults: []\nseed: 1":                `faults.yaml:3`,
		"format: 1\nfaults:\n- lateness: 5ms":           `member "lateness" is unknown: want one of operations, latency`,
		"format: 1\nfaults:\n- error: 5%\n  latency: 5": `faults.yaml:4`,
		"format: 1\nfaults:\n- reset: 1\n  operations:\n  - plain\n  - nope": `faults.yaml:6 #/faults/0/operations/1: operation "nope": want one of listOrders`,
		"format: 1\nfaults:\n- operations: []\n  reset: 1":                   "leave it out",
		"format: 1\nfaults:\n- operations: [1]\n  reset: 1":                  "want operationIds, got number",
		"format: 1\nfaults:\n- 5ms":                                          "want an object",
		"format: 1\nfaults:\n- latency: {q: 5ms}":                            "want 200ms",
		"format: 1\nfaults:\n- latency: {p50: 5ms, p20: 1s}":                 "do not rise",
		"format: 1\nfaults:\n- error: true":                                  "want a string or a number, got boolean",
		"format: 1\nfaults:\n- operations: [plain]":                          "nothing is asked for",
		"format: 1\nfaults:\n- status: [200]":                                "400 to 599",
		"[":                                                                  "faults.yaml",
	} {
		if _, err := ParseDisturbances("faults.yaml", []byte(text), shop(t)); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "faults.yaml:") {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	if _, err := LoadDisturbances("none.yaml", shop(t)); err == nil || !strings.Contains(err.Error(), "none.yaml") {
		t.Errorf("no file: %v", err)
	}
}
