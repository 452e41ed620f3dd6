package mock

import (
	"net/http"
	"regexp"
	"strings"
	"sync/atomic"
)

// cachePublic lets every cache keep successful answers to GET.
func cachePublic(_ *Server, call *Call, status int, h http.Header, body []byte) []byte {
	if call.Request.Method == http.MethodGet && status < 300 {
		h.Set("Cache-Control", "public, max-age=300")
	}
	return body
}

// unpromised takes the headers and the charset away that the conventions promise.
func unpromised(s *Server, call *Call, status int, h http.Header) {
	for name := range s.conv.HeadersFor(call.Operation, status) {
		h.Del(name)
	}
	withoutCharset(h)
}

func withoutCharset(h http.Header) {
	if bare, _, has := strings.Cut(h.Get("Content-Type"), ";charset="); has {
		h.Set("Content-Type", bare)
	}
}

func promisedAtTimes(t *tweaks) {
	var count atomic.Int64
	t.noMemo = true
	onWire(func(s *Server, call *Call, status int, h http.Header, body []byte) []byte {
		if status < 300 && count.Add(1)%3 == 0 {
			unpromised(s, call, status, h)
		}
		return body
	})(t)
}

func charsetUnlisted(s *Server, call *Call, status int, h http.Header, body []byte) []byte {
	if call.Operation != nil && status < 300 && s.conv.Pagination(call.Operation) != nil {
		withoutCharset(h)
	}
	return body
}

func promisedUncreated(s *Server, call *Call, status int, h http.Header, body []byte) []byte {
	if call.Operation != nil && call.Operation.Method == http.MethodPost && status < 300 {
		unpromised(s, call, status, h)
	}
	return body
}

// digitFirst begins with a digit and is no hexadecimal number, as IDs are.
var digitFirst = regexp.MustCompile("^[0-9].*[g-zG-Z]")

// parentNarrow refuses some names of what an operation stands below, before they are looked up.
func parentNarrow(call *Call) error {
	for _, p := range call.Operation.Parameters {
		if p.In != "path" || !strings.Contains(call.Operation.Route, "{"+p.Name+"}/") {
			continue
		}
		if digitFirst.MatchString(call.Match.Get(p.Name)) {
			return &Fault{Status: http.StatusBadRequest, Situation: "invalid-parameter:path", Detail: "planted by the defect parent-narrow"}
		}
	}
	return nil
}
