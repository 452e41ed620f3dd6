package mock

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"troth/openapi"
	"troth/openapi/sample"
	"troth/openapi/schema"
)

// filled are the headers that a reply's maker fills where they are due: a sampled value would be a lie.
var filled = map[string]bool{
	"Content-Type": true, "Content-Length": true, "Www-Authenticate": true, "Allow": true, "Location": true, "Link": true, "Date": true,
	"Content-Encoding": true, "Transfer-Encoding": true, "Connection": true, "Etag": true, "Last-Modified": true, "Set-Cookie": true,
}

// fixedHeaders sets the headers that the document declares for the response and those that the conventions fix.
func (s *Server) fixedHeaders(header http.Header, call *Call, reply *Reply) {
	if call.Operation == nil {
		return
	}
	for _, h := range s.declaredHeaders(call, reply.Status) {
		header[h.name] = h.lines
	}
}

// madeHeader is a field whose lines answers share: nothing changes them.
type madeHeader struct {
	name  string // in canonical form
	lines []string
}

// madeHeaders are the fields of an operation's responses by status. Statuses are few, so that a list is the quickest to look into.
type madeHeaders struct {
	mu   sync.RWMutex
	list []madeStatus
}

type madeStatus struct {
	status int
	fields []madeHeader
}

func (m *madeHeaders) get(status int) ([]madeHeader, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	for i := range m.list {
		if m.list[i].status == status {
			return m.list[i].fields, true
		}
	}
	return nil, false
}

func (m *madeHeaders) put(status int, fields []madeHeader) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.list = append(m.list, madeStatus{status, fields})
}

// declaredHeaders are the declared headers of a status, made once: those that the conventions fix, else from their examples or schemas.
func (s *Server) declaredHeaders(call *Call, status int) []madeHeader {
	if made, ok := call.plan.fixed.get(status); ok {
		return made
	}
	r := call.Operation.Response(status)
	if r == nil {
		return nil
	}
	given := s.conv.HeadersFor(call.Operation, status)
	made := []madeHeader{}
	for _, h := range r.Headers {
		name := http.CanonicalHeaderKey(h.Name)
		if value, ok := given[h.Name]; ok {
			made = append(made, madeHeader{name, []string{value}})
			continue
		}
		if filled[name] && !h.Required {
			continue
		}
		if value := s.due(call, name); value != "" && h.Schema.ValidText(value) {
			made = append(made, madeHeader{name, []string{value}})
			continue
		}
		if value, ok := s.headerValue(call.plan, r, h); ok {
			made = append(made, madeHeader{name, []string{value}})
		}
	}
	lessThanLimit(made)
	call.plan.fixed.put(status, made)
	return made
}

// selfLink leads to what was asked for (RFC 3986 §4.4): where a Link field is required and there is nothing else to link.
const selfLink = `<>; rel="self"`

// due is what a required header says where nothing else fills it: no text that its schema takes would be true.
func (s *Server) due(call *Call, name string) string {
	switch name {
	case "Link":
		return selfLink
	case "Allow":
		return strings.Join(call.Match.Allow, ", ")
	case "Last-Modified":
		const year, month = 365 * 24 * 60 * 60, 30 * 24 * 60 * 60 // in seconds: some day of 2025
		return time.Unix(1735689600+int64(sample.Hash(s.options.seed, "modified", call.Operation.ID)%(year-month)), 0).UTC().Format(http.TimeFormat)
	}
	return ""
}

// lessThanLimit makes what is left of a rate limit no more than the limit: values sampled field by field do not agree.
func lessThanLimit(fields []madeHeader) {
	for _, limit := range fields {
		prefix, ok := strings.CutSuffix(limit.name, "-Limit")
		most, err := strconv.Atoi(limit.lines[0])
		if !ok || err != nil || !strings.Contains(strings.ToLower(prefix), "rate") {
			continue
		}
		for i, left := range fields {
			if n, err := strconv.Atoi(left.lines[0]); err == nil && left.name == prefix+"-Remaining" && n > most {
				fields[i].lines = limit.lines
			}
		}
	}
}

// headerTries is how many values are made of a header's schema before it is not sent: some cannot be written in a field.
const headerTries = 32

// headerValue is the text of a declared header: of the first valid example, else of a value made by its schema, that says in the field what
// it shall say.
func (s *Server) headerValue(p *prepared, r *openapi.Response, h *openapi.Header) (string, bool) {
	for _, e := range h.Examples {
		if namesRequest(h.Name) {
			break // an example names one request
		}
		if h.Schema.Valid(e.Value, schema.Response) {
			if t, ok := headerText(h, e.Value); ok {
				return t, true
			}
		}
	}
	parts := []string{"header", p.operation.ID, r.Code, h.Name}
	for try := range headerTries {
		value, err := sample.Value(h.Schema, sample.Hash(s.options.seed, parts...), sample.Named(h.Name))
		if err != nil {
			return "", false
		}
		if t, ok := headerText(h, value); ok {
			return t, true
		}
		parts = append(parts[:4], itoa(try+1))
	}
	return "", false
}

// namesRequest tells whether a header holds the ID of a request, by its name.
func namesRequest(name string) bool {
	lower := strings.ToLower(name)
	return strings.HasSuffix(lower, "request-id") || strings.HasSuffix(lower, "correlation-id")
}

// headerText writes a value as the header has it. ok is false for null and for what a field value cannot hold (RFC 9110 §5.5), or cannot
// tell from another: a comma in an item of an array.
func headerText(h *openapi.Header, value any) (string, bool) {
	if value == nil {
		return "", false
	}
	t, err := h.Encode(value)
	if err != nil || t == "" || !isFieldValue(t) || len(h.Decode([]string{t})) > 0 {
		return "", false
	}
	return t, true
}

// isFieldValue tells whether a text has no control characters, and no blank at an end, which recipients cut off.
func isFieldValue(t string) bool {
	for _, r := range t {
		if r < ' ' && r != '\t' || r == 0x7f || r == utf8.RuneError {
			return false
		}
	}
	return strings.Trim(t, " \t") == t
}
