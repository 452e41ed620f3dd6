package cli

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const parcels = `
openapi: 3.0.3
info: {title: Parcels, version: "1"}
paths:
  /parcels:
    get: {operationId: listParcels, responses: {"200": {description: ok, content: {application/json: {schema: {type: array, items: {$ref: "common.yaml#/Parcel"}}}}}}}
    post:
      operationId: createParcel
      requestBody: {content: {application/json: {schema: {$ref: "common.yaml#/Parcel"}}}}
      responses: {"201": {description: created, content: {application/json: {schema: {$ref: "common.yaml#/Parcel"}}}}}
  /parcels/{id}:
    get:
      operationId: getParcel
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {"200": {description: ok, content: {application/json: {schema: {$ref: "common.yaml#/Parcel"}}}}}
`

const common = "Parcel: {type: object, required: [id], properties: {id: {type: string}, grams: {type: integer}}}\n"

func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func fetch(t *testing.T, c *http.Client, method, url, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(text)
}

// until waits for what a background task does.
func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	for range 6000 { // a minute: beside other tests ten seconds were too few once
		if done() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("%s did not happen", what)
}

// TestReload changes a document and a file that it refers to while the mock runs: the new one is served with what clients wrote; a
// broken one is told and the old one stays.
func TestReload(t *testing.T) {
	dir := t.TempDir()
	document := write(t, dir, "parcels.yaml", parcels)
	write(t, dir, "common.yaml", common)
	m := start(t, document)
	_, created := fetch(t, http.DefaultClient, "POST", m.url+"/parcels", `{"id":"mine","grams":5}`)
	if !strings.Contains(created, `"mine"`) {
		t.Fatal(created)
	}
	get := func() string {
		_, body := fetch(t, http.DefaultClient, "GET", m.url+"/parcels/mine", "")
		return body
	}
	write(t, dir, "parcels.yaml", strings.Replace(parcels, "common.yaml#/Parcel\"}}}}}}", "common.yaml#/None\"}}}}}}", 1))
	until(t, "the refusal of a broken document", func() bool { return strings.Contains(m.out.String(), "the old one stays") })
	if !strings.Contains(m.out.String(), "#/None") || get() != `{"grams":5,"id":"mine"}` {
		t.Errorf("%s\n%s", m.out, get())
	}
	write(t, dir, "parcels.yaml", parcels)
	write(t, dir, "common.yaml", strings.Replace(common, "grams: {type: integer}", "grams: {type: integer}, colour: {type: string, enum: [blue]}", 1))
	until(t, "the change of the other file", func() bool {
		_, list := fetch(t, http.DefaultClient, "GET", m.url+"/parcels", "")
		return strings.Contains(list, `"colour":"blue"`)
	})
	if get() != `{"grams":5,"id":"mine"}` {
		t.Errorf("what was written is lost: %s", get())
	}
	write(t, dir, "troth.yaml", "nonsense: true\n")
	until(t, "the refusal of broken conventions", func() bool { return strings.Contains(m.out.String(), "troth.yaml") })
	_, counted := fetch(t, http.DefaultClient, "GET", m.url+"/_troth/metrics", "")
	if !strings.Contains(counted, `troth_reloads_total{served="true"}`) || !strings.Contains(counted, `troth_reloads_total{served="false"}`) ||
		!strings.Contains(counted, `troth_requests_total{operation="createParcel",method="POST",status="201"} 1`) ||
		!strings.Contains(counted, `troth_request_duration_seconds_bucket{operation="getParcel",le=`) ||
		!strings.Contains(counted, "# TYPE troth_requests_total counter\n") || !strings.Contains(counted, "# TYPE troth_request_duration_seconds histogram\n") {
		t.Error(counted)
	}
	if code := m.stop(); code != 0 {
		t.Errorf("exit %d", code)
	}
}

// TestReloadAwaitsFile refers to a file that is made later, in a folder that is made later: then it is served.
func TestReloadAwaitsFile(t *testing.T) {
	dir := t.TempDir()
	document := write(t, dir, "parcels.yaml", parcels)
	write(t, dir, "common.yaml", common)
	m := start(t, document)
	write(t, dir, "parcels.yaml", strings.ReplaceAll(parcels, "common.yaml", "parts/new.yaml"))
	until(t, "the refusal of a missing file", func() bool { return strings.Contains(m.out.String(), "the old one stays") })
	if err := os.Mkdir(filepath.Join(dir, "parts"), 0o700); err != nil {
		t.Fatal(err)
	}
	time.Sleep(3 * quiet) // the folder is seen before the file is there
	write(t, dir, "parts/new.yaml", "Parcel: {type: objekt")
	until(t, "the refusal of a broken file", func() bool { return strings.Count(m.out.String(), "the old one stays") > 1 })
	write(t, dir, "parts/new.yaml", strings.Replace(common, "grams: {type: integer}", "size: {type: string, enum: [large]}", 1))
	until(t, "the new file", func() bool {
		_, list := fetch(t, http.DefaultClient, "GET", m.url+"/parcels", "")
		return strings.Contains(list, `"size":"large"`)
	})
	write(t, dir, "parts/new.yaml", strings.Replace(common, "grams: {type: integer}", "size: {type: strin}", 1))
	until(t, "what cannot be checked any more", func() bool { return strings.Contains(m.out.String(), `cannot be checked any more: `) })
	if told := m.out.String(); !strings.Contains(told, `new.yaml:1`) || !strings.Contains(told, `found "strin"`) {
		t.Error(told)
	}
	m.stop()
}

// TestSeveralDocuments serves two documents below their base paths.
func TestSeveralDocuments(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "common.yaml", common)
	one := write(t, dir, "one.yaml", strings.Replace(parcels, "paths:", "servers: [{url: /one}]\npaths:", 1))
	two := write(t, dir, "two.yaml", strings.NewReplacer("paths:", "servers: [{url: /two/v1}]\npaths:\n  /extra: {get: {operationId: onlyTwo, responses: {\"200\": {description: ok}}}}", "/parcels", "/boxes").Replace(parcels))
	m := start(t, one, two, "--fault", "onlyTwo:status=503", "--fault", "listParcels:latency=1ms")
	if greeting := m.out.String(); !strings.Contains(greeting, "/one/parcels\n") || !strings.Contains(greeting, "/two/v1/boxes\n") {
		t.Errorf("commands that may reach another document: %s", greeting)
	}
	for path, want := range map[string]int{"/one/parcels": 200, "/parcels": 200, "/two/v1/boxes": 200, "/boxes": 200, "/extra": 503, "/none": 404} {
		if resp, body := fetch(t, http.DefaultClient, "GET", m.url+path, ""); resp.StatusCode != want {
			t.Errorf("%s: %d %s", path, resp.StatusCode, body)
		}
	}
	fetch(t, http.DefaultClient, "POST", m.url+"/two/v1/boxes", `{"id":"b"}`)
	if resp, body := fetch(t, http.DefaultClient, "GET", m.url+"/_troth/state", ""); resp.StatusCode != 400 || !strings.Contains(body, "two.yaml") {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
	if resp, body := fetch(t, http.DefaultClient, "GET", m.url+"/_troth/health", ""); resp.StatusCode != 200 || strings.Count(body, `"sha256"`) != 2 || !strings.HasPrefix(body, `{"documents":[`) {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
	if _, body := fetch(t, http.DefaultClient, "GET", m.url+"/_troth/state?document=1", ""); !strings.Contains(body, `"id":"b"`) {
		t.Error(body)
	}
	if resp, body := fetch(t, http.DefaultClient, "DELETE", m.url+"/_troth/state", ""); resp.StatusCode != 204 {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
	if _, body := fetch(t, http.DefaultClient, "GET", m.url+"/_troth/state?document=1", ""); strings.Contains(body, `"id":"b"`) {
		t.Error(body)
	}
	if greeting := m.out.String(); strings.Count(greeting, "fault on request: listParcels:latency=1ms\n") != 1 || !strings.Contains(greeting, "onlyTwo:") {
		t.Error(greeting)
	}
	if code, _, errs := troth(t, "mock", one, two, "--fault", "onlyThree:status=503"); code != 2 || !strings.Contains(errs, "onlyTwo") || !strings.Contains(errs, "listParcels") {
		t.Errorf("%d %s", code, errs)
	}
	if code, _, errs := troth(t, "mock", "--config", "x.yaml", one, two); code != 2 || !strings.Contains(errs, "troth.yaml beside each") {
		t.Errorf("%d %s", code, errs)
	}
}

// TestGracefulStop answers what is under way when the mock is told to stop, without the latency that was asked for.
func TestGracefulStop(t *testing.T) {
	m := start(t, "--auth", "off", "--fault", "latency=1m", "../../../mock/testdata/shop.yaml")
	answered := make(chan string, 1)
	go func() {
		resp, err := http.Get(m.url + "/plain")
		if err != nil {
			answered <- err.Error()
			return
		}
		_ = resp.Body.Close()
		answered <- resp.Status
	}()
	until(t, "the request", func() bool {
		select {
		case early := <-answered:
			t.Fatalf("answered before the mock was told to stop: %s", early)
		case <-time.After(200 * time.Millisecond):
		}
		return true
	})
	code := m.stop()
	if got := <-answered; code != 0 || got != "200 OK" {
		t.Errorf("exit %d, the request under way: %s", code, got)
	}
}

// TestTLS serves HTTP/2 with a self-signed certificate that a client can be told to trust.
func TestTLS(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cert.pem")
	m := startTLS(t, "--tls", "--tls-out", file, "--auth", "off")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		t.Fatalf("%s", text)
	}
	c := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: true}}
	const list = "/api/atlas/v2/groups/32b6e34b3d91647abb20e7b8/serverless/Instance0/backup/restoreJobs?itemsPerPage=1"
	resp, body := fetch(t, c, "GET", m.url+list, "")
	if resp.Proto != "HTTP/2.0" || resp.StatusCode != 200 || !strings.Contains(body, `"href":"https://127.0.0.1`) {
		t.Errorf("%s %d %s", resp.Proto, resp.StatusCode, body)
	}
	if !strings.Contains(m.out.String(), "curl --insecure") || !strings.Contains(m.out.String(), "SHA-256") {
		t.Error(m.out)
	}
	for _, args := range []string{"--tls --tls-cert x", "--tls-cert x", "--tls-out x", "--tls-cert none.pem --tls-key none.pem"} {
		if code, _, errs := troth(t, append([]string{"mock"}, strings.Fields(args)...)...); code != 2 || !strings.Contains(errs, "--tls") {
			t.Errorf("%s: %d %s", args, code, errs)
		}
	}
}

// startTLS starts a mock that greets with an HTTPS address.
func startTLS(t *testing.T, args ...string) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out, done := &lockedBuffer{}, make(chan int, 1)
	go func() {
		done <- Run(ctx, append([]string{"mock", "--addr", "127.0.0.1:0", "--log", "off"}, args...), strings.NewReader(""), out, out)
	}()
	t.Cleanup(func() { cancel(); <-done })
	var url string
	until(t, "the greeting", func() bool {
		_, rest, _ := strings.Cut(out.String(), " on https://")
		address, _, whole := strings.Cut(rest, "\n")
		url = "https://" + address
		return whole && strings.Contains(out.String(), "Ctrl-C")
	})
	return &running{url: url, out: out}
}

// TestH2C speaks HTTP/2 without TLS by prior knowledge.
func TestH2C(t *testing.T) {
	m := start(t, "--auth", "off")
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	c := &http.Client{Transport: &http.Transport{Protocols: protocols}}
	if resp, body := fetch(t, c, "GET", m.url+"/_troth/health", ""); resp.Proto != "HTTP/2.0" || resp.StatusCode != 200 {
		t.Errorf("%s %d %s", resp.Proto, resp.StatusCode, body)
	}
}

// TestCORS lets scripts of an origin read answers, and no other ones.
func TestCORS(t *testing.T) {
	m := start(t, "--cors", "http://app.example", "--auth", "off", "../../../mock/testdata/shop.yaml")
	resp, _ := fetch(t, http.DefaultClient, "GET", m.url+"/plain", "", "Origin", "http://app.example")
	if resp.Header.Get("Access-Control-Allow-Origin") != "http://app.example" || !strings.Contains(resp.Header.Get("Access-Control-Expose-Headers"), "Content-Type") {
		t.Error(resp.Header)
	}
	resp, _ = fetch(t, http.DefaultClient, "OPTIONS", m.url+"/plain", "", "Origin", "http://app.example", "Access-Control-Request-Method", "PUT", "Access-Control-Request-Headers", "X-Any")
	if resp.StatusCode != 204 || !strings.Contains(resp.Header.Get("Access-Control-Allow-Methods"), "PUT") || resp.Header.Get("Access-Control-Allow-Headers") != "X-Any" {
		t.Error(resp.StatusCode, resp.Header)
	}
	resp, _ = fetch(t, http.DefaultClient, "GET", m.url+"/shops/shop1/orders", "", "Origin", "http://app.example")
	if !strings.Contains(resp.Header.Get("Access-Control-Expose-Headers"), "X-Limit") {
		t.Errorf("a header of the document is not exposed: %v", resp.Header)
	}
	resp, _ = fetch(t, http.DefaultClient, "OPTIONS", m.url+"/plain", "")
	if resp.StatusCode != 204 || resp.Header.Get("Allow") != "GET, HEAD, OPTIONS" {
		t.Errorf("OPTIONS that is no preflight: %d %v", resp.StatusCode, resp.Header)
	}
	resp, _ = fetch(t, http.DefaultClient, "GET", m.url+"/plain", "", "Origin", "http://other.example")
	if resp.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Error(resp.Header)
	}
}

// TestAdmin serves the mock's own resources where it is told to, or nowhere.
func TestAdmin(t *testing.T) {
	off := start(t, "--admin", "off")
	if resp, _ := fetch(t, http.DefaultClient, "GET", off.url+"/_troth/health", ""); resp.StatusCode != 404 {
		t.Errorf("--admin off: %d", resp.StatusCode)
	}
	own := start(t, "--admin", "127.0.0.1:0")
	_, rest, _ := strings.Cut(own.out.String(), "admin resources on ")
	admin, _, _ := strings.Cut(rest, "\n")
	if resp, body := fetch(t, http.DefaultClient, "GET", admin+"health", ""); resp.StatusCode != 200 || !strings.Contains(body, `"status":"ok"`) {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
	if resp, _ := fetch(t, http.DefaultClient, "GET", own.url+"/_troth/health", ""); resp.StatusCode != 404 {
		t.Errorf("--admin ADDRESS: %d on the mock's own", resp.StatusCode)
	}
	if code, _, errs := troth(t, "mock", "--admin", "256.0.0.1:1", "--addr", "127.0.0.1:0"); code != 2 || !strings.Contains(errs, "--admin") {
		t.Errorf("%d %s", code, errs)
	}
}

// TestExplainAndLimits asks for explanations and sends too much.
func TestExplainAndLimits(t *testing.T) {
	m := start(t, "--explain", "--auth", "off", "--max-body", "100", "../../../mock/testdata/shop.yaml")
	resp, _ := fetch(t, http.DefaultClient, "GET", m.url+"/plain", "")
	if !strings.Contains(resp.Header.Get("X-Troth-Explain"), "operation=") {
		t.Error(resp.Header)
	}
	for want, send := range map[int]func() *http.Response{
		413: func() *http.Response {
			resp, _ := fetch(t, http.DefaultClient, "POST", m.url+"/shops/shop1/orders", `{"a":"`+strings.Repeat("x", 200)+`"}`)
			return resp
		},
		414: func() *http.Response {
			resp, _ := fetch(t, http.DefaultClient, "GET", m.url+"/plain?a="+strings.Repeat("x", 40<<10), "")
			return resp
		},
		431: func() *http.Response {
			resp, _ := fetch(t, http.DefaultClient, "GET", m.url+"/plain", "", "X-Long", strings.Repeat("x", 70<<10))
			return resp
		},
	} {
		if got := send(); got.StatusCode != want || !strings.Contains(got.Header.Get("Content-Type"), "json") {
			t.Errorf("%d %s, want %d", got.StatusCode, got.Header.Get("Content-Type"), want)
		}
	}
}

// TestCallbacksFlag sends a callback and logs it.
func TestCallbacksFlag(t *testing.T) {
	got := make(chan string, 1)
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got <- r.URL.Path + " " + string(body)
		w.WriteHeader(http.StatusNoContent)
	}))
	defer receiver.Close()
	m := start(t, "--callbacks", "--log", "json", "../../../mock/testdata/jobs.yaml")
	fetch(t, http.DefaultClient, "POST", m.url+"/jobs", `{"callbackUrl":"`+receiver.URL+`/here"}`)
	select {
	case text := <-got:
		if !strings.HasPrefix(text, "/here/done {") {
			t.Error(text)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("no callback came")
	}
	until(t, "the log", func() bool { return strings.Contains(m.out.String(), `"msg":"callback"`) })
	for line := range strings.Lines(m.out.String()) {
		if strings.HasPrefix(line, "{") && !json.Valid([]byte(line)) {
			t.Errorf("no JSON: %s", line)
		}
	}
}

// TestWebhooksFlag sends a webhook after the write that it tells of, and logs it.
func TestWebhooksFlag(t *testing.T) {
	got := make(chan string, 4)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got <- r.Method + " " + r.URL.Path + " " + string(body)
	}))
	defer receiver.Close()
	m := start(t, "--webhooks", receiver.URL+"/here", "--log", "json", "../../../mock/testdata/pets.yaml")
	fetch(t, http.DefaultClient, "POST", m.url+"/pets", `{"name":"Rex"}`)
	for range 2 {
		select {
		case text := <-got:
			if !strings.Contains(text, " /here {") || !strings.Contains(text, `"name":"Rex"`) {
				t.Error(text)
			}
		case <-time.After(10 * time.Second):
			t.Fatal("no webhook came")
		}
	}
	until(t, "the log", func() bool { return strings.Contains(m.out.String(), `"msg":"webhook","name":"newPet"`) })
}
