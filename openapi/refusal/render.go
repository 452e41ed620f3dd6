package refusal

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

// Renderer makes the bodies of refusals. Safe for concurrent use.
type Renderer struct {
	Document    *openapi.Document
	Conventions *convention.Conventions
	Seed        uint64 // of what a schema requires beside the members that hold the cause

	Choose func(accept []string, offers []openapi.MediaType) (int, bool) // nil: openapi.Negotiate
	Change func(*Members)                                                // nil: nothing is changed; a mock's planted defects
}

// Members are what an error body says of the refusal.
type Members struct {
	Status               int
	Reason, Code, Detail string
}

// Render is the content and plain JSON body of a refusal of an operation's request; op is nil where no operation was found. Content is
// nil where the operation declares the status without a body.
func (r *Renderer) Render(op *openapi.Compiled, accept []string, f *Fault) (content *openapi.Content, body any) {
	response := r.response(op, f.Status)
	if response == nil && declaredBare(op, f.Status) {
		return nil, nil
	}
	if content := r.content(accept, response); content != nil {
		if body, ok := r.body(op, content.Schema, f); ok {
			describe(content, body)
			return content, body
		}
	}
	return bare(response, f)
}

// bare is a refusal where the document shapes none: the media type is one that it declares all the same.
func bare(response *openapi.Response, f *Fault) (*openapi.Content, any) {
	if response != nil {
		for _, c := range response.Content {
			switch {
			case c.Schema != nil || c.Type.IsRange():
			case c.Type.IsJSON():
				return &openapi.Content{Type: c.Type}, Problem(f)
			case c.Type.Type == "text":
				return &openapi.Content{Type: c.Type}, f.Detail
			}
		}
	}
	return &openapi.Content{Type: problemType}, Problem(f)
}

// describe gives problem details (RFC 9457 §3.1.1) the type that says no more than the status.
func describe(content *openapi.Content, body any) {
	if object, ok := body.(map[string]any); ok && content.Type.Subtype == problemType.Subtype && content.Schema.Find("type") != nil {
		set(content.Schema, object, "/type", "about:blank")
	}
}

var problemType = openapi.MediaType{Type: "application", Subtype: "problem+json"}

// declaredBare tells whether the operation declares the status without a body.
func declaredBare(op *openapi.Compiled, status int) bool {
	if op == nil {
		return false
	}
	declared := op.Response(status)
	return declared != nil && len(declared.Content) == 0
}

// response is the declared response whose content shapes an error: the operation's own, else one that the document declares for this
// status, else for any error.
func (r *Renderer) response(op *openapi.Compiled, status int) *openapi.Response {
	if op != nil {
		if declared := op.Response(status); declared != nil {
			if len(declared.Content) == 0 {
				return nil
			}
			return declared
		}
		if declared := anyError(op, status); declared != nil {
			return declared
		}
	}
	return r.common(status)
}

// anyError is a declared error response with JSON content, of the same class if there is one.
func anyError(op *openapi.Compiled, status int) *openapi.Response {
	var found *openapi.Response
	for _, r := range op.Responses {
		class := r.Code[0]
		if class != '4' && class != '5' && r.Code != "default" || r.JSON() == nil {
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

// commonSearch is how many operations are looked at for an error that the whole document shares.
const commonSearch = 200

func (r *Renderer) common(status int) *openapi.Response {
	for i, o := range r.Document.Operations {
		if i >= commonSearch {
			break
		}
		op, err := o.Compile()
		if err != nil {
			continue
		}
		if declared := op.Response(status); declared != nil && declared.Code != "default" && declared.JSON() != nil {
			return declared
		}
		if declared := anyError(op, status); declared != nil {
			return declared
		}
	}
	return nil
}

// content is the content for an error: what Accept prefers, else the first JSON one, else the first (RFC 9110 §12.5.1 allows it).
func (r *Renderer) content(accept []string, declared *openapi.Response) *openapi.Content {
	if declared == nil {
		return nil
	}
	types := make([]openapi.MediaType, len(declared.Content))
	for i, c := range declared.Content {
		types[i] = c.Type
	}
	choose := r.Choose
	if choose == nil {
		choose = openapi.Negotiate
	}
	i, ok := choose(accept, types)
	if c := declared.JSON(); ok && c != nil && types[i].IsRange() && types[i].Matches(c.Type) {
		return c // a range leaves the type open: the one beside it that it means is as good
	}
	if ok && declared.Content[i].Schema != nil && len(accept) > 0 {
		return declared.Content[i]
	}
	if c := declared.JSON(); c != nil || len(declared.Content) == 0 || declared.Content[i].Schema == nil {
		return c
	}
	return declared.Content[i]
}

// body fills the members that hold the status and the cause; what else the schema requires is sampled. ok is false where no such value
// is found.
func (r *Renderer) body(op *openapi.Compiled, s *schema.Schema, f *Fault) (any, bool) {
	if s == nil {
		return nil, false
	}
	seed := sample.Hash(r.Seed, "error", strconv.Itoa(f.Status), f.Situation)
	body, err := sample.Value(s, seed, sample.Minimal())
	if err != nil {
		return nil, false
	}
	object, ok := body.(map[string]any)
	if !ok {
		if s.Valid(f.Detail, schema.Response) {
			return f.Detail, true
		}
		return body, true
	}
	e := r.Conventions.ErrorsFor(s)
	begin(s, object, e.Detail, seed)
	for _, m := range r.members(op, e, f) {
		if m.pointer != "" && m.value != nil {
			set(s, object, m.pointer, m.value)
		}
	}
	return object, true
}

// begin makes the first error of a list that the detail is to stand in ("/errors/0/detail", "/errors/0").
func begin(s *schema.Schema, object map[string]any, detail string, seed uint64) {
	list, _, listed := strings.Cut(detail+"/", "/0/")
	if _, has := source.Get(object, list+"/0"); !listed || has {
		return
	}
	at := s
	for token := range source.Each(list) {
		at = at.Find(token)
	}
	for part := range at.Parts(false) {
		if part.Items == nil {
			continue
		}
		if item, err := sample.Value(part.Items, seed, sample.Minimal()); err == nil {
			set(s, object, list, []any{item})
		}
		return
	}
}

type member struct {
	pointer string
	value   any
}

func (r *Renderer) members(op *openapi.Compiled, e *convention.Errors, f *Fault) []member {
	m := Members{Status: f.Status, Reason: http.StatusText(f.Status)}
	m.Code, m.Detail = e.Say(f.Situation, f.Status, f.Values)
	shown := r.Conventions.CodesOf(op)
	if m.Code == "" {
		m.Code = codeOf(shown, f.Status)
	}
	if m.Detail == "" {
		m.Detail = f.Detail
	}
	if r.Change != nil {
		r.Change(&m)
	}
	parameters := f.Parameters
	if parameters == nil {
		parameters = []any{}
	}
	return []member{
		{e.Status, json.Number(strconv.Itoa(m.Status))},
		{e.Status, strconv.Itoa(m.Status)},
		{e.Reason, m.Reason},
		{e.Code, first(shown[f.Status])},
		{e.Code, m.Code},
		{e.Detail, m.Detail},
		{e.Parameters, parameters},
		{e.Fields, fields(e, f)},
	}
}

// set puts a value at a pointer where the object then still fits its schema.
func set(s *schema.Schema, object map[string]any, pointer string, v any) {
	old, had := source.Get(object, pointer)
	before := source.Clone(object).(map[string]any)
	if !source.Put(object, pointer, v) || s.Valid(object, schema.Response) {
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
			name = v.MemberPointer()
		}
		list[i] = map[string]any{e.FieldName: name, e.FieldText: v.Keyword + ": want " + v.Want + ", got " + v.Got}
	}
	return list
}

// codeOf makes an error code of a reason phrase: "Not Found" is NOT_FOUND. Where the document shows that one with another status, it is the code that
// it shows with this one.
func codeOf(shown convention.Codes, status int) string {
	code := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return unicode.ToUpper(r)
		}
		return '_'
	}, http.StatusText(status))
	if meant, _, ok := shown.Meant(status, code); ok {
		return meant
	}
	return code
}

// first is the first of some texts, nil where there is none.
func first(texts []string) any {
	if len(texts) == 0 {
		return nil
	}
	return texts[0]
}

// Problem is a problem details object, RFC 9457 §3.
func Problem(f *Fault) map[string]any {
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
