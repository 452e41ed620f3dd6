package mock

import (
	"net/http"
	"strconv"
	"strings"
	"sync"

	"troth/openapi"
	"troth/openapi/sample"
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
		if value, ok := s.headerValue(call.plan, r, h); ok {
			made = append(made, madeHeader{name, []string{value}})
		}
	}
	lessThanLimit(made)
	call.plan.fixed.put(status, made)
	return made
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

func (s *Server) headerValue(p *prepared, r *openapi.Response, h *openapi.Header) (string, bool) {
	for _, e := range h.Examples {
		if t := text(e.Value); t != "" && h.Schema.Valid(e.Value, 2) {
			return t, true
		}
	}
	seed := sample.Hash(s.options.seed, "header", p.operation.ID, r.Code, h.Name)
	value, err := sample.Value(h.Schema, seed, sample.Named(h.Name))
	if err != nil {
		return "", false
	}
	return headerText(value)
}

// headerText writes a value by style "simple": an array's items with commas between (OpenAPI 3.1 §4.8.12.6). ok is false for what
// a field value cannot hold.
func headerText(value any) (string, bool) {
	items, isArray := value.([]any)
	if !isArray {
		t := text(value)
		return t, t != "" && strconv.CanBackquote(t)
	}
	texts := make([]string, len(items))
	for i, item := range items {
		if texts[i] = text(item); texts[i] == "" || !strconv.CanBackquote(texts[i]) {
			return "", false
		}
	}
	return strings.Join(texts, ","), true
}
