package gen

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"
)

// Refusal is an error that is answered with its status, in the error shape that the document declares. Handlers return it for
// what has no typed response.
type Refusal struct {
	Status int
	Code   string // for programs; "": the name of the status
	Detail string // for people; "": the name of the status
}

// Error is the detail.
func (r *Refusal) Error() string { return r.Detail }

// RenderError answers an error in the error shape that the document declares: set it as echo's HTTPErrorHandler. What is
// neither a Refusal nor an error of echo's is logged and answered with 500, without its text.
func RenderError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	r := refusalOf(err)
	if r.Status == http.StatusInternalServerError {
		c.Logger().Error(err)
	}
	if c.Request().Method == http.MethodHead {
		_ = c.NoContent(r.Status) // the client is gone if this fails
		return
	}
	shape := documentErrors()
	_ = c.Blob(r.Status, shape.contentType, shape.body(r)) // likewise
}

// refusalOf makes a refusal of any error.
func refusalOf(err error) *Refusal {
	var own *Refusal
	if errors.As(err, &own) {
		return own
	}
	var known *echo.HTTPError
	if errors.As(err, &known) && known.Code < http.StatusInternalServerError {
		return &Refusal{Status: known.Code, Detail: fmt.Sprint(known.Message)}
	}
	return &Refusal{Status: http.StatusInternalServerError}
}

// errorShape is how a document's errors look.
type errorShape struct {
	contentType string
	skeleton    string // an error without a cause, as JSON

	status, reason, code, detail string // JSON pointers of the members that tell the cause; "": there is none
	textStatus                   bool   // the status is a string
}

// body is the JSON text of a refusal.
func (s errorShape) body(r *Refusal) []byte {
	var body map[string]any
	if err := json.Unmarshal([]byte(s.skeleton), &body); err != nil {
		body = map[string]any{}
	}
	reason := http.StatusText(r.Status)
	code, detail := r.Code, r.Detail
	if code == "" {
		code = strings.ToUpper(strings.ReplaceAll(reason, " ", "_"))
	}
	if detail == "" {
		detail = reason
	}
	putMember(body, s.status, r.Status)
	if s.textStatus {
		putMember(body, s.status, strconv.Itoa(r.Status))
	}
	putMember(body, s.reason, reason)
	putMember(body, s.code, code)
	putMember(body, s.detail, detail)
	data, _ := json.Marshal(body) // it holds what JSON gave, strings and numbers
	return data
}

// putMember puts a value at a JSON pointer through objects.
func putMember(object map[string]any, pointer string, value any) {
	if pointer == "" {
		return
	}
	tokens := strings.Split(pointer[1:], "/")
	for i, t := range tokens {
		name := strings.NewReplacer("~1", "/", "~0", "~").Replace(t)
		if i == len(tokens)-1 {
			object[name] = value
			return
		}
		inner, ok := object[name].(map[string]any)
		if !ok {
			inner = map[string]any{}
			object[name] = inner
		}
		object = inner
	}
}
