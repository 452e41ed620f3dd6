package mock

import (
	"net/http"
	"slices"
	"sync/atomic"

	"troth/openapi"
)

// whereItIs are the path values of an item with the parents that it has, whichever were asked for.
func (w *world) whereItIs(p *prepared, values []openapi.PathValue) []openapi.PathValue {
	last := len(values) - 1
	if last < 1 || last >= len(p.variables) || !p.variables[last].item {
		return values
	}
	w.mu.Lock()
	var list []*collection
	for _, c := range w.kept {
		if c.resource == w.resources[p.variables[last].collection] {
			list = append(list, c)
		}
	}
	w.mu.Unlock()
	for _, c := range list {
		if len(c.parents) == last && c.lookup(values[last].Value) == present {
			return append(slices.Clone(c.parents), values[last])
		}
	}
	return values
}

// tagRestless gives every answer to GET a tag of its own.
func tagRestless(t *tweaks) {
	var count atomic.Int64
	onWire(func(_ *Server, call *Call, status int, h http.Header, body []byte) []byte {
		if call.Request.Method == http.MethodGet && status == http.StatusOK {
			h.Set("ETag", `"`+itoa(int(count.Add(1)))+`"`)
		}
		return body
	})(t)
}

// headTagOther gives answers to HEAD another tag than those to GET.
func headTagOther(_ *Server, call *Call, status int, h http.Header, body []byte) []byte {
	if status == http.StatusOK && (call.Request.Method == http.MethodGet || call.Request.Method == http.MethodHead) {
		tag := call.Request.Method
		if call.Request.Method == http.MethodGet {
			tag = itoa(int(hashed(0, string(body)) >> 1))
		}
		h.Set("ETag", `"`+tag+`"`)
	}
	return body
}

// typeless fails where the media type of a body is not told.
func typeless(call *Call) error {
	if call.Request.Header.Get("Content-Type") != "" {
		return nil
	}
	return &Fault{Status: http.StatusInternalServerError, Situation: "server-error", Detail: "planted by the defect type-missing-fails"}
}
