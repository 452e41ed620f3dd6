package mock

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"troth/openapi"
	"troth/openapi/schema"
)

// validate decodes parameters and body and refuses what breaks a constraint of the document. Undeclared query parameters are
// tolerated.
func (s *Server) validate(next Handler) Handler {
	return func(ctx context.Context, call *Call) (*Reply, error) {
		values, violations := call.Operation.DecodeParameters(call.Request, call.Match)
		call.Values = values
		violations = s.tweaks.tolerate(violations)
		if len(violations) > 0 {
			return nil, invalid(call, violations)
		}
		if err := s.readBody(call); err != nil {
			if call.HasBody && s.tweaks.keepRefused {
				_, _ = next(ctx, call)
			}
			return nil, err
		}
		if s.tweaks.refuse != nil {
			if err := s.tweaks.refuse(call); err != nil {
				return nil, err
			}
		}
		return next(ctx, call)
	}
}

// invalid is the refusal of a request that breaks constraints: 400, or 422 where the document declares only that.
func invalid(call *Call, violations []openapi.Violation) *Fault {
	first := violations[0]
	f := &Fault{Status: badRequest(call), Situation: "invalid-parameter:" + first.In, Violations: violations}
	where := first.In + " parameter " + first.Name
	f.Parameters = []any{first.Name}
	if first.In == "body" {
		f.Situation, where = "invalid-body", "request body"
		if pointer := memberPointer(first); pointer != "" {
			where += " at " + pointer
			f.Parameters = []any{pointer}
		} else {
			f.Parameters = nil
		}
	}
	f.Detail = fmt.Sprintf("%s: %s: want %s, got %s", where, first.Keyword, first.Want, first.Got)
	if n := len(violations) - 1; n > 0 {
		f.Detail += fmt.Sprintf(" (and %d more)", n)
	}
	return f
}

func badRequest(call *Call) int {
	if call.Operation.Response(http.StatusBadRequest) == nil && call.Operation.Response(http.StatusUnprocessableEntity) != nil {
		return http.StatusUnprocessableEntity
	}
	return http.StatusBadRequest
}

func (s *Server) readBody(call *Call) error {
	declared := call.Operation.Body
	if declared == nil || call.Request.Body == nil {
		return nil
	}
	data, err := io.ReadAll(http.MaxBytesReader(nil, call.Request.Body, s.options.limits.Body))
	if err != nil {
		return unreadable(call, err)
	}
	call.Request.Body = io.NopCloser(bytes.NewReader(data)) // a handler may read it again
	if len(data) == 0 {
		return missingBody(call, declared)
	}
	content, sent, err := s.bodyContent(call, declared)
	if err != nil {
		return err
	}
	body, judged, violations := openapi.DecodeBody(content, sent, data)
	if len(violations) == 0 && judged && content.Schema != nil {
		violations = append(violations, bodyViolations(content.Schema.Validate(body, schema.Request))...)
	}
	call.Body, call.HasBody = body, true
	if violations = s.tweaks.tolerate(violations); len(violations) > 0 {
		return invalid(call, violations)
	}
	return nil
}

func bodyViolations(broken []schema.Violation) []openapi.Violation {
	violations := make([]openapi.Violation, len(broken))
	for i, v := range broken {
		violations[i] = openapi.Violation{In: "body", Violation: v}
	}
	return violations
}

func unreadable(call *Call, err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return &Fault{Status: http.StatusRequestEntityTooLarge, Detail: fmt.Sprintf("the request body is over %d bytes", large.Limit)}
	}
	return &Fault{Status: badRequest(call), Situation: "malformed-body", Detail: "the request body cannot be read: " + err.Error()}
}

func missingBody(call *Call, declared *openapi.Body) error {
	if !declared.Required {
		return nil
	}
	return invalid(call, []openapi.Violation{{In: "body", Violation: schema.Violation{
		Keyword: "required", Want: "a request body", Got: "none", Schema: declared.Place,
	}}})
}

// bodyContent finds the declared content that the request's Content-Type names. Without the header the first one is assumed
// (RFC 9110 §8.3); plain application/json stands for any dated JSON type.
func (s *Server) bodyContent(call *Call, declared *openapi.Body) (*openapi.Content, openapi.MediaType, error) {
	offers := newestFirst(declared.Content)
	field := call.Request.Header.Get("Content-Type")
	if field == "" && len(offers) > 0 {
		return offers[0], offers[0].Type, nil
	}
	sent, err := openapi.ParseMediaType(field)
	if err != nil {
		return nil, sent, unsupported(field, declared)
	}
	for _, c := range offers {
		if c.Type.Matches(sent) {
			return c, sent, nil
		}
	}
	if c := s.versioned(sent, offers); c != nil {
		return c, sent, nil
	}
	return nil, sent, unsupported(field, declared)
}

func (s *Server) versioned(sent openapi.MediaType, offers []*openapi.Content) *openapi.Content {
	v := s.conv.Versions
	if v == nil {
		return nil
	}
	types := make([]openapi.MediaType, len(offers))
	for i, c := range offers {
		types[i] = c.Type
		if sent.Type == "application" && sent.Subtype == "json" && c.Type.IsJSON() {
			return c
		}
	}
	if i, dated, ok := v.Resolve(sent, types); dated && ok {
		return offers[i]
	}
	return nil
}

func unsupported(field string, declared *openapi.Body) error {
	var types []string
	for _, c := range declared.Content {
		types = append(types, c.Type.String())
	}
	return &Fault{
		Status: http.StatusUnsupportedMediaType, Parameters: []any{field},
		Detail: fmt.Sprintf("Content-Type %s: this operation takes %s", field, strings.Join(types, ", ")),
		undeclared: []openapi.Violation{{In: "media-type", Name: "Content-Type", Violation: schema.Violation{
			Keyword: "content", Want: strings.Join(types, ", "), Got: strconv.Quote(field), Schema: declared.Place.Child("content"),
		}}},
	}
}
