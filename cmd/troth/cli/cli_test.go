package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// troth runs a command line and returns its exit code and output.
func troth(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = Run(t.Context(), args, strings.NewReader(""), &o, &e)
	return code, o.String(), e.String()
}

func TestExitCodes(t *testing.T) {
	dir := t.TempDir()
	bad := filepath.Join(dir, "bad.yaml")
	if err := os.WriteFile(bad, []byte("openapi: 3.0.0\npaths: [1]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		args string
		code int
		want string
	}{
		{"version", 0, "troth "},
		{"--help", 0, "mock"},
		{"mock --help", 0, "--items int"},
		{"test --help", 0, "--fail-on"},
		{"completion bash", 0, "complete"},
		{"nope", 2, "unknown command"},
		{"mock --nope", 2, "unknown flag"},
		{"mock --auth maybe", 2, "want on or off"},
		{"mock --defect nope", 2, "page-overlap"},
		{"mock --addr 256.0.0.1:1", 2, "--addr"},
		{"mock " + filepath.Join(dir, "none.yaml"), 2, "none.yaml"},
		{"lint " + bad, 2, "bad.yaml:2"},
		{"lint", 0, "0 problems, 0 warnings"},
		{"test", 0, "kept: 0 findings"},
		{"test --plan", 0, "listServerlessRestoreJobs/page-overlap"},
		{"test --only nothing/*", 2, "matches no case"},
		{"test --only [", 2, "syntax error"},
		{"test --target ftp://x", 2, "want http"},
		{"test --target http://127.0.0.1:1", 2, "could not judge"},
		{"test --fail-on loudly", 2, "want must, should or advice"},
		{"test --report pdf=x", 2, "junit=FILE"},
		{"gen --out " + dir + " --package restorejobs", 0, "client.gen.go"},
		{"gen --out " + dir + " --package restorejobs --check", 0, ""},
		{"gen", 2, "want --out DIRECTORY and --package NAME"},
	}
	for _, tt := range tests {
		code, out, errs := troth(t, strings.Fields(tt.args)...)
		want := strings.Replace(tt.want, "page-overlap", "page-disjoint", strings.Count(tt.args, "--plan"))
		if code != tt.code || !strings.Contains(out+errs, want) {
			t.Errorf("troth %s: exit %d, want %d and %q\n%s%s", tt.args, code, tt.code, want, out, errs)
		}
	}
}

// running is a mock that was started as a user starts it.
type running struct {
	url  string
	out  *lockedBuffer
	stop func() int
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

var listening = regexp.MustCompile(`on (http://[0-9.:]+)\n`)

func start(t *testing.T, args ...string) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out, done := &lockedBuffer{}, make(chan int, 1)
	go func() {
		done <- Run(ctx, append([]string{"mock", "--addr", "127.0.0.1:0", "--log", "off"}, args...), strings.NewReader(""), out, out)
	}()
	stop := sync.OnceValue(func() int { cancel(); return <-done })
	t.Cleanup(func() { stop() })
	for range 500 {
		if m := listening.FindStringSubmatch(out.String()); m != nil && strings.Contains(out.String(), "Ctrl-C") {
			return &running{m[1], out, stop}
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("the mock does not say where it listens: %s", out)
	return nil
}

// TestGreetingWorks runs every curl command that the mock prints.
func TestGreetingWorks(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("skipped: this machine has no curl")
	}
	m := start(t)
	ran := 0
	for line := range strings.Lines(m.out.String()) {
		if command := strings.TrimSpace(line); strings.HasPrefix(command, "curl ") {
			ran++
			out, err := exec.Command("sh", "-c", command+" -sS --fail").CombinedOutput()
			if err != nil || !json.Valid(out) {
				t.Errorf("%s: %v %s", command, err, out)
			}
		}
	}
	if ran != 3 {
		t.Errorf("%d commands in:\n%s", ran, m.out)
	}
	if code := m.stop(); code != 0 {
		t.Errorf("stopped with exit %d", code)
	}
	if resp, err := http.Get(m.url); err == nil {
		resp.Body.Close()
		t.Error("the mock still answers")
	}
}

// TestReports judges a broken mock over HTTP and reads both machine reports.
func TestReports(t *testing.T) {
	m := start(t, "--defect", "page-overlap", "--credentials", "me:secret-1")
	dir := t.TempDir()
	report, junit := filepath.Join(dir, "r.json"), filepath.Join(dir, "r.xml")
	args := []string{"test", "--target", m.url, "--digest", "me:secret-1", "--report", "text", "--report", "json=" + report, "--report", "junit=" + junit}
	code, out, _ := troth(t, args...)
	if code != 1 || !strings.Contains(out, "listServerlessRestoreJobs/page-disjoint") || strings.Contains(out, "secret-1") {
		t.Errorf("exit %d\n%s", code, out)
	}
	var r struct {
		Format   int
		Tool     string
		Outcomes []struct {
			Case, Operation, Check, Level, Verdict, Reason string
			Findings                                       []struct {
				Where, Want, Got, Source string
				Curl                     []string
			}
		}
		Document struct{ Title, Version, SHA256 string }
	}
	data, err := os.ReadFile(report)
	if err != nil || json.Unmarshal(data, &r) != nil || r.Format != 1 || r.Tool != "troth" || len(r.Document.SHA256) != 64 || len(r.Outcomes) < 70 {
		t.Errorf("json report: %v %.300s", err, data)
	}
	var known strings.Builder
	for _, o := range r.Outcomes {
		if o.Verdict == "fail" && (len(o.Findings) == 0 || len(o.Findings[0].Curl) == 0) {
			t.Errorf("%s fails without a command", o.Case)
		}
	}
	for line := range strings.Lines(out) {
		if identity, ok := strings.CutPrefix(line, "  mute      "); ok {
			known.WriteString("# planted\n" + identity)
		}
	}
	var x struct {
		Suites []struct {
			Failures int `xml:"failures,attr"`
		} `xml:"testsuite"`
	}
	if data, err = os.ReadFile(junit); err != nil || xml.Unmarshal(data, &x) != nil || len(x.Suites) != 3 || x.Suites[0].Failures == 0 {
		t.Errorf("junit report: %v %.300s", err, data)
	}
	file := filepath.Join(dir, "known.txt")
	for text, want := range map[string]int{known.String(): 0, known.String() + "# gone\nlistServerlessRestoreJobs/total-exact body /totalCount total\n": 1, "unexplained\n": 2} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if code, out, errs := troth(t, append(args, "--known", file)...); code != want {
			t.Errorf("with known findings %q: exit %d, want %d\n%s%s", text, code, want, out, errs)
		}
	}
}
