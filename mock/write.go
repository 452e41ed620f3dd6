package mock

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
	"strings"

	"troth/openapi"
)

// encode fills Encoded from Body, by the media type of the content.
func encode(reply *Reply) (err error) {
	switch {
	case reply.Encoded != nil || reply.Content == nil:
	case reply.Content.Type.IsJSON():
		reply.Encoded = appendJSON(nil, reply.Body)
	case reply.Body == nil && reply.Content.Schema == nil:
	default:
		reply.Encoded, reply.contentType, err = reply.Content.Encode(reply.Body)
	}
	return err
}

// write sends a reply: envelope, indentation, headers, length. The reply itself may be shared and is not changed.
func (s *Server) write(w http.ResponseWriter, call *Call, reply *Reply) {
	if err := encode(reply); err != nil {
		reply = &Reply{Status: http.StatusInternalServerError, Content: &openapi.Content{Type: problemType}, Rule: "refusal"}
		reply.Body = problem(&Fault{Status: reply.Status, Detail: err.Error()})
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
		header["Content-Type"] = []string{s.contentType(reply)}
	}
	if bytes.Contains(body, []byte(base)) {
		body = bytes.ReplaceAll(body, []byte(base), []byte(baseURL(call)))
	}
	for _, name := range []string{"Link", "Location"} {
		if v := header.Get(name); v != "" {
			header.Set(name, string(bytes.ReplaceAll([]byte(v), []byte(base), []byte(baseURL(call)))))
		}
	}
	if s.tweaks.wire != nil {
		body = s.tweaks.wire(s, call, reply.Status, header, body)
	}
	if s.explains(call.Request) {
		header.Set(explainHeader, s.explain(call, reply))
	}
	if reply.Status != http.StatusNoContent && reply.Status != http.StatusNotModified {
		header["Content-Length"] = []string{strconv.Itoa(len(body))}
	}
	transmit(w, call, reply.Status, body)
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
	if reply.contentType != "" {
		return reply.contentType
	}
	t := concrete(reply.Content.Type, reply.Content.Schema).String()
	if charset := s.conv.Charset; charset != "" && reply.Status < 300 && reply.Content.Type.IsJSON() {
		t += ";charset=" + charset
	}
	return t
}

// baseURL is the scheme, host and server prefix that the request came by.
func baseURL(call *Call) string {
	scheme := "http://"
	if call.Request.TLS != nil {
		scheme = "https://"
	}
	return scheme + call.Request.Host + call.Prefix
}
