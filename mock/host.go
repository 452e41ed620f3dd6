package mock

import (
	"fmt"
	"net"
	"net/http"
	"strings"
)

// host is the host that links lead to: the one that was asked, else the address that the request came in at.
func host(r *http.Request) string {
	if r.Host != "" && validHost(r.Host) {
		return r.Host
	}
	if local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr); ok {
		return local.String()
	}
	return "localhost"
}

// validHost tells whether a text has only characters of a URL's host and port (RFC 3986 §3.2.2). net/http sees to it for HTTP/1 alone.
func validHost(text string) bool {
	for i := range len(text) {
		c := text[i]
		if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && strings.IndexByte("-._~!$&'()*+,;=:[]%", c) < 0 {
			return false
		}
	}
	return true
}

// strangeHost refuses a request to a host that there cannot be (RFC 9110 §7.2, RFC 9112 §3.2).
func strangeHost(r *http.Request) error {
	if validHost(r.Host) {
		return nil
	}
	return &Fault{
		Status: http.StatusBadRequest, Situation: "invalid-parameter:header", Parameters: []any{"Host"},
		Detail: fmt.Sprintf("the request's host %q is malformed", r.Host),
	}
}
