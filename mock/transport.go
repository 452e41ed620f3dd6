package mock

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strconv"

	"troth/openapi"
)

// ErrReset is what a client sees of a connection that was reset on request, where there is no connection (Transport).
var ErrReset = errors.New("the connection was reset on request")

// Transport answers requests in process, without a socket: the Transport of an http.Client. Scheme and host of the requests' URLs
// are the client's to choose. The options are those of New.
func Transport(doc *openapi.Document, opts ...Option) (http.RoundTripper, error) {
	s, err := New(doc, opts...)
	if err != nil {
		return nil, err
	}
	return s.Transport(), nil
}

// Transport answers requests in process by this server, without a socket.
func (s *Server) Transport() http.RoundTripper { return &inProcess{s} }

type inProcess struct{ server *Server }

// RoundTrip hands the request to the server and its answer back. The answer is complete when RoundTrip returns; one that was broken
// off on request ends in an error, as it does on a connection.
func (t *inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx := r.Context()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	served := r.Clone(ctx)
	served.RequestURI, served.RemoteAddr, served.Proto, served.ProtoMajor, served.ProtoMinor = r.URL.RequestURI(), "127.0.0.1:0", "HTTP/1.1", 1, 1
	if served.Host == "" {
		served.Host = r.URL.Host
	}
	if served.Body == nil {
		served.Body = http.NoBody
	}
	w := &answered{header: http.Header{}}
	aborted := w.serve(t.server, served)
	_ = served.Body.Close() // RoundTrip must close it; what reading could tell is told by then
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if w.status == 0 {
		if aborted {
			return nil, ErrReset
		}
		w.status = http.StatusOK
	}
	return w.response(r, aborted), nil
}

// answered is the answer in memory.
type answered struct {
	header, sent http.Header
	status       int
	body         bytes.Buffer
}

// serve tells whether the answer was broken off.
func (w *answered) serve(h http.Handler, r *http.Request) (aborted bool) {
	defer func() {
		if problem := recover(); problem != nil {
			if problem != http.ErrAbortHandler {
				panic(problem)
			}
			aborted = true
		}
	}()
	h.ServeHTTP(w, r)
	return false
}

func (w *answered) Header() http.Header { return w.header }

func (w *answered) WriteHeader(status int) {
	if w.status == 0 {
		w.status, w.sent = status, w.header.Clone()
	}
}

func (w *answered) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(p)
}

// Flush lets a slow body be written bit by bit; it arrives as a whole.
func (w *answered) Flush() {}

func (w *answered) response(r *http.Request, aborted bool) *http.Response {
	if w.sent == nil {
		w.sent = w.header
	}
	resp := &http.Response{
		Status: strconv.Itoa(w.status) + " " + http.StatusText(w.status), StatusCode: w.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.sent, Request: r, ContentLength: int64(w.body.Len()),
	}
	var body io.Reader = bytes.NewReader(w.body.Bytes())
	if length, err := strconv.ParseInt(w.sent.Get("Content-Length"), 10, 64); err == nil {
		resp.ContentLength = length
		if r.Method != http.MethodHead && length > int64(w.body.Len()) {
			aborted = true
		}
	}
	if aborted {
		body = io.MultiReader(body, brokenOff{})
	}
	resp.Body = io.NopCloser(body)
	return resp
}

// brokenOff is where a body that was broken off ends.
type brokenOff struct{}

func (brokenOff) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
