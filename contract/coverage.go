package contract

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"troth/openapi"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// ReportedOperation is an operation and what of it a run exercised.
type ReportedOperation struct {
	ID       string           `json:"id"`
	Method   string           `json:"method"`
	Path     string           `json:"path"`
	Source   string           `json:"source"`   // file:line
	Requests int              `json:"requests"` // whose answers its checks judged
	Statuses []StatusCoverage `json:"statuses"`
	Inputs   []InputCoverage  `json:"inputs"`
}

// StatusCoverage tells how often a status was answered.
type StatusCoverage struct {
	Code     string `json:"code"` // "200", "4XX", "default"
	Declared bool   `json:"declared"`
	Seen     int    `json:"seen"`
	Why      string `json:"why,omitempty"` // it was not seen
}

// InputCoverage tells what of a parameter or of the request body was exercised.
type InputCoverage struct {
	In          string               `json:"in"` // path, query, header, cookie, body
	Name        string               `json:"name"`
	Sent        int                  `json:"sent"`
	Constraints []ConstraintCoverage `json:"constraints"`
}

// ConstraintCoverage tells how often a constraint was kept by what was sent, and how often broken.
type ConstraintCoverage struct {
	Pointer string `json:"pointer"` // into the value; * stands for each item
	Keyword string `json:"keyword"`
	Source  string `json:"source"` // file:line
	Kept    int    `json:"kept"`
	Broken  int    `json:"broken"`
	Why     string `json:"why,omitempty"` // no request broke it
}

// Coverage counts what was exercised of what there is.
type Coverage struct {
	Operations  Share `json:"operations"`  // answered with success
	Statuses    Share `json:"statuses"`    // declared, and seen
	Inputs      Share `json:"inputs"`      // parameters and bodies, sent
	Constraints Share `json:"constraints"` // broken by a request
}

// Share is a part of a whole.
type Share struct {
	Done int `json:"done"`
	Of   int `json:"of"`
}

func (s *Share) add(done bool) {
	if s.Of++; done {
		s.Done++
	}
}

// cover tells what the exchanges of an operation exercised. outcomes are those of its cases.
func (s *session) cover(op *openapi.Compiled, exchanges []*Exchange, outcomes []Outcome) ReportedOperation {
	r := ReportedOperation{
		ID: op.ID, Method: op.Method, Path: op.Path, Source: op.Place.FileLine(), Requests: len(exchanges),
		Statuses: []StatusCoverage{}, Inputs: []InputCoverage{},
	}
	for _, declared := range op.Responses {
		r.Statuses = append(r.Statuses, StatusCoverage{Code: declared.Code, Declared: true})
	}
	for _, p := range op.Parameters {
		in := InputCoverage{In: p.In, Name: p.Name, Constraints: []ConstraintCoverage{}}
		if p.Required && p.In != "path" {
			in.Constraints = append(in.Constraints, ConstraintCoverage{Keyword: "required", Source: p.Place.Child("required").FileLine()})
		}
		in.Constraints = append(in.Constraints, constraintsOf(p.Schema, true)...)
		r.Inputs = append(r.Inputs, in)
	}
	if op.Body != nil {
		r.Inputs = append(r.Inputs, bodyInput(op))
	}
	for _, x := range exchanges {
		if x.NoAnswer == nil {
			r.sawStatus(op, x.Status)
		}
		s.coverRequest(op, x, &r)
	}
	r.explain(op, s.target.write, outcomes)
	return r
}

// bodyRequired is the constraint that a body is sent: "required" is its schema's.
const bodyRequired = "body required"

func bodyInput(op *openapi.Compiled) InputCoverage {
	in := InputCoverage{In: "body", Constraints: []ConstraintCoverage{}}
	if op.Body.Required {
		in.Constraints = append(in.Constraints, ConstraintCoverage{Keyword: bodyRequired, Source: op.Body.Place.Child("required").FileLine()})
	}
	if content := jsonOf(op); content != nil {
		in.Constraints = append(in.Constraints, constraintsOf(content.Schema, false)...)
	}
	return in
}

// jsonOf is the JSON content that a body is taken in, nil where there is none: the last one, as Case.Small makes it.
func jsonOf(op *openapi.Compiled) *openapi.Content {
	for _, content := range slices.Backward(op.Body.Content) {
		if content.Schema != nil && content.Type.IsJSON() {
			return content
		}
	}
	return nil
}

func (r *ReportedOperation) sawStatus(op *openapi.Compiled, status int) {
	code, declared := strconv.Itoa(status), false
	if response := op.Response(status); response != nil {
		code, declared = response.Code, true
	}
	i := slices.IndexFunc(r.Statuses, func(s StatusCoverage) bool { return s.Code == code })
	if i < 0 {
		i = len(r.Statuses)
		r.Statuses = append(r.Statuses, StatusCoverage{Code: code, Declared: declared})
	}
	r.Statuses[i].Seen++
}

// coverRequest counts what a request sent by what its bytes say, whatever a check meant by them.
func (s *session) coverRequest(op *openapi.Compiled, x *Exchange, r *ReportedOperation) {
	u, err := url.Parse(x.URL)
	if err != nil {
		return
	}
	req := &http.Request{Method: op.Method, URL: u, Header: x.asked.Header, Host: u.Host}
	m := s.doc.Match(req, strings.TrimPrefix(u.EscapedPath(), s.target.base.EscapedPath()))
	if m.Operation == nil || m.Operation.Route != op.Route {
		return
	}
	values, violations := op.DecodeParameters(req, m)
	for i := range r.Inputs {
		in := &r.Inputs[i]
		if in.In == "body" {
			in.coverBody(op, x)
			continue
		}
		_, sent := values.Get(in.In, in.Name)
		in.count(sent, func(string) bool { return sent }, violationsOf(violations, in.In, in.Name))
	}
}

// violationsOf are the constraints of a parameter that violations tell of.
func violationsOf(violations []openapi.Violation, in, name string) (list []schema.Violation) {
	for _, v := range violations {
		if v.In == in && v.Name == name {
			list = append(list, v.Violation)
		}
	}
	return list
}

func (in *InputCoverage) coverBody(op *openapi.Compiled, x *Exchange) {
	if x.SentBody == "" {
		in.count(false, func(string) bool { return false }, []schema.Violation{{Keyword: bodyRequired}})
		return
	}
	content := jsonOf(op)
	body, err := source.DecodeJSON([]byte(x.SentBody))
	if content == nil || err != nil {
		in.count(true, func(string) bool { return false }, nil)
		return
	}
	in.count(true, func(pointer string) bool { return has(body, source.Tokens(pointer)) }, content.Schema.Validate(body, schema.Request))
}

// has tells whether a value has something at a pointer in which * stands for each item.
func has(v any, tokens []string) bool {
	if len(tokens) == 0 {
		return true
	}
	switch v := v.(type) {
	case map[string]any:
		member, ok := v[tokens[0]]
		return ok && has(member, tokens[1:])
	case []any:
		return slices.ContainsFunc(v, func(item any) bool { return has(item, tokens[1:]) })
	}
	return false
}

// count notes one request: whether the input was sent, what of it was there, and what it broke.
func (in *InputCoverage) count(sent bool, there func(pointer string) bool, violations []schema.Violation) {
	if sent {
		in.Sent++
	}
	for i := range in.Constraints {
		c := &in.Constraints[i]
		hit := slices.ContainsFunc(violations, func(v schema.Violation) bool {
			return v.Keyword == c.Keyword && digits.ReplaceAllString(v.Pointer, "/*") == c.Pointer || c.Keyword == "required" && v.Keyword == "required" && strings.HasPrefix(v.Pointer, c.Pointer)
		})
		switch {
		case hit:
			c.Broken++
		case sent && there(c.Pointer) && !slices.ContainsFunc(violations, func(v schema.Violation) bool {
			return strings.HasPrefix(digits.ReplaceAllString(v.Pointer, "/*"), c.Pointer)
		}):
			c.Kept++
		}
	}
}
