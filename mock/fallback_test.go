package mock

import (
	"net/http/httptest"
	"testing"

	"troth/openapi/source"
)

// textAt is what stands at a pointer of a body, as JSON text.
func textAt(body []byte, pointer string) string {
	v, _ := source.DecodeJSON(body)
	found, _ := source.Get(v, pointer)
	return string(appendJSON(nil, found))
}

// TestDefaultAlone has a success that the response default describes tell of no error.
func TestDefaultAlone(t *testing.T) {
	const text = `
openapi: 3.0.3
info: {title: t, version: "1"}
paths:
  /failing:
    get: {responses: {default: {description: d, content: {application/json: {schema: &problem {type: object, required: [status, title], properties: {status: {type: integer}, title: {type: string}}}, example: {status: 404, title: Not Found}}}}}}
  /either:
    get: {responses: {default: {description: d, content: {application/json: {schema: *problem, examples: {bad: {value: {status: 404, title: Not Found}}, good: {value: {status: 1, title: mine}}}}}}}}
  /member:
    get: {responses: {default: {description: d, content: {application/json: {schema: {type: object, required: [code], properties: {code: {type: integer, enum: [200, 400, 403, 404, 409, 422, 500, 503]}}}}}}}}
  /unformed:
    get: {responses: {default: {description: d, content: {application/json: {example: {status: 404}}}}}}
  /declared:
    get: {responses: {"200": {description: d, content: {application/json: {schema: *problem, example: {status: 404, title: Not Found}}}}}}
`
	d := parsed(t, text)
	s, err := New(d)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path, prefer string
		code         int
		pointer      string
		value        string
		want         bool // false: any other value
	}{
		{path: "/failing", code: 200, pointer: "/status", value: "404"},
		{path: "/failing", prefer: "code=404", code: 404, pointer: "/status", value: "404", want: true},
		{path: "/failing", prefer: "dynamic=false", code: 200, pointer: "/title", value: `"Not Found"`, want: true},
		{path: "/either", code: 200, pointer: "/title", value: `"mine"`, want: true},
		{path: "/either", prefer: "example=bad", code: 200, pointer: "/status", value: "404", want: true},
		{path: "/member", code: 200, pointer: "/code", value: "200", want: true},
		{path: "/unformed", code: 200, pointer: "/status", value: "404", want: true},
		{path: "/declared", code: 200, pointer: "/status", value: "404", want: true},
	} {
		r := httptest.NewRequest("GET", c.path, nil)
		if c.prefer != "" {
			r.Header.Set("Prefer", c.prefer)
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if got := textAt(w.Body.Bytes(), c.pointer); w.Code != c.code || (got == c.value) != c.want {
			t.Errorf("%s %s: %d %s at %s", c.path, c.prefer, w.Code, got, c.pointer)
		}
	}
}
