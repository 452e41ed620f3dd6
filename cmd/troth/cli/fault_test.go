package cli

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"troth/mock"
)

const shopDocument = "../../../mock/testdata/shop.yaml"

func TestBadFaultFlags(t *testing.T) {
	file := filepath.Join(t.TempDir(), "faults.yaml")
	if err := os.WriteFile(file, []byte("format: 1\nfaults:\n- operations: [listOrders]\n  speed: 5\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for args, want := range map[string]string{
		"--fault lateness=5ms":         `--fault "lateness=5ms": kind "lateness" is unknown: want one of latency, error, status, rate, reset, truncate, slow`,
		"--fault listOrdrs:error=5%":   `operation "listOrdrs": want one of listOrders`,
		"--fault error=ten":            "want 10% or 0.1",
		"--fault-header maybe":         "want on or off",
		"--faults " + file:             `faults.yaml:4 #/faults/0/speed: member "speed" is unknown: want one of operations, latency`,
		"--faults " + file + ".absent": "faults.yaml.absent",
		"--faults":                     "needs an argument",
	} {
		code, _, errs := troth(t, append([]string{"mock", shopDocument}, strings.Fields(args)...)...)
		if code != 2 || !strings.Contains(errs, want) {
			t.Errorf("%s: exit %d, want 2 and %q\n%s", args, code, want, errs)
		}
	}
	if _, out, _ := troth(t, "mock", "--help"); !strings.Contains(out, "p50=20ms,p95=200ms,p99=1s") || !strings.Contains(out, mock.FaultHeader) {
		t.Errorf("help:\n%s", out)
	}
}

// TestFaultFlags asks a running mock for faults by file, flag and header; the flag goes over the file.
func TestFaultFlags(t *testing.T) {
	file := filepath.Join(t.TempDir(), "faults.yaml")
	if err := os.WriteFile(file, []byte("format: 1\nfaults:\n- status: 503\n- operations: [plain]\n  rate: 2/1h\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	m := start(t, shopDocument, "--auth", "off", "--faults", file, "--fault", "plain:error=0", "--fault", "listCursors,plain:status=502", "--fault", "getOrder:error=0", "--fault", "listOffsets:reset=100%")
	for _, want := range []string{"fault on request: error=1,status=503\n", "fault on request: getOrder:error=0\n", "fault on request: listCursors,plain:error=1,status=502\n"} {
		if !strings.Contains(m.out.String(), want) {
			t.Errorf("the greeting lacks %q:\n%s", want, m.out)
		}
	}
	for _, tt := range []struct {
		path, header string
		status       int
	}{
		{"/cursors", "", 502}, {"/v1/shops/shop1/orders", "", 503}, {"/cursors", "none", 200}, {"/cursors", "status=504", 504}, {"/cursors", "x", 400}, {"/v1/shops/none/orders/0123456789ab", "", 404},
		{"/plain", "", 502}, {"/plain", "error=0", 200}, {"/offsets", "error=0", 0},
	} {
		if got := status(t, m.url+tt.path, tt.header); got != tt.status {
			t.Errorf("%s with %q: %d, want %d", tt.path, tt.header, got, tt.status)
		}
	}
	if code := m.stop(); code != 0 {
		t.Errorf("stopped with exit %d", code)
	}
	off := start(t, shopDocument, "--auth", "off", "--fault-header", "off")
	if got := status(t, off.url+"/plain", "status=504"); got != 200 {
		t.Errorf("--fault-header off: %d", got)
	}
}

// status is 0 where the connection was reset.
func status(t *testing.T, url, fault string) int {
	t.Helper()
	r, err := http.NewRequest("GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if fault != "" {
		r.Header.Set(mock.FaultHeader, fault)
	}
	resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	if err != nil {
		return 0
	}
	resp.Body.Close()
	return resp.StatusCode
}

// TestStopEndsLatency wants a mock that is told to stop not to wait for the latencies of running requests.
func TestStopEndsLatency(t *testing.T) {
	m := start(t, shopDocument, "--auth", "off", "--fault", "latency=1h")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, "GET", m.url+"/plain", nil)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if resp, err := http.DefaultClient.Do(r); err == nil {
			resp.Body.Close()
		}
	}()
	time.Sleep(20 * time.Millisecond)
	if code := m.stop(); code != 0 {
		t.Errorf("stopped with exit %d", code)
	}
	<-done
}
