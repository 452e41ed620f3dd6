package middleware

import (
	"bytes"
	"net/http"
)

// recorder keeps a response while it is sent.
type recorder struct {
	http.ResponseWriter
	status int
	sent   http.Header // as they were when the status was sent
	body   bytes.Buffer
	limit  int64
	over   bool // the body is longer than what is kept
}

// WriteHeader notes the status; informational ones (1xx) are not the response.
func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= http.StatusOK {
		r.status, r.sent = status, r.Header().Clone()
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write keeps what it sends.
func (r *recorder) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.status, r.sent = http.StatusOK, r.Header().Clone()
		if r.sent.Get("Content-Type") == "" {
			r.sent.Set("Content-Type", http.DetectContentType(p)) // as net/http will send it
		}
	}
	n, err := r.ResponseWriter.Write(p)
	if room := r.limit - int64(r.body.Len()); int64(n) > room {
		r.over = true
	} else {
		r.body.Write(p[:n])
	}
	return n, err
}

// header is what was sent, or would be.
func (r *recorder) header() http.Header {
	if r.sent != nil {
		return r.sent
	}
	return r.Header()
}

// Unwrap gives http.ResponseController the writer underneath.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// Flush sends what is buffered: handlers that stream ask for it by type.
func (r *recorder) Flush() { _ = http.NewResponseController(r.ResponseWriter).Flush() }
