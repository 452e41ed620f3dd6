package middleware_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"troth/openapi"
	"troth/openapi/middleware"
)

const pets = `openapi: 3.1.0
info: {title: Pets, version: "1"}
servers: [{url: /v1}]
paths:
  /pets/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get:
      operationId: getPet
      parameters: [{name: detail, in: query, schema: {enum: [short, long]}}]
      responses:
        "200": {description: ok, headers: {X-Age: {required: true, schema: {type: integer}}}, content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}
        "404": {$ref: "#/components/responses/Error"}
        "400": {$ref: "#/components/responses/Error"}
    put:
      operationId: putPet
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}
      responses: {"204": {description: done}, default: {$ref: "#/components/responses/Error"}}
components:
  responses:
    Error: {description: refused, content: {application/json: {schema: {$ref: "#/components/schemas/Error"}}}}
  schemas:
    Pet: {type: object, required: [name], properties: {name: {type: string, maxLength: 5}}}
    Error: {type: object, required: [status, message], properties: {status: {type: integer}, message: {type: string}}}
`

func document(t testing.TB) *openapi.Document {
	t.Helper()
	doc, err := openapi.Parse("pets.yaml", []byte(pets))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// answer is what the handlers under test answer.
type answer struct {
	status            int
	contentType, body string
	age               string
}

func (a answer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Body != nil {
		if sent, err := io.ReadAll(r.Body); err != nil || r.Method == http.MethodPut && len(sent) == 0 {
			http.Error(w, "the body is gone", http.StatusTeapot)
			return
		}
	}
	if a.contentType != "" {
		w.Header().Set("Content-Type", a.contentType)
	}
	if a.age != "" {
		w.Header().Set("X-Age", a.age)
	}
	w.WriteHeader(a.status)
	_, _ = io.WriteString(w, a.body)
}

// both serves a handler behind the middleware of net/http and of echo.
func both(t *testing.T, h http.Handler, opts ...middleware.Option) map[string]http.Handler {
	t.Helper()
	v, err := middleware.New(document(t), opts...)
	if err != nil {
		t.Fatal(err)
	}
	e := echo.New()
	e.Use(v.Echo())
	e.Any("/*", echo.WrapHandler(h))
	return map[string]http.Handler{"net/http": v.Handler(h), "echo": e}
}

func TestRequests(t *testing.T) {
	const ok = http.StatusNoContent
	tests := []struct {
		method, target, contentType, body string
		status                            int
		message                           string
	}{
		{"GET", "/v1/pets/7?detail=short", "", "", ok, ""},
		{"GET", "/pets/7", "", "", ok, ""},
		{"GET", "/healthz", "", "", ok, ""},
		{"GET", "/v1/pets/x", "", "", 400, "path parameter id: type: want integer"},
		{"GET", "/v1/pets/7?detail=none", "", "", 400, "query parameter detail: enum: want one of short, long"},
		{"PUT", "/v1/pets/7", "application/json", `{"name":"Rex"}`, ok, ""},
		{"PUT", "/v1/pets/7", "application/json", `{"name":"Rexina"}`, 400, "request body at /name: maxLength"},
		{"PUT", "/v1/pets/7", "application/json", `{}`, 400, "request body at /name: required"},
		{"PUT", "/v1/pets/7", "application/json", ``, 400, "want a request body"},
		{"PUT", "/v1/pets/7", "application/json", `{`, 400, "JSON"},
		{"PUT", "/v1/pets/7", "text/plain", `Rex`, 415, "takes application/json"},
		{"PUT", "/v1/pets/7", "application/json", `"` + strings.Repeat("x", 100) + `"`, 413, "over 64 bytes"},
		{"DELETE", "/v1/pets/7", "", "", ok, ""},
	}
	for name, h := range both(t, answer{status: ok}, middleware.WithBodyLimit(64)) {
		for _, test := range tests {
			t.Run(name+" "+test.method+" "+test.target+" "+test.body, func(t *testing.T) {
				r := httptest.NewRequest(test.method, test.target, strings.NewReader(test.body))
				r.Header.Set("Content-Type", test.contentType)
				w := httptest.NewRecorder()
				h.ServeHTTP(w, r)
				if w.Code != test.status {
					t.Fatalf("%d %s, want %d", w.Code, w.Body, test.status)
				}
				if test.message == "" {
					return
				}
				var e struct {
					Status  int
					Message string
				}
				if err := json.Unmarshal(w.Body.Bytes(), &e); err != nil || e.Status != test.status || !strings.Contains(e.Message, test.message) {
					t.Errorf("%v %s, want the document's error with %q", err, w.Body, test.message)
				}
			})
		}
	}
}

func TestWithoutOtherPaths(t *testing.T) {
	for name, h := range both(t, answer{status: 204}, middleware.WithoutOtherPaths()) {
		for target, want := range map[string]int{"GET /healthz": 404, "DELETE /v1/pets/7": 405, "GET /v1/pets/7": 204} {
			method, path, _ := strings.Cut(target, " ")
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest(method, path, nil))
			if w.Code != want || want == 405 && !strings.Contains(w.Header().Get("Allow"), "PUT") {
				t.Errorf("%s %s: %d %v %s, want %d", name, target, w.Code, w.Header(), w.Body, want)
			}
		}
	}
}

// reported collects what a test would be told.
type reported []string

func (r *reported) Helper()                           {}
func (r *reported) Errorf(format string, args ...any) { *r = append(*r, fmt.Sprintf(format, args...)) }

func TestResponses(t *testing.T) {
	tests := []struct {
		name   string
		answer answer
		want   string // "": nothing is wrong
	}{
		{"kept", answer{200, "application/json", `{"name":"Rex"}`, "3"}, ""},
		{"charset", answer{200, "application/json; charset=utf-8", `{"name":"Rex"}`, "3"}, ""},
		{"undeclared status", answer{418, "application/json", `{}`, ""}, "status: responses: want one of 200, 404, 400, got 418 (pets.yaml:"},
		{"other type", answer{200, "text/html", `<p>`, "3"}, "header Content-Type: content: want application/json"},
		{"body", answer{200, "application/json", `{"name":7}`, "3"}, "body at /name: type: want string, got 7 (pets.yaml:"},
		{"no JSON", answer{200, "application/json", `{`, "3"}, "body: content: want JSON"},
		{"no body", answer{200, "", ``, "3"}, "want a body of application/json"},
		{"header", answer{200, "application/json", `{"name":"Rex"}`, "old"}, "header X-Age: type: want integer"},
		{"no header", answer{200, "application/json", `{"name":"Rex"}`, ""}, "header X-Age: required: want header X-Age, got absent"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var told reported
			for name, h := range both(t, test.answer, middleware.WithTest(&told)) {
				told = nil
				w := httptest.NewRecorder()
				h.ServeHTTP(w, httptest.NewRequest("GET", "/v1/pets/7", nil))
				if w.Code != test.answer.status || w.Body.String() != test.answer.body {
					t.Errorf("%s: the answer is changed: %d %s", name, w.Code, w.Body)
				}
				switch {
				case test.want == "" && told != nil:
					t.Errorf("%s: %q", name, told)
				case test.want != "" && (len(told) != 1 || !strings.Contains(told[0], test.want) || !strings.Contains(told[0], "GET /v1/pets/7")):
					t.Errorf("%s: %q, want %q", name, told, test.want)
				}
			}
		})
	}
}

// What an echo handler returns as its error is judged as it is answered.
func TestEchoError(t *testing.T) {
	var told reported
	v, err := middleware.New(document(t), middleware.WithTest(&told))
	if err != nil {
		t.Fatal(err)
	}
	e := echo.New()
	e.Use(v.Echo())
	e.GET("/v1/pets/:id", func(echo.Context) error { return echo.NewHTTPError(http.StatusNotFound, "no such pet") })
	w := httptest.NewRecorder()
	e.ServeHTTP(w, httptest.NewRequest("GET", "/v1/pets/7", nil))
	if w.Code != 404 || len(told) != 1 || !strings.Contains(told[0], "body at /status: required: want member status") {
		t.Errorf("%d %s %q", w.Code, w.Body, told)
	}
}

// A document whose requests could not be judged is refused at once.
func TestNewRefuses(t *testing.T) {
	doc, err := openapi.Parse("bad.yaml", []byte(strings.Replace(pets, "#/components/schemas/Pet\"}}}}\n        \"404\"", "#/components/schemas/Dog\"}}}}\n        \"404\"", 1)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := middleware.New(doc); err == nil || !strings.Contains(err.Error(), "getPet") {
		t.Errorf("%v", err)
	}
}

func BenchmarkHandler(b *testing.B) {
	v, err := middleware.New(document(b))
	if err != nil {
		b.Fatal(err)
	}
	h := v.Handler(answer{status: http.StatusNoContent})
	r := httptest.NewRequest("GET", "/v1/pets/7?detail=short", nil)
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
}
