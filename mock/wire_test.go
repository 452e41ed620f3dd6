package mock

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// attempt tells how one request ended: a status, "reset", "short" or "other".
func attempt(c *http.Client, url string) string {
	resp, err := c.Get(url)
	if err == nil {
		defer resp.Body.Close()
		_, err = io.ReadAll(resp.Body)
	}
	switch {
	case err == nil:
		return resp.Status[:3]
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "short"
	case isReset(err):
		return "reset"
	}
	return "other"
}

// rawAnswer is what a plain connection gets for a GET until it ends.
func rawAnswer(t *testing.T, url, path, header string) (string, error) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: x\r\n"+FaultHeader+": "+header+"\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(conn)
	return string(data), err
}

// TestReset wants the client to see a reset, in place of an answer, on HTTP/1 with and without TLS.
func TestReset(t *testing.T) {
	entries := make(chan Entry, 2)
	m := Start(t, shop(t), WithoutAuth(), WithLog(func(e Entry) { entries <- e }))
	if data, err := rawAnswer(t, m.URL, "/plain", "reset=100%"); data != "" || !isReset(err) {
		t.Errorf("got %q, %v; want a reset", data, err)
	}
	if e := <-entries; e.Status != 0 || e.Operation != "plain" || !strings.Contains(e.Reason, "connection reset") {
		t.Errorf("log: %+v", e)
	}
	secure := httptest.NewTLSServer(m.Server)
	defer secure.Close()
	r, _ := http.NewRequest("GET", secure.URL+"/plain", nil)
	r.Header.Set(FaultHeader, "reset=100%")
	if _, err := secure.Client().Do(r); !isReset(err) {
		t.Errorf("TLS: %v, want a reset", err)
	}
}

// TestResetAfterWrite wants the request to be carried out whose answer is lost.
func TestResetAfterWrite(t *testing.T) {
	m := Start(t, shop(t), WithoutAuth(), disturbance(t, "createOrder:reset=100%"))
	resp, err := http.Post(m.URL+orders, "application/vnd.shop.2024-01-01+json", strings.NewReader(`{"kind":"sale","shopId":"shop1"}`))
	if !isReset(err) {
		t.Errorf("%v %v, want a reset", resp, err)
	}
	if a := get(t, m.URL+orders); a.object()["totalCount"] != 251.0 {
		t.Errorf("%v orders", a.object()["totalCount"])
	}
}

// TestHTTP2 wants a stream to be reset, and the connection to live on.
func TestHTTP2(t *testing.T) {
	m := Start(t, shop(t), WithoutAuth())
	server := httptest.NewUnstartedServer(m.Server)
	server.EnableHTTP2 = true
	connections := 0
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections++
		}
	}
	server.StartTLS()
	defer server.Close()
	c := server.Client()
	for _, header := range []string{"reset=100%", "truncate=100%", "reset=100%,slow=1KB/s"} {
		r, _ := http.NewRequest("GET", server.URL+orders, nil)
		r.Header.Set(FaultHeader, header)
		resp, err := c.Do(r)
		if err == nil {
			_, err = io.ReadAll(resp.Body)
			resp.Body.Close()
		}
		if err == nil || !strings.Contains(err.Error(), "INTERNAL_ERROR") {
			t.Errorf("%s: %v, want the stream to be reset", header, err)
		}
	}
	if a := send(t, c, "GET", server.URL+"/plain", ""); a.StatusCode != 200 || a.ProtoMajor != 2 || connections != 1 {
		t.Errorf("behind: %d, HTTP/%d, %d connections", a.StatusCode, a.ProtoMajor, connections)
	}
}

// TestTruncate wants Content-Length to announce the whole, fewer bytes, and the end of the connection.
func TestTruncate(t *testing.T) {
	m := Start(t, shop(t), WithoutAuth())
	whole := get(t, m.URL+orders)
	for range 5 {
		r, _ := http.NewRequest("GET", m.URL+orders, nil)
		r.Header.Set(FaultHeader, "truncate=100%")
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if !errors.Is(err, io.ErrUnexpectedEOF) || resp.ContentLength != int64(len(whole.text)) || !strings.HasPrefix(whole.text, string(body)) {
			t.Errorf("%v after %d of %d bytes", err, len(body), resp.ContentLength)
		}
	}
	if a := get(t, m.URL+orders); a.text != whole.text {
		t.Error("the remembered answer was changed")
	}
	if data, err := rawAnswer(t, m.URL, "/plain", "truncate=100%"); err != nil || !strings.HasPrefix(data, "HTTP/1.1 200 OK\r\n") {
		t.Errorf("the connection ends with %v after %q", err, data)
	}
	r, _ := http.NewRequest("HEAD", m.URL+orders, nil)
	r.Header.Set(FaultHeader, "truncate=100%,slow=1B/s")
	if resp, err := http.DefaultClient.Do(r); err != nil || resp.StatusCode != 200 {
		t.Errorf("HEAD: %v %v", resp, err)
	}
}

// TestSlowBody wants every byte, not before its time.
func TestSlowBody(t *testing.T) {
	m := Start(t, shop(t), WithoutAuth())
	whole := get(t, m.URL+orders)
	begin := time.Now()
	slow := get(t, m.URL+orders, FaultHeader, "slow=200KB/s")
	want := time.Duration(len(whole.text)) * time.Second / 200_000
	if took := time.Since(begin); slow.text != whole.text || took < want {
		t.Errorf("%d of %d bytes in %v, want %v", len(slow.text), len(whole.text), took, want)
	}
	r, _ := http.NewRequest("GET", m.URL+orders, nil)
	r.Header.Set(FaultHeader, "slow=1B/s")
	resp, err := http.DefaultClient.Do(r) // the header comes at once
	if err != nil || resp.StatusCode != 200 {
		t.Fatal(resp, err)
	}
	resp.Body.Close() // and the server stops when the client does
}

// TestSlowChunks wants a body to come in parts.
func TestSlowChunks(t *testing.T) {
	w := &partsWriter{ResponseRecorder: httptest.NewRecorder()}
	body := strings.Repeat("x", 1000)
	if !slowly(t.Context(), w, []byte(body), 5000) || w.Body.String() != body || len(w.parts) != 4 {
		t.Errorf("%d bytes in parts %v", w.Body.Len(), w.parts)
	}
}

type partsWriter struct {
	*httptest.ResponseRecorder
	parts []int
}

func (w *partsWriter) Write(b []byte) (int, error) {
	w.parts = append(w.parts, len(b))
	return w.ResponseRecorder.Write(b)
}

// TestIndexBase finds the base where another search finds it.
func TestIndexBase(t *testing.T) {
	for _, text := range []string{
		"", "z", "zzz", base, "x" + base, base[1:], base[:len(base)-1], "zone.troth.invalid", `{"a":"` + base + `/x","b":"` + base + `"}`, "http://zone.troth.in" + base,
		"http://zzone" + base + "/z",
	} {
		if got, want := indexBase([]byte(text)), strings.Index(text, base); got != want {
			t.Errorf("%q: at %d, want %d", text, got, want)
		}
	}
}
