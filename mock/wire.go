package mock

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"
)

// transmit writes status and body, broken where the call's disturbance wants it.
func transmit(w http.ResponseWriter, call *Call, status int, body []byte) {
	if call.disturbed != nil {
		call.disturbed.transmit(w, call.Request, status, body)
		return
	}
	w.WriteHeader(status)
	if call.Request.Method != http.MethodHead {
		w.Write(body) // a client that went away is not this server's fault
	}
}

func (d *disturbed) transmit(w http.ResponseWriter, r *http.Request, status int, body []byte) {
	if d.hits("reset", d.Reset) {
		d.note = "a fault on request: connection reset"
		resetConnection(w)
		return
	}
	w.WriteHeader(status)
	if r.Method == http.MethodHead || len(body) == 0 {
		return
	}
	sent := body
	if d.hits("truncate", d.Truncate) {
		sent = body[:int(d.draw("length")*float64(len(body)))]
		d.note = fmt.Sprintf("a fault on request: %d of %d bytes", len(sent), len(body))
	}
	complete := len(sent) == len(body)
	if d.SlowBody > 0 {
		complete = slowly(r.Context(), w, sent, d.SlowBody) && complete
	} else {
		w.Write(sent)
	}
	if !complete {
		breakOff(w, r)
	}
}

// resetConnection ends the connection with RST instead of FIN: nothing that waits in the kernel is sent (RFC 9293 §3.10.7.4, tcp(7) SO_LINGER).
// Where the connection is not this answer's alone (HTTP/2) its stream is reset (RFC 9113 §6.4).
func resetConnection(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		abort(w)
		return
	}
	if secured, ok := conn.(interface{ NetConn() net.Conn }); ok { // TLS would say goodbye
		conn = secured.NetConn()
	}
	if tcp, ok := conn.(interface{ SetLinger(int) error }); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// breakOff ends an answer in the middle. net/http closes an HTTP/1 connection whose answer is shorter than its Content-Length; an
// HTTP/2 stream has to be reset.
func breakOff(w http.ResponseWriter, r *http.Request) {
	if r.ProtoMajor < 2 {
		return
	}
	_ = http.NewResponseController(w).Flush()
	abort(w)
}

// abort makes ServeHTTP panic with http.ErrAbortHandler once the request is in the log.
func abort(w http.ResponseWriter) {
	if c, ok := w.(*counter); ok {
		c.aborted = true
		return
	}
	panic(http.ErrAbortHandler)
}

// beat is how often a part of a slow body is sent, where its speed allows so many parts.
const beat = 50 * time.Millisecond

// slowly writes bytes at a speed; false where the context or the connection ended before.
func slowly(ctx context.Context, w http.ResponseWriter, body []byte, perSecond int) bool {
	size := max(1, perSecond/int(time.Second/beat))
	flusher := http.NewResponseController(w)
	_ = flusher.Flush() // the header does not wait
	for len(body) > 0 {
		n := min(size, len(body))
		if pause(ctx, time.Duration(float64(n)/float64(perSecond)*float64(time.Second))) != nil {
			return false
		}
		if _, err := w.Write(body[:n]); err != nil {
			return false
		}
		_ = flusher.Flush()
		body = body[n:]
	}
	return true
}
