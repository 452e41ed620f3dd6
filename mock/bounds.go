package mock

import (
	"fmt"
	"net/http"
)

// Limits are the sizes, in bytes, over which a request is refused. Zero is the default.
type Limits struct {
	Body   int64 // 413 (RFC 9110 §15.5.14); default 10 MiB
	Header int   // all header fields together: 431 (RFC 6585 §5); default 64 KiB
	Target int   // the request target: 414 (RFC 9110 §15.5.15); default 32 KiB
}

// WithLimits sets the limits of requests.
func WithLimits(l Limits) Option {
	return func(o *options) error {
		if l.Body < 0 || l.Header < 0 || l.Target < 0 {
			return fmt.Errorf("limits %+v: want sizes of 0 or more bytes", l)
		}
		o.limits = l.or(o.limits)
		return nil
	}
}

var defaultLimits = Limits{Body: 10 << 20, Header: 64 << 10, Target: 32 << 10}

// or takes the limits that are not given from others.
func (l Limits) or(d Limits) Limits {
	if l.Body == 0 {
		l.Body = d.Body
	}
	if l.Header == 0 {
		l.Header = d.Header
	}
	if l.Target == 0 {
		l.Target = d.Target
	}
	return l
}

// oversized refuses a request whose target or header is over the limits.
func (l Limits) oversized(r *http.Request) error {
	if n := len(r.URL.Path) + len(r.URL.RawQuery); n > l.Target {
		return &Fault{Status: http.StatusRequestURITooLong, Detail: fmt.Sprintf("the request target has %d bytes: want at most %d", n, l.Target)}
	}
	size := 0
	for name, lines := range r.Header {
		for _, line := range lines {
			size += len(name) + len(line)
		}
	}
	if size > l.Header {
		return &Fault{Status: http.StatusRequestHeaderFieldsTooLarge, Detail: fmt.Sprintf("the request's header fields have %d bytes: want at most %d", size, l.Header)}
	}
	return nil
}
