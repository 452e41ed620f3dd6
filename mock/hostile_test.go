package mock

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// hostileRequests is how many requests TestHostile sends.
const hostileRequests = 10_000

// TestHostile sends requests that no client should: random bytes, huge numbers, deep nesting, endless queries, broken encodings, slow
// and vanishing clients. The server goes on answering, no goroutine stays behind, memory stays bounded.
func TestHostile(t *testing.T) {
	s, err := New(teams(t), WithItems(50), WithAdmin())
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(s)
	server.Config.ReadHeaderTimeout = time.Second
	server.Config.ErrorLog = nil
	server.Start()
	defer server.Close()
	address := server.Listener.Addr().String()
	idle := func() int {
		http.DefaultClient.CloseIdleConnections()
		return runtime.NumGoroutine()
	}
	before := idle()
	var clients sync.WaitGroup
	for n := range 16 {
		clients.Go(func() {
			dice := rand.New(rand.NewPCG(7, uint64(n)))
			for range hostileRequests / 16 {
				if err := assault(address, dice); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	clients.Wait()
	resp, err := http.Get(server.URL + "/api/teams")
	if err != nil || resp.StatusCode != 200 {
		t.Fatalf("afterwards: %v %v", resp, err)
	}
	resp.Body.Close()
	settled(t, before, idle)
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	if m.HeapAlloc > 100<<20 {
		t.Errorf("%d MB of memory are in use", m.HeapAlloc>>20)
	}
}

// settled waits until no more goroutines run than before.
func settled(t *testing.T, before int, idle func() int) {
	t.Helper()
	var now int
	for range 100 {
		if now = idle(); now <= before+2 {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("%d goroutines, before %d", now, before)
}

// assault sends one request and reads what comes back. Only a server that does not answer a whole request, or answers 500, is an error.
func assault(address string, dice *rand.Rand) error {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	text := hostile(dice)
	if _, err := io.WriteString(conn, text); err != nil {
		return nil // the server had enough
	}
	if dice.IntN(10) == 0 {
		return nil // a client that goes away
	}
	if c, ok := conn.(*net.TCPConn); ok {
		_ = c.CloseWrite()
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return nil // net/http closes what is no HTTP
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if resp.StatusCode == 500 {
		return fmt.Errorf("500 for %.300q: %.500s", text, body)
	}
	return nil
}

// hostile is the text of one request.
func hostile(dice *rand.Rand) string {
	if dice.IntN(8) == 0 {
		return noise(dice, 200)
	}
	method := pick(dice, "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "QUERY", "\x00")
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: x\r\n", method, hostileTarget(dice))
	for range dice.IntN(4) {
		fmt.Fprintf(&b, "%s: %s\r\n", pick(dice, "Accept", "Authorization", "Prefer", "If-Match", "Cookie", "X-Troth-Fault", "X-Troth-Explain"), hostileValue(dice))
	}
	body := hostileBody(dice)
	length := len(body)
	if dice.IntN(20) == 0 {
		length += dice.IntN(1000) // more is announced than sent
	}
	fmt.Fprintf(&b, "Content-Type: %s\r\nContent-Length: %d\r\n\r\n%s", pick(dice, "application/json", "application/json-patch+json", "application/merge-patch+json", "multipart/form-data; boundary=x", "application/json; charset=\xff", "*/*"), length, body)
	return b.String()
}

func hostileTarget(dice *rand.Rand) string {
	path := pick(dice, "/api/teams", "/api/teams/aaaaaaaa", "/api/teams/%00", "/api/teams/%ff%fe/members", "/api/teams/"+strings.Repeat("a", 5000), "/_troth/state", "/_troth/health", "//", "/..%2f..%2f", "/api/events", "*", "/api/teams/a/members/"+strings.Repeat("9", 400))
	query := pick(dice, "", "?limit=1e999999999", "?limit="+strings.Repeat("9", 3000), "?offset=99999999999999999999", "?limit=-1", "?%zz=%zz", "?after="+noiseHex(dice), "?"+strings.Repeat("a&", 2000), "?sort=-;--;:desc", "?colour="+strings.Repeat("%41", 1000), "?page=9223372036854775807&per_page=100", "?role[]=[[[[", "?order_by=,,,,&direction=\x01")
	return path + query
}

func hostileValue(dice *rand.Rand) string {
	return pick(dice, "*/*;q=", "application/json;q=1e400, */*;q=0.0001", strings.Repeat("a/b,", 1000), "Digest username=\"x\", nc=zzzzzzzz, "+strings.Repeat("a=b,", 500), "Basic "+noiseHex(dice), "code=99999999999999999999, seed=-1", "\"", "W/\"\\", "latency=-1h", "reset=100%", "truncate=50%", "code=\"", "Bearer "+strings.Repeat("x", 4000))
}

func hostileBody(dice *rand.Rand) string {
	return pick(dice, "", "{", "null", `{"name":`+strings.Repeat("[", 100_000), strings.Repeat(`{"a":`, 20_000)+"1"+strings.Repeat("}", 20_000), `{"name":1e`+strings.Repeat("9", 500)+`}`, `{"size":1e999999999,"name":"x"}`, `{"name":"\ud800"}`, "\xff\xfe\x00", `[{"op":"add","path":"/notes/`+strings.Repeat("~1", 2000)+`","value":1}]`, `[{"op":"copy","from":"","path":"/notes/x"},{"op":"copy","from":"","path":"/notes/y"}]`, `{"name":"x","name":"y"}`, "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n", `{"format":1,"collections":[{"path":"/teams","parents":["x"]}]}`, noise(dice, 300))
}

func noise(dice *rand.Rand, most int) string {
	b := make([]byte, dice.IntN(most))
	for i := range b {
		b[i] = byte(dice.Uint32())
	}
	return string(b)
}

func noiseHex(dice *rand.Rand) string { return fmt.Sprintf("%x", noise(dice, 40)) }

func pick(dice *rand.Rand, list ...string) string { return list[dice.IntN(len(list))] }

// TestSlowClients opens connections that send a byte now and then: they cost a connection each and no answer of anybody else.
func TestSlowClients(t *testing.T) {
	s, err := New(teams(t), WithItems(50))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(s)
	server.Config.ReadHeaderTimeout = 300 * time.Millisecond
	server.Start()
	defer server.Close()
	var slow sync.WaitGroup
	for range 200 {
		slow.Go(func() {
			conn, err := net.Dial("tcp", server.Listener.Addr().String())
			if err != nil {
				return
			}
			defer conn.Close()
			for _, c := range "GET /api/teams HTTP/1.1\r\nHost: x" {
				if _, err := conn.Write([]byte{byte(c)}); err != nil {
					return
				}
				time.Sleep(20 * time.Millisecond)
			}
			_, _ = io.Copy(io.Discard, conn)
		})
	}
	for range 100 {
		resp, err := http.Get(server.URL + "/api/teams?limit=1")
		for range 3 { // the server closes idle connections early, which a request may meet
			if err == nil {
				break
			}
			resp, err = http.Get(server.URL + "/api/teams?limit=1")
		}
		if err != nil || resp.StatusCode != 200 {
			t.Fatalf("%v %v", resp, err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
	}
	slow.Wait()
}
