package gen

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"troth/openapi"
)

// unroutable is a document of paths that echo's router takes for one another.
const unroutable = `openapi: 3.0.3
info: {title: T, version: "1"}
paths:
  /jobs/{id}: {get: {operationId: read, parameters: [{$ref: "#/components/parameters/id"}], responses: {"200": {description: ok}}}}
  /jobs/{id}:pin: {get: {operationId: pin, parameters: [{$ref: "#/components/parameters/id"}], responses: {"200": {description: ok}}}}
  /jobs/{id}:unpin: {get: {operationId: unpin, parameters: [{$ref: "#/components/parameters/id"}], responses: {"200": {description: ok}}}}
  /jobs/{id}.{ext}: {get: {operationId: file, parameters: [{$ref: "#/components/parameters/id"}, {name: ext, in: path, required: true, schema: {type: string}}], responses: {"200": {description: ok}}}}
  /jobs/all: {get: {operationId: all, responses: {"200": {description: ok}}}}
  /jobs('{id}')/log: {get: {operationId: log, parameters: [{$ref: "#/components/parameters/id"}], responses: {"200": {description: ok}}}}
  /tags#Action=Add: {get: {operationId: add, responses: {"200": {description: ok}}}}
  /tags#Action=Drop: {get: {operationId: drop, responses: {"200": {description: ok}}}}
components:
  parameters:
    id: {name: id, in: path, required: true, schema: {type: string}}
`

// Each request reaches the operation that the mock would say, with the parameters of its path.
func TestDispatch(t *testing.T) {
	doc, err := openapi.Parse("d.yaml", []byte(unroutable))
	if err != nil {
		t.Fatal(err)
	}
	e := echo.New()
	register(t, e, doc)
	tests := []struct{ path, want string }{
		{"/jobs/7", "read id=7"},
		{"/jobs/all", "all"},
		{"/jobs/7:pin", "pin id=7"},
		{"/jobs/a:b:unpin", "unpin id=a:b"},
		{"/jobs/7:other", "read id=7:other"},
		{"/jobs/7.tar.gz", "file id=7.tar ext=gz"},
		{"/jobs/a%2Fb:pin", "pin id=a%2Fb"},
		{"/jobs('7')/log", "log id=7"},
		{"/jobs(7)/log", "404"},
		{"/tags?Action=Add", "add"},
		{"/tags?Action=Drop", "drop"},
		{"/tags?Action=Other", "404"},
		{"/tags", "404"},
	}
	for _, test := range tests {
		recorder := httptest.NewRecorder()
		e.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, test.path, nil))
		got := recorder.Body.String()
		if recorder.Code != http.StatusOK {
			got = strconv.Itoa(recorder.Code)
		}
		if got != test.want {
			t.Errorf("%s: got %q (status %d), want %q", test.path, got, recorder.Code, test.want)
		}
	}
}

// register does with handlers that tell their names what the generated code does with the operations'.
func register(t *testing.T, e *echo.Echo, doc *openapi.Document) {
	t.Helper()
	groups := map[string][]*openapi.Operation{}
	for _, o := range doc.Operations {
		groups[echoPath(o.Route)] = append(groups[echoPath(o.Route)], o)
	}
	for path, group := range groups {
		slices.SortStableFunc(group, moreSpecific)
		var routes []operationRoute
		for _, o := range group {
			conditions := map[string]string{}
			for name, value := range o.Conditions() {
				conditions[name] = value
			}
			routes = append(routes, operationRoute{pattern(o), parameterNames(o.Route), conditions, sayer(o.ID), []echo.MiddlewareFunc{passing}})
		}
		e.GET(path, dispatch(routes...))
	}
}

func sayer(id string) echo.HandlerFunc {
	return func(c echo.Context) error {
		words := []string{id}
		for i, name := range c.ParamNames() {
			words = append(words, name+"="+c.ParamValues()[i])
		}
		return c.String(http.StatusOK, strings.Join(words, " "))
	}
}

func passing(next echo.HandlerFunc) echo.HandlerFunc { return next }

// The generated server registers them so: it compiles, which Files checks, and no route is lost.
func TestRoutesWritten(t *testing.T) {
	doc, err := openapi.Parse("d.yaml", []byte(unroutable))
	if err != nil {
		t.Fatal(err)
	}
	files, err := Files(doc, "d", WithoutClient())
	if err != nil {
		t.Fatal(err)
	}
	var server string
	for _, f := range files {
		if f.Name == serverFile {
			server = string(f.Data)
		}
	}
	for _, o := range doc.Operations {
		if n := strings.Count(server, `options.OperationMiddlewares["`+o.ID+`"]`); n != 1 {
			t.Errorf("%s is registered %d times", o.ID, n)
		}
	}
	if n := strings.Count(server, "dispatch("); n != 3 {
		t.Errorf("%d groups are told apart, want 3", n)
	}
}
