package middleware_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/labstack/echo/v4"

	"troth/openapi"
	"troth/openapi/middleware"
)

// Requests that break the document never reach the handler; they are refused in the document's own error shape.
func ExampleNew() {
	doc, err := openapi.Parse("pets.yaml", []byte(pets))
	if err != nil {
		fmt.Println(err)
		return
	}
	v, err := middleware.New(doc)
	if err != nil {
		fmt.Println(err)
		return
	}
	server := v.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))

	w := httptest.NewRecorder()
	server.ServeHTTP(w, httptest.NewRequest("GET", "/v1/pets/Rex", nil))
	fmt.Println(w.Code, w.Body)
	// Output: 400 {"message":"path parameter id: type: want integer, got \"Rex\"","status":400}
}

// In tests the responses are judged, too.
func ExampleValidator_Echo() {
	doc, err := openapi.Parse("pets.yaml", []byte(pets))
	if err != nil {
		fmt.Println(err)
		return
	}
	var t reported // in a test: its *testing.T
	v, err := middleware.New(doc, middleware.WithTest(&t))
	if err != nil {
		fmt.Println(err)
		return
	}
	e := echo.New()
	e.Use(v.Echo())
	e.GET("/v1/pets/:id", func(c echo.Context) error {
		c.Response().Header().Set("X-Age", "3")
		return c.JSON(http.StatusOK, map[string]string{"name": "Bucephalus"})
	})
	e.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/v1/pets/7", nil))
	fmt.Println(t[0])
	// Output: the response to GET /v1/pets/7 breaks the document: body at /name: maxLength: want at most 5 characters, got "Bucephalus" (pets.yaml:22)
}
