package contract

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"time"

	"troth/openapi"
	"troth/openapi/source"
)

// Exchange is one request and its response.
type Exchange struct {
	Name     string // what the request is: "ordinary request", "without credentials"
	Method   string
	URL      string
	Sent     http.Header // without credentials
	SentBody string
	Status   int
	Header   http.Header
	Body     []byte
	Duration time.Duration
	Provoked bool // the request asks for what HTTP itself lets a server refuse: another method, content type or Accept
	Gzip     bool // the body was sent in gzip, and stands in Body without unless GzipErr tells why not
	GzipErr  error
	NoAnswer error       // why there is no response: the server closed the connection or sent no HTTP; Status is 0 then
	BodyErr  error       // why the body ends early, nil where it does not
	Waited   []*Exchange // answers to the same request before this one: 429, 503 and failures

	began   time.Time         // when it was sent
	path    map[string]string // encoded path values by name
	asked   Request           // what it was sent for
	of      *Exchange         // the exchange that this is another name for
	decoded *decoded          // what Body holds, nil where the run did not read it
	auth    login             // how a command authenticates, zero where no credentials were sent
}

// readAll reads a body, up to what is kept of it, into as much as it says that it needs: io.ReadAll takes twice that.
func readAll(resp *http.Response) ([]byte, error) {
	const believed = 1 << 20
	var body bytes.Buffer
	if resp.Body != http.NoBody {
		body.Grow(int(min(max(resp.ContentLength, 0), believed)) + bytes.MinRead)
	}
	_, err := body.ReadFrom(io.LimitReader(resp.Body, maxBody))
	return body.Bytes(), err
}

// decode undoes gzip that a request asked for by its own Accept-Encoding; else net/http does.
func (x *Exchange) decode() {
	if !strings.EqualFold(x.Header.Get("Content-Encoding"), "gzip") || len(x.Body) == 0 {
		return
	}
	x.Gzip = true
	z, err := gzip.NewReader(bytes.NewReader(x.Body))
	if err != nil {
		x.GzipErr = err
		return
	}
	body, err := io.ReadAll(io.LimitReader(z, maxBody))
	if x.GzipErr = err; err == nil {
		x.Body = body
	}
}

// JSON decodes the body strictly: UTF-8, one value, no duplicate names.
// The value is shared: many checks look at one answer.
func (x *Exchange) JSON() (any, error) {
	if x.BodyErr != nil {
		return nil, x.BodyErr
	}
	if x.decoded != nil {
		return x.decoded.json()
	}
	return source.DecodeJSON(x.Body)
}

// MediaType is the parsed Content-Type; ok is false where it is absent or malformed.
func (x *Exchange) MediaType() (m openapi.MediaType, ok bool) {
	field := x.Header.Get("Content-Type")
	m, err := openapi.ParseMediaType(field)
	return m, err == nil && field != ""
}

// PathValue is what the request's path has for a variable, percent-encoded; "" where it has none.
func (x *Exchange) PathValue(name string) string { return x.path[name] }

// Anonymous tells whether the request was sent without the target's credentials.
func (x *Exchange) Anonymous() bool { return x.asked.NoCredentials }

// Before tells whether the response was there when another request was sent.
func (x *Exchange) Before(other *Exchange) bool { return x.began.Add(x.Duration).Before(other.began) }

// OK tells whether the status is of the class 2xx.
func (x *Exchange) OK() bool { return x.Status >= 200 && x.Status < 300 }
