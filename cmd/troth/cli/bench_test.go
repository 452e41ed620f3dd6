package cli

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"troth/mock"
	"troth/openapi"
)

// real is the published Atlas document, where this machine has it.
const real = "../../../../shared/data/atlas-admin-api-v2.yaml"

// BenchmarkProcess starts troth mock on the published Atlas document, as YAML and as JSON, and reports the time from the start of the process
// to its first answer, the resident memory 2 s after the start, and that after a request for each operation.
func BenchmarkProcess(b *testing.B) {
	document, err := filepath.Abs(real)
	if err != nil {
		b.Fatal(err)
	}
	doc, err := openapi.Load(document)
	if err != nil {
		b.Skip("skipped: ", err)
	}
	dir := b.TempDir()
	binary, asJSON := filepath.Join(dir, "troth"), filepath.Join(dir, "atlas.json")
	if out, err := exec.Command("go", "build", "-o", binary, "troth/cmd/troth").CombinedOutput(); err != nil {
		b.Fatal(err, string(out))
	}
	text, err := json.Marshal(doc.Root.Node.Value())
	if err == nil {
		err = os.WriteFile(asJSON, text, 0o600)
	}
	if err != nil {
		b.Fatal(err)
	}
	for name, path := range map[string]string{"yaml": document, "json": asJSON} {
		b.Run(name, func(b *testing.B) {
			var first, started, called float64
			for b.Loop() {
				p := startProcess(b, binary, path)
				first += float64(p.first.Milliseconds())
				time.Sleep(2 * time.Second)
				started += p.resident(b)
				p.callAll(b, doc)
				called += p.resident(b)
				p.stop()
			}
			b.ReportMetric(first/float64(b.N), "ms-to-first-answer")
			b.ReportMetric(started/float64(b.N), "MB-after-start")
			b.ReportMetric(called/float64(b.N), "MB-after-each-operation")
			b.ReportMetric(0, "ns/op")
		})
	}
}

type process struct {
	cmd   *exec.Cmd
	url   string
	first time.Duration
}

func startProcess(b *testing.B, binary, document string) *process {
	b.Helper()
	began := time.Now()
	p := &process{cmd: exec.Command(binary, "mock", document, "--auth", "off", "--log", "off", "--addr", "127.0.0.1:0")}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		b.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	_, p.url, _ = strings.Cut(strings.TrimSpace(line), " on ")
	resp, err := http.Get(p.url + "/api/atlas/v2/groups?itemsPerPage=3")
	if err != nil || resp.StatusCode != 200 {
		b.Fatal(err, resp)
	}
	_ = resp.Body.Close()
	p.first = time.Since(began)
	return p
}

// resident is the memory that the process has, in MB.
func (p *process) resident(b *testing.B) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		b.Skip("skipped: this machine does not tell a process's memory: ", err)
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	kb, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		b.Fatal(err)
	}
	return float64(kb) / 1024
}

// callAll sends the ordinary request of each operation.
func (p *process) callAll(b *testing.B, doc *openapi.Document) {
	b.Helper()
	s, err := mock.New(doc, mock.WithoutAuth())
	if err != nil {
		b.Fatal(err)
	}
	answered := 0
	for _, op := range doc.Operations {
		r, err := s.Ordinary(op)
		if err != nil {
			continue
		}
		sent, err := http.NewRequest(r.Method, p.url+r.URL.RequestURI(), r.Body)
		if err != nil {
			b.Fatal(err)
		}
		sent.Header = r.Header
		resp, err := http.DefaultClient.Do(sent)
		if err != nil {
			b.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
		answered++
	}
	if answered < len(doc.Operations)*9/10 {
		b.Fatalf("%d of %d operations were called", answered, len(doc.Operations))
	}
}

func (p *process) stop() {
	_ = p.cmd.Process.Signal(os.Interrupt)
	_ = p.cmd.Wait()
}
