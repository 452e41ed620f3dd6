package gen_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"troth/gen"
)

func TestBinder(t *testing.T) {
	const vendor = "application/vnd.x.2023-01-01+json"
	tests := []struct {
		name, mediaType, body string
		status                int // 0: bound
	}{
		{"json", "application/json", `{"kind":"a"}`, 0},
		{"vendor", vendor, `{"kind":"a"}`, 0},
		{"vendor with charset", vendor + "; charset=utf-8", `{"kind":"a"}`, 0},
		{"upper case", "Application/VND.X+JSON", `{"kind":"a"}`, 0},
		{"form", "application/x-www-form-urlencoded", "kind=a", 0},
		{"white space behind", vendor, "{\"kind\":\"a\"}\n", 0},
		{"two values", vendor, `{"kind":"a"}{}`, 400},
		{"rubbish behind", vendor, `{"kind":"a"} xx`, 400},
		{"no JSON", vendor, `{"kind"`, 400},
		{"wrong type", vendor, `{"kind":7}`, 400},
		{"empty", vendor, "", 400},
		{"empty without media type", "", "", 400},
		{"text", "text/plain", `{"kind":"a"}`, 415},
		{"suffix in the middle", "application/x+json.y", `{"kind":"a"}`, 415},
		{"no media type", "", `{"kind":"a"}`, 415},
		{"malformed media type", "application", `{"kind":"a"}`, 415},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			request := httptest.NewRequest(http.MethodPost, "/?kind=query", strings.NewReader(test.body))
			if test.mediaType != "" {
				request.Header.Set("Content-Type", test.mediaType)
			}
			var target struct {
				Kind string `json:"kind" form:"kind" query:"kind"`
			}
			err := gen.Binder{}.Bind(&target, echo.New().NewContext(request, httptest.NewRecorder()))
			var httpError *echo.HTTPError
			switch {
			case test.status == 0 && (err != nil || target.Kind != "a"):
				t.Errorf("got %q, %v", target.Kind, err)
			case test.status != 0 && (!errors.As(err, &httpError) || httpError.Code != test.status):
				t.Errorf("got %v, want status %d", err, test.status)
			}
		})
	}
}

// The generated code tells an absent optional body by io.EOF.
func TestBinderEmptyIsEOF(t *testing.T) {
	for _, mediaType := range []string{"", "application/vnd.x+json"} {
		request := httptest.NewRequest(http.MethodPost, "/", http.NoBody)
		request.Header.Set("Content-Type", mediaType)
		var target map[string]any
		err := gen.Binder{}.Bind(&target, echo.New().NewContext(request, httptest.NewRecorder()))
		if !errors.Is(err, io.EOF) {
			t.Errorf("media type %q: got %v", mediaType, err)
		}
	}
}
