// Package middleware judges the requests that a server gets, and in tests the responses that it gives, by an OpenAPI document: for
// net/http (Validator.Handler) and for echo v4 (Validator.Echo).
//
// A request that breaks the document is refused before it reaches the handler, in the error schema that the document declares for the
// status and with the parameter or JSON pointer, what was wanted and what was found. A response that breaks it is reported, never changed:
// to a test (WithTest), or to a function (WithResponses).
//
// Parameters, headers, cookies and bodies are judged. Credentials are not: that is the handler's part.
package middleware

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"troth/openapi"
	"troth/openapi/convention"
	"troth/openapi/refusal"
)

// Validator judges by one document. Safe for concurrent use.
type Validator struct {
	doc      *openapi.Document
	conv     *convention.Conventions
	paths    []string
	refusals *refusal.Renderer
	limit    int64
	only     bool
	report   func(*http.Request, []openapi.Violation)
}

// Option changes a Validator.
type Option func(*Validator)

// TB is the part of testing.TB that WithTest needs.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
}

// WithConventions sets the API's conventions; without it those of the troth.yaml beside the document, else the inferred ones.
func WithConventions(c *convention.Conventions) Option { return func(v *Validator) { v.conv = c } }

// WithBodyLimit sets how many bytes of a request's body are read before it is refused with 413; without it 10 MiB.
func WithBodyLimit(bytes int64) Option { return func(v *Validator) { v.limit = bytes } }

// WithoutOtherPaths refuses requests that no operation of the document matches, with 404 or 405; without it they go to the handler as
// they are.
func WithoutOtherPaths() Option { return func(v *Validator) { v.only = true } }

// WithResponses judges responses, too, and hands what they break to report, from the request's goroutine.
func WithResponses(report func(r *http.Request, broken []openapi.Violation)) Option {
	return func(v *Validator) { v.report = report }
}

// WithTest judges responses, too: one that breaks the document fails the test, and the error names the document's line.
func WithTest(t TB) Option {
	return WithResponses(func(r *http.Request, broken []openapi.Violation) {
		t.Helper()
		texts := make([]string, len(broken))
		for i, v := range broken {
			texts[i] = v.Explain()
		}
		t.Errorf("the response to %s %s breaks the document: %s", r.Method, r.URL.RequestURI(), strings.Join(texts, "; "))
	})
}

// New makes a Validator. A document with an operation that cannot be compiled is an error, since its requests could not be judged.
func New(doc *openapi.Document, opts ...Option) (*Validator, error) {
	v := &Validator{doc: doc, paths: openapi.ServerPaths(doc.Servers), limit: 10 << 20}
	for _, opt := range opts {
		opt(v)
	}
	if errs, _ := doc.CompileAll(); len(errs) > 0 {
		return nil, fmt.Errorf("middleware: %w", errors.Join(errs...))
	}
	if v.conv == nil {
		var err error
		if v.conv, err = convention.Beside(doc); err != nil {
			return nil, fmt.Errorf("middleware: %w", err)
		}
	}
	v.refusals = &refusal.Renderer{Document: doc, Conventions: v.conv, Seed: 1}
	return v, nil
}

// Handler is next behind the Validator.
func (v *Validator) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		op, err := v.check(r)
		if err != nil {
			v.refuse(w, r, op, err)
			return
		}
		if op == nil || v.report == nil {
			next.ServeHTTP(w, r)
			return
		}
		seen := &recorder{ResponseWriter: w, limit: v.limit}
		next.ServeHTTP(seen, r)
		v.judge(r, op, seen)
	})
}

// check finds the operation of a request and what is wrong with it.
func (v *Validator) check(r *http.Request) (*openapi.Compiled, error) {
	m := v.doc.MatchServed(v.paths, r)
	if m.Operation == nil {
		return nil, v.unmatched(r, m)
	}
	op, err := m.Operation.Compile()
	if err != nil {
		return nil, err
	}
	return op, refusal.Check(v.conv, op, m, r, v.limit)
}

// unmatched refuses a request that no operation matches, where that is wanted.
func (v *Validator) unmatched(r *http.Request, m openapi.Match) error {
	if !v.only {
		return nil
	}
	if len(m.Allow) == 0 {
		return &refusal.Fault{
			Status: http.StatusNotFound, Situation: "unknown-path", Parameters: []any{r.URL.Path},
			Detail: fmt.Sprintf("the document has no path %s", r.URL.Path),
		}
	}
	allow := strings.Join(m.Allow, ", ")
	return &refusal.Fault{
		Status: http.StatusMethodNotAllowed, Situation: "unknown-method", Parameters: []any{r.Method}, Header: http.Header{"Allow": {allow}},
		Detail: fmt.Sprintf("path %s has no method %s, but %s", r.URL.Path, r.Method, allow),
	}
}

// refuse answers in the document's error shape.
func (v *Validator) refuse(w http.ResponseWriter, r *http.Request, op *openapi.Compiled, err error) {
	var f *refusal.Fault
	if !errors.As(err, &f) {
		f = &refusal.Fault{Status: http.StatusInternalServerError, Situation: "server-error", Detail: err.Error()}
	}
	for name, lines := range f.Header {
		w.Header()[name] = lines
	}
	content, body := v.refusals.Render(op, r.Header["Accept"], f)
	if content == nil {
		w.WriteHeader(f.Status)
		return
	}
	data, field, err := content.Encode(body)
	if err != nil { // the rendered body cannot be written in the type that the document declares
		http.Error(w, f.Detail, f.Status)
		return
	}
	w.Header().Set("Content-Type", field)
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	w.WriteHeader(f.Status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(data) // a client that went away is not this server's fault
	}
}

// judge reports what a response breaks. The body of one that is too long to keep, or encoded, is not judged.
func (v *Validator) judge(r *http.Request, op *openapi.Compiled, seen *recorder) {
	status := seen.status
	if status == 0 {
		status = http.StatusOK
	}
	coding := seen.Header().Get("Content-Encoding")
	bodyless := r.Method == http.MethodHead || seen.over || coding != "" && coding != "identity"
	if broken := op.CheckResponse(status, seen.header(), seen.body.Bytes(), bodyless); len(broken) > 0 {
		v.report(r, broken)
	}
}
