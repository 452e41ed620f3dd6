package gen

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"troth/openapi"
)

func TestRenderError(t *testing.T) {
	tests := []struct {
		name   string
		method string
		err    error
		status int
		body   string
	}{
		{"refusal", "GET", &Refusal{Status: 501, Detail: "not yet"}, 501, `{"detail":"not yet","status":501,"title":"Not Implemented","type":"about:blank"}`},
		{"echo's", "GET", echo.NewHTTPError(400, "bad page"), 400, `{"detail":"bad page","status":400,"title":"Bad Request","type":"about:blank"}`},
		{"secret", "GET", errors.New("password: hunter2"), 500, `{"detail":"Internal Server Error","status":500,"title":"Internal Server Error","type":"about:blank"}`},
		{"head", "HEAD", &Refusal{Status: 404}, 404, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			e, recorder := echo.New(), httptest.NewRecorder()
			e.Logger.SetOutput(&strings.Builder{})
			RenderError(test.err, e.NewContext(httptest.NewRequest(test.method, "/", nil), recorder))
			if recorder.Code != test.status || recorder.Body.String() != test.body {
				t.Errorf("got %d %s, want %d %s", recorder.Code, recorder.Body, test.status, test.body)
			}
		})
	}
}

// The shape is that of the document's errors; what it requires beyond the cause is there.
func TestErrorShape(t *testing.T) {
	text := `openapi: 3.0.3
info: {title: T, version: "1"}
paths:
  /a:
    get:
      responses:
        "200": {description: ok}
        "404": {description: no, content: {application/vnd.x+json: {schema: {$ref: "#/components/schemas/Error"}}}}
components:
  schemas:
    Error:
      type: object
      required: [error, trace]
      properties: {error: {type: object, required: [code, message, status], properties: {status: {type: string}, code: {type: string}, message: {type: string}}}, trace: {type: array, items: {type: string}}}
`
	doc, err := openapi.Parse("d.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	code, err := refusalCode(doc, "d", settings{})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`contentType: "application/vnd.x+json"`, `\"trace\":[]`, `detail: "/error/message"`, `code: "/error/code"`} {
		if !strings.Contains(code, want) {
			t.Errorf("no %s in …%s", want, code[strings.Index(code, "func documentErrors"):])
		}
	}
}

func TestShapeBody(t *testing.T) {
	shape := errorShape{skeleton: `{"error":{"status":"","message":""},"trace":[]}`, status: "/error/status", textStatus: true, detail: "/error/message", code: "/error/a~1b"}
	got := string(shape.body(&Refusal{Status: http.StatusNotFound, Detail: "gone"}))
	if want := `{"error":{"a/b":"NOT_FOUND","message":"gone","status":"404"},"trace":[]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
