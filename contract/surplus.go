package contract

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// Surplus is what a server sends behind the header of its answer to HEAD, which net/http hides: the request is sent once more, on a connection of its
// own that is read to its end. It is "" where nothing is sent, and where nobody can tell: in process, encrypted, in other versions of HTTP.
func (c *Case) Surplus(ctx context.Context, head *Exchange) (string, error) {
	s := c.session
	plain, ok := s.target.transport.(*http.Transport)
	if !ok || s.target.base.Scheme != "http" || len(s.ways) > 0 || head.Method != http.MethodHead {
		return "", nil
	}
	taps := &taps{dial: (&net.Dialer{Timeout: s.timeout}).DialContext}
	transport := plain.Clone()
	transport.DisableKeepAlives, transport.Proxy, transport.DialContext = true, nil, taps.dialed
	defer transport.CloseIdleConnections()
	var authed http.RoundTripper = transport
	if s.target.auth != nil {
		var err error
		if authed, err = s.target.auth(s.doc, s.target.base, transport); err != nil {
			return "", err
		}
	}
	req, err := http.NewRequestWithContext(ctx, head.Method, head.URL, http.NoBody)
	if err != nil {
		return "", err
	}
	for _, fields := range []http.Header{s.target.header, head.Sent} {
		for name, values := range fields {
			req.Header[name] = values
		}
	}
	s.mu.Lock()
	s.requests++
	s.mu.Unlock()
	resp, err := client(authed, s.timeout).Do(req)
	if err != nil {
		return "", nil // the answer to the same request before was judged
	}
	_ = resp.Body.Close()
	return taps.behindHeader(), nil
}

// taps note what comes in on each connection.
type taps struct {
	dial func(ctx context.Context, network, address string) (net.Conn, error)
	mu   sync.Mutex
	last *tap
}

func (t *taps) dialed(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := t.dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	tapped := &tap{Conn: conn, closed: make(chan struct{})}
	t.mu.Lock()
	t.last = tapped
	t.mu.Unlock()
	return tapped, nil
}

// behindHeader is what came behind the header on the last connection, once that is closed.
func (t *taps) behindHeader() string {
	t.mu.Lock()
	tapped := t.last
	t.mu.Unlock()
	if tapped == nil {
		return ""
	}
	select {
	case <-tapped.closed:
	case <-time.After(time.Second):
		return ""
	}
	tapped.mu.Lock()
	rest := bytes.Clone(tapped.came.Bytes())
	tapped.mu.Unlock()
	for bytes.HasPrefix(rest, []byte("HTTP/1.")) {
		header, behind, ended := bytes.Cut(rest, []byte("\r\n\r\n"))
		if rest = behind; !ended {
			return ""
		}
		if !bytes.HasPrefix(header, []byte("HTTP/1.1 1")) {
			break
		}
	}
	return string(rest)
}

// tap is a connection that notes what it reads, to its end.
type tap struct {
	net.Conn
	came   bytes.Buffer
	once   sync.Once
	mu     sync.Mutex
	closed chan struct{}
}

func (t *tap) Read(b []byte) (int, error) {
	n, err := t.Conn.Read(b)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.came.Write(b[:n])
	return n, err
}

// lateContent is how long is waited for content that no header tells of.
const lateContent = 300 * time.Millisecond

func (t *tap) Close() error {
	t.once.Do(func() {
		_ = t.Conn.SetReadDeadline(time.Now().Add(lateContent))
		rest, _ := io.ReadAll(io.LimitReader(t.Conn, 4096))
		t.mu.Lock()
		t.came.Write(rest)
		t.mu.Unlock()
		close(t.closed)
	})
	return t.Conn.Close()
}
