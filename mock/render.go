package mock

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"unicode"

	"troth/openapi"
	"troth/openapi/convention"
	"troth/openapi/sample"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// renderFault writes a refusal in the error schema that the document declares for its status, naming the real cause; RFC 9457
// problem details where the document declares none.
func (s *Server) renderFault(call *Call, f *Fault) *Reply {
	reply := &Reply{Status: f.Status, Header: f.Header.Clone(), Rule: "refusal"}
	if reply.Header == nil {
		reply.Header = http.Header{}
	}
	response := s.errorResponse(call, f.Status)
	if response == nil && declaredBare(call, f.Status) {
		return reply
	}
	if content := s.errorContent(call, response); content != nil {
		if body, ok := s.errorBody(content.Schema, f); ok {
			reply.Content, reply.Body = content, body
			return reply
		}
	}
	reply.Content = &openapi.Content{Type: problemType}
	reply.Body = problem(f)
	return reply
}

var problemType = openapi.MediaType{Type: "application", Subtype: "problem+json"}

// declaredBare tells whether the operation declares the status without a body.
func declaredBare(call *Call, status int) bool {
	if call.Operation == nil {
		return false
	}
	r := call.Operation.Response(status)
	return r != nil && len(r.Content) == 0
}

// errorResponse is the declared response whose content shapes an error: the operation's own, else one that the document declares
// for this status, else for any error.
func (s *Server) errorResponse(call *Call, status int) *openapi.Response {
	if call.Operation != nil {
		if r := call.Operation.Response(status); r != nil {
			if len(r.Content) == 0 {
				return nil
			}
			return r
		}
		if r := anyError(call.Operation, status); r != nil {
			return r
		}
	}
	return s.commonError(status)
}

// anyError is a declared error response with JSON content, of the same class if there is one.
func anyError(op *openapi.Compiled, status int) *openapi.Response {
	var found *openapi.Response
	for _, r := range op.Responses {
		class := r.Code[0]
		if class != '4' && class != '5' && r.Code != "default" || jsonSchema(r) == nil {
			continue
		}
		if int(class-'0') == status/100 {
			return r
		}
		if found == nil {
			found = r
		}
	}
	return found
}

// commonErrorSearch is how many operations are looked at for an error that the whole document shares.
const commonErrorSearch = 20

func (s *Server) commonError(status int) *openapi.Response {
	for i, op := range s.doc.Operations {
		if i >= commonErrorSearch {
			break
		}
		p := s.prepare(op)
		if p == nil {
			continue
		}
		if r := p.compiled.Response(status); r != nil && r.Code != "default" && jsonSchema(r) != nil {
			return r
		}
		if r := anyError(p.compiled, status); r != nil {
			return r
		}
	}
	return nil
}

// errorContent is the content for an error: what Accept prefers, else the first JSON one, else the first (RFC 9110 §12.5.1 allows it).
func (s *Server) errorContent(call *Call, r *openapi.Response) *openapi.Content {
	if r == nil {
		return nil
	}
	types := make([]openapi.MediaType, len(r.Content))
	for i, c := range r.Content {
		types[i] = c.Type
	}
	i, ok := s.choose(call.Request.Header["Accept"], types)
	if ok && r.Content[i].Schema != nil && len(call.Request.Header["Accept"]) > 0 {
		return r.Content[i]
	}
	if c := r.JSON(); c != nil || len(r.Content) == 0 || r.Content[i].Schema == nil {
		return c
	}
	return r.Content[i]
}

// errorBody fills the members that hold the status and the cause; what else the schema requires is sampled. ok is false where no
// such value is found.
func (s *Server) errorBody(sch *schema.Schema, f *Fault) (any, bool) {
	if sch == nil {
		return nil, false
	}
	seed := sample.Hash(s.options.seed, "error", strconv.Itoa(f.Status), f.Situation)
	body, err := sample.Value(sch, seed, sample.Minimal())
	if err != nil {
		return nil, false
	}
	object, ok := body.(map[string]any)
	if !ok {
		if sch.Valid(f.Detail, schema.Response) {
			return f.Detail, true
		}
		return body, true
	}
	e := s.conv.ErrorsFor(sch)
	for _, m := range s.errorMembers(e, f) {
		if m.pointer != "" && m.value != nil {
			set(sch, object, m.pointer, m.value)
		}
	}
	return object, true
}

type errorMember struct {
	pointer string
	value   any
}

func (s *Server) errorMembers(e *convention.Errors, f *Fault) []errorMember {
	code, detail := e.Say(f.Situation, f.Status, f.Values)
	if code == "" {
		code = codeOf(f.Status)
	}
	if detail == "" {
		detail = f.Detail
	}
	detail += s.tweaks.leak
	reason := http.StatusText(f.Status)
	if s.tweaks.reason != "" {
		reason = s.tweaks.reason
	}
	parameters := f.Parameters
	if parameters == nil {
		parameters = []any{}
	}
	status := s.tweaks.errorStatus(f.Status)
	return []errorMember{
		{e.Status, json.Number(strconv.Itoa(status))},
		{e.Status, strconv.Itoa(status)},
		{e.Reason, reason},
		{e.Code, code},
		{e.Detail, detail},
		{e.Parameters, parameters},
		{e.Fields, fields(e, f)},
	}
}

// set puts a value at a pointer where the object then still fits its schema.
func set(sch *schema.Schema, object map[string]any, pointer string, v any) {
	old, had := source.Get(object, pointer)
	before := source.Clone(object).(map[string]any)
	if !source.Put(object, pointer, v) || sch.Valid(object, schema.Response) {
		return
	}
	if had {
		source.Put(object, pointer, old)
		return
	}
	clear(object)
	for name, member := range before {
		object[name] = member
	}
}

// fields lists each violation of a body for the errors' field list; nil where there is none.
func fields(e *convention.Errors, f *Fault) any {
	if e.Fields == "" || len(f.Violations) == 0 {
		return nil
	}
	list := make([]any, len(f.Violations))
	for i, v := range f.Violations {
		name := v.Name
		if v.In == "body" {
			name = memberPointer(v)
		}
		list[i] = map[string]any{e.FieldName: name, e.FieldText: v.Keyword + ": want " + v.Want + ", got " + v.Got}
	}
	return list
}

// memberPointer is the JSON pointer of what a violation is about: the absent member, not the object that lacks it.
func memberPointer(v openapi.Violation) string {
	if name, ok := strings.CutPrefix(v.Want, "member "); ok && v.Keyword == "required" {
		return v.Pointer + "/" + source.Escape(name)
	}
	return v.Pointer
}

// codeOf makes an error code of a reason phrase: "Not Found" is NOT_FOUND.
func codeOf(status int) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return unicode.ToUpper(r)
		}
		return '_'
	}, http.StatusText(status))
}

// problem is a problem details object, RFC 9457 §3.
func problem(f *Fault) map[string]any {
	body := map[string]any{
		"type": "about:blank", "title": http.StatusText(f.Status),
		"status": json.Number(strconv.Itoa(f.Status)), "detail": f.Detail,
	}
	var violations []any
	for _, v := range f.Violations {
		violations = append(violations, map[string]any{"in": v.In, "name": v.Name, "pointer": v.Pointer, "keyword": v.Keyword, "want": v.Want, "got": v.Got})
	}
	if violations != nil {
		body["violations"] = violations
	}
	return body
}
