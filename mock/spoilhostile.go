package mock

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"

	"troth/openapi/refusal"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// undecoded tells whether a request has credentials of the scheme Basic that cannot be decoded.
func undecoded(r *http.Request) bool {
	scheme, text, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	_, err := base64.StdEncoding.DecodeString(text)
	return strings.EqualFold(scheme, "Basic") && err != nil
}

// quoteFails fails where a text of the query has an apostrophe, as SQL does that it is pasted into.
func quoteFails(call *Call) error {
	for _, p := range call.Operation.Parameters {
		if p.In == "query" && p.Schema.Types == schema.TypeString && strings.Contains(call.Request.URL.Query().Get(p.Name), "'") {
			return &Fault{Status: http.StatusInternalServerError, Situation: "server-error", Detail: "planted by the defect quote-fails"}
		}
	}
	return nil
}

// errorUnescaped writes texts of the query into errors as they are.
func errorUnescaped(_ *Server, call *Call, status int, _ http.Header, body []byte) []byte {
	if status < 400 {
		return body
	}
	for _, values := range call.Request.URL.Query() {
		escaped, err := json.Marshal(values[0])
		if inner := escaped[1 : len(escaped)-1]; err == nil && strings.Contains(values[0], `"`) && len(inner) > 0 {
			body = pasted(body, inner, values[0])
		}
	}
	return body
}

// pasted has a text in place of its escaped form, or in front of the first text of a body that does not have that.
func pasted(body, escaped []byte, text string) []byte {
	if bytes.Contains(body, escaped) {
		return bytes.ReplaceAll(body, escaped, []byte(text))
	}
	return bytes.Replace(body, []byte(`":"`), []byte(`":"`+text), 1)
}

// errorOfAnother says another ID in the body of an error than in the header that names the request.
func errorOfAnother(_ *Server, _ *Call, status int, h http.Header, body []byte) []byte {
	v, err := source.DecodeJSON(body)
	object, ok := v.(map[string]any)
	if status < 400 || err != nil || !ok {
		return body
	}
	for name := range h {
		if namesRequest(name) {
			object[strings.ReplaceAll(strings.TrimPrefix(strings.ToLower(name), "x-"), "-", "_")] = "00000000-0000-4000-8000-000000000002"
		}
	}
	text, err := json.Marshal(object)
	if err != nil {
		return body
	}
	return text
}

// plainTaken takes a body that is labelled as plain text for one of the first media type of the operation.
func plainTaken(s *Server, r *http.Request) {
	m := s.doc.Match(r, r.URL.EscapedPath())
	if m.Operation == nil || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/plain") {
		return
	}
	if op, err := m.Operation.Compile(); err == nil && op.Body != nil && len(op.Body.Content) > 0 {
		r.Header = r.Header.Clone()
		r.Header.Set("Content-Type", op.Body.Content[0].Type.String())
	}
}

// wordNotFound answers a word in the query where a number or a boolean is wanted as routers do that know no such path.
func wordNotFound(_ *Call, f *Fault) {
	if len(f.Violations) > 0 && f.Violations[0].In == "query" && mistypedQuery(f.Violations[0]) {
		f.Status, f.Situation = http.StatusNotFound, "unknown-path"
	}
}

// shortestRefused refuses texts of one character that a pattern takes.
func shortestRefused(call *Call) error {
	object, _ := call.Body.(map[string]any)
	if call.Operation.Body == nil {
		return nil
	}
	for name, v := range object {
		s := call.Operation.Body.Content[0].Schema.Find(name)
		if text, isText := v.(string); isText && s != nil && s.Pattern != nil && len(text) == 1 {
			return &Fault{Status: refusal.BadRequest(call.Operation), Situation: "invalid-body", Parameters: []any{name}, Detail: "planted by the defect shortest-refused"}
		}
	}
	return nil
}
