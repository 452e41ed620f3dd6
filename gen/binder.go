package gen

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// Binder reads request bodies for the strict server on echo: set it as echo's Binder. It takes a body of any JSON media
// type (application/json and every structured suffix +json, RFC 6839 §3.1), where echo's own binder answers 415 to all
// but application/json. Forms and XML are left to echo's binder. Path and query parameters are never bound into a body:
// the generated code reads them itself.
type Binder struct{}

// Bind reads the request's body into target. Errors are echo's HTTP errors: 415 for a media type that it does not know,
// 400 for a text that is not one JSON value of target's type, or that is empty. An empty body's error is io.EOF too, by
// which the generated code knows that an optional body is absent.
func (Binder) Bind(target any, c echo.Context) error {
	request := c.Request()
	mediaType, _, err := mime.ParseMediaType(request.Header.Get(echo.HeaderContentType))
	if err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter) {
		mediaType = ""
	}
	if mediaType == "" && request.ContentLength == 0 {
		return bodyError("the request has no body", io.EOF)
	}
	if mediaType != echo.MIMEApplicationJSON && !strings.HasSuffix(mediaType, "+json") {
		return new(echo.DefaultBinder).BindBody(c, target)
	}
	return decodeBody(request.Body, target)
}

// decodeBody decodes exactly one JSON value.
func decodeBody(body io.Reader, target any) error {
	decoder := json.NewDecoder(body)
	if err := decoder.Decode(target); err != nil {
		if errors.Is(err, io.EOF) {
			return bodyError("the request has no body", err)
		}
		return bodyError("the body is not the JSON that the operation takes: "+err.Error(), err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return bodyError("the body goes on behind its JSON value", err)
	}
	return nil
}

func bodyError(message string, cause error) error {
	return echo.NewHTTPError(http.StatusBadRequest, message).SetInternal(cause)
}
