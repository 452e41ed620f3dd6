package stubserver

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"troth/gen/restorejobs"
)

// refusal is an error that says all that its response does.
type refusal struct {
	status       int
	code, detail string
	parameters   []any
	fields       []field
}

// field is a part of the request that is at fault.
type field struct{ name, description string }

func (r *refusal) Error() string { return fmt.Sprintf("%d %s: %s", r.status, r.code, r.detail) }

func notFound(code, format string, args ...any) *refusal {
	return &refusal{status: http.StatusNotFound, code: code, detail: fmt.Sprintf(format, args...), parameters: args}
}

// malformed refuses one parameter with the code of its place: VALIDATION_ERROR in the path, INVALID_QUERY_PARAMETER in the query.
func malformed(code, name, format string, args ...any) error {
	detail := fmt.Sprintf(format, args...)
	return &refusal{
		status: http.StatusBadRequest, code: code, detail: "Parameter " + name + ": " + detail,
		parameters: []any{name}, fields: []field{{name, detail}},
	}
}

// renderError answers every error, echo's own too, in the shape that the document declares.
func renderError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	r := refusalOf(err, c)
	if r.status == http.StatusUnauthorized {
		c.Response().Header().Set(echo.HeaderWWWAuthenticate, `Bearer realm="restore jobs"`)
	}
	allowHead(c.Response().Header())
	_ = c.JSON(r.status, r.body()) // the client is gone if this fails
}

// refusalOf finds the refusal in an error. A body of another media type is a malformed request here: the document declares
// no 415.
func refusalOf(err error, c echo.Context) *refusal {
	var own *refusal
	if errors.As(err, &own) {
		return own
	}
	var known *echo.HTTPError
	if !errors.As(err, &known) {
		return &refusal{status: http.StatusInternalServerError, code: "UNEXPECTED_ERROR", detail: "Unexpected error."}
	}
	path := c.Request().URL.Path
	switch known.Code {
	case http.StatusNotFound:
		return &refusal{status: known.Code, code: "RESOURCE_NOT_FOUND", detail: "Cannot find resource " + path + ".", parameters: []any{path}}
	case http.StatusMethodNotAllowed:
		return &refusal{status: known.Code, code: "METHOD_NOT_ALLOWED", detail: "Method " + c.Request().Method + " is not allowed here."}
	case http.StatusUnsupportedMediaType:
		mediaType := c.Request().Header.Get(echo.HeaderContentType)
		return &refusal{status: http.StatusBadRequest, code: "INVALID_JSON", detail: fmt.Sprintf("A body of media type %q is not JSON.", mediaType)}
	}
	if known.Code == http.StatusBadRequest {
		return &refusal{status: known.Code, code: "MALFORMED_JSON", detail: fmt.Sprint(known.Message)} // the body, since parameters are checked before
	}
	return &refusal{status: known.Code, code: "UNEXPECTED_ERROR", detail: fmt.Sprint(known.Message)}
}

// allowHead completes echo's list of methods.
func allowHead(h http.Header) {
	if allow := h.Get(echo.HeaderAllow); strings.Contains(allow, "GET") && !strings.Contains(allow, "HEAD") {
		h.Set(echo.HeaderAllow, allow+", HEAD")
	}
}

// body is the refusal in the generated type.
func (r *refusal) body() restorejobs.APIError {
	status, reason, parameters := int32(r.status), http.StatusText(r.status), r.parameters
	if parameters == nil {
		parameters = []any{}
	}
	body := restorejobs.APIError{
		Error: &status, ErrorCode: &r.code, Reason: &reason, Detail: &r.detail, Parameters: &parameters,
	}
	if r.fields == nil {
		return body
	}
	var fields []restorejobs.FieldViolation
	for _, f := range r.fields {
		fields = append(fields, restorejobs.FieldViolation{Field: f.name, Description: f.description})
	}
	body.BadRequestDetail = &restorejobs.BadRequestDetail{Fields: &fields}
	return body
}
