package refusal

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"troth/openapi"
	"troth/openapi/convention"
	"troth/openapi/schema"
)

// Unreadable is the refusal of a body that cannot be read: 413 where it is over a limit (http.MaxBytesReader).
func Unreadable(op *openapi.Compiled, err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return &Fault{Status: http.StatusRequestEntityTooLarge, Detail: fmt.Sprintf("the request body is over %d bytes", large.Limit)}
	}
	return &Fault{Status: BadRequest(op), Situation: "malformed-body", Detail: "the request body cannot be read: " + err.Error()}
}

// Content finds the declared content that a Content-Type names, and the type that was sent. Without the field the first one is assumed
// (RFC 9110 §8.3); plain application/json stands for any dated JSON type. What the operation does not take is refused with 415.
func Content(conv *convention.Conventions, op *openapi.Compiled, field string) (*openapi.Content, openapi.MediaType, error) {
	offers := openapi.NewestFirst(op.Body.Content)
	if field == "" && len(offers) > 0 {
		return offers[0], offers[0].Type, nil
	}
	sent, err := openapi.ParseMediaType(field)
	if err != nil {
		return nil, sent, unsupported(op, field)
	}
	if c := openapi.MostSpecific(offers, sent); c != nil {
		return c, sent, nil
	}
	if c := versioned(conv, sent, offers); c != nil {
		return c, sent, nil
	}
	return nil, sent, unsupported(op, field)
}

func versioned(conv *convention.Conventions, sent openapi.MediaType, offers []*openapi.Content) *openapi.Content {
	v := conv.Versions
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

// unsupported is a 415 that says what is taken (RFC 9110 §15.5.16, for PATCH RFC 5789 §2.2).
func unsupported(op *openapi.Compiled, field string) error {
	var types []string
	for _, c := range op.Body.Content {
		types = append(types, c.Type.String())
	}
	takes := "Accept"
	if op.Method == http.MethodPatch {
		takes = "Accept-Patch"
	}
	return &Fault{
		Status: http.StatusUnsupportedMediaType, Parameters: []any{field}, Header: http.Header{takes: {strings.Join(types, ", ")}},
		Detail: fmt.Sprintf("Content-Type %s: this operation takes %s", field, strings.Join(types, ", ")),
		Undeclared: []openapi.Violation{{In: "media-type", Name: "Content-Type", Violation: schema.Violation{
			Keyword: "content", Want: strings.Join(types, ", "), Got: strconv.Quote(field), Schema: op.Body.Place.Child("content"),
		}}},
	}
}
