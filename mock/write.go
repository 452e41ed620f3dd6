package mock

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"troth/openapi"
	"troth/openapi/refusal"
)

// encode fills Encoded from Body, by the media type of the content.
func encode(reply *Reply) (err error) {
	switch {
	case reply.Encoded != nil || reply.Content == nil:
	case reply.Content.Type.IsJSON():
		reply.Encoded = appendJSON(nil, reply.Body)
	case reply.Body == nil && reply.Content.Schema == nil:
	default:
		var contentType string
		if reply.Encoded, contentType, err = reply.Content.Encode(reply.Body); contentType != "" {
			reply.contentType = []string{contentType}
		}
	}
	return err
}

// write sends a reply: envelope, indentation, headers, length. The reply itself may be shared and is not changed.
func (s *Server) write(w http.ResponseWriter, call *Call, reply *Reply) {
	if err := encode(reply); err != nil {
		reply = &Reply{Status: http.StatusInternalServerError, Content: &openapi.Content{Type: problemType}, Rule: "refusal"}
		reply.Body = refusal.Problem(&Fault{Status: reply.Status, Detail: err.Error()})
		reply.Encoded = appendJSON(nil, reply.Body)
	}
	header := w.Header()
	s.fixedHeaders(header, call, reply)
	maps.Copy(header, reply.Header)
	if call.disturbed != nil {
		call.disturbed.budget.announce(header, call.Operation, reply.Status)
	}
	body := reply.Encoded
	if reply.Content != nil {
		if reply.Content.Type.IsJSON() {
			body = s.represent(call, reply, body)
		}
		if call.plan.varies() && reply.Status < http.StatusMultipleChoices {
			if lines := header["Vary"]; len(lines) == 0 {
				header["Vary"] = varies
			} else {
				header["Vary"] = append(slices.Clone(lines), varies...)
			}
		}
		if header["Content-Type"] = reply.contentType; reply.contentType == nil {
			header["Content-Type"] = []string{s.contentType(reply)}
		}
	}
	if i := indexBase(body); i >= 0 {
		room := bodies.Get().(*[]byte)
		defer bodies.Put(room) // nothing keeps a body once it is sent
		*room = appendBased((*room)[:0], body, i, call)
		body = *room
	}
	for _, name := range [...]string{"Link", "Location"} {
		if lines := header[name]; len(lines) > 0 {
			header[name] = []string{s.based(call, reply.Status, name, lines[0])}
		}
	}
	if s.tweaks.wire != nil {
		body = s.tweaks.wire(s, call, reply.Status, header, body)
	}
	if s.explains(call.Request) {
		header.Set(explainHeader, s.explain(call, reply))
	}
	if reply.Status != http.StatusNoContent && reply.Status != http.StatusNotModified {
		call.length[0] = strconv.Itoa(len(body))
		header["Content-Length"] = call.length[:]
	}
	transmit(w, call, reply.Status, body)
}

// varies are the lines of Vary where Accept chooses between contents (RFC 9110 §12.5.5); nothing changes them.
var varies = []string{"Accept"}

// bodies are buffers for bodies in which the request's own base stands.
var bodies = sync.Pool{New: func() any { return new([]byte) }}

// appendBased writes a body with the request's scheme, host and prefix for the base, which is first met at i.
func appendBased(to, body []byte, i int, call *Call) []byte {
	for ; i >= 0; i = indexBase(body) {
		to = append(to, body[:i]...)
		to = append(append(append(to, scheme(call)...), host(call.Request)...), call.Prefix...)
		body = body[i+len(base):]
	}
	return append(to, body...)
}

// represent applies envelope and pretty-printing, which change the form of a JSON body only.
func (s *Server) represent(call *Call, reply *Reply, body []byte) []byte {
	if e := s.conv.Envelope; e != nil && switched(call, e.Parameter) {
		body = s.envelope(call, reply, body)
	}
	if p := s.conv.Pretty; p != nil && switched(call, p.Parameter) {
		var b bytes.Buffer
		if json.Indent(&b, body, "", "  ") == nil {
			body = b.Bytes()
		}
	}
	return body
}

// switched reads a boolean query parameter of the operation, also where the request was refused before it was decoded.
func switched(call *Call, name string) bool {
	if !strings.Contains(call.Request.URL.RawQuery, name) || call.Operation == nil || call.Operation.Parameter("query", name) == nil {
		return false // the usual case, without parsing the query
	}
	return call.Request.URL.Query().Get(name) == "true"
}

// envelope puts status and body into one object: a list gets the status beside its own members, anything else goes under content.
func (s *Server) envelope(call *Call, reply *Reply, body []byte) []byte {
	e := s.conv.Envelope
	status := strconv.Itoa(reply.Status)
	if reply.Status < 300 && call.Operation != nil && s.conv.Pagination(call.Operation) != nil && len(body) > 2 && body[0] == '{' {
		out := append([]byte{'{'}, appendString(nil, e.Status)...)
		out = append(append(out, ':'), status...)
		return append(append(out, ','), body[1:]...)
	}
	out := append([]byte{'{'}, appendString(nil, e.Status)...)
	out = append(append(out, ':'), status...)
	out = append(append(out, ','), appendString(nil, e.Content)...)
	return append(append(append(out, ':'), body...), '}')
}

// contentType is the media type of a reply, a successful JSON one with the charset that the API's convention adds.
func (s *Server) contentType(reply *Reply) string {
	if len(reply.contentType) > 0 {
		return reply.contentType[0]
	}
	t := concrete(reply.Content.Type, reply.Content.Schema).String()
	if charset := s.conv.Charset; charset != "" && reply.Status < 300 && reply.Content.Type.IsJSON() {
		t += ";charset=" + charset
	}
	return t
}

// contentLines are the lines of a reply's Content-Type, once for all successes with the same content.
func (s *Server) contentLines(call *Call, reply *Reply) []string {
	if reply.Status >= http.StatusMultipleChoices {
		return []string{s.contentType(reply)}
	}
	if lines, ok := call.plan.lines.Load(reply.Content); ok {
		return lines.([]string)
	}
	lines := []string{s.contentType(reply)}
	call.plan.lines.Store(reply.Content, lines)
	return lines
}

// based is a field with the base that the request came by, else with one of the document's that its declared pattern takes, with host or without.
func (s *Server) based(call *Call, status int, name, line string) string {
	usual := strings.ReplaceAll(line, base, baseURL(call))
	if call.Operation == nil {
		return usual
	}
	h := headerNamed(call.Operation.Response(status), name)
	if h == nil || h.Schema.Pattern == nil || len(h.Decode([]string{usual})) == 0 {
		return usual
	}
	for _, prefix := range append([]string{call.Prefix}, s.prefixes...) {
		for _, origin := range []string{"", scheme(call) + host(call.Request)} {
			if text := strings.ReplaceAll(line, base, origin+prefix); len(h.Decode([]string{text})) == 0 {
				return text
			}
		}
	}
	return usual
}

// baseURL is the scheme, host and server prefix that the request came by.
func baseURL(call *Call) string {
	return scheme(call) + host(call.Request) + call.Prefix
}

func scheme(call *Call) string {
	if call.Request.TLS != nil {
		return "https://"
	}
	return "http://"
}
