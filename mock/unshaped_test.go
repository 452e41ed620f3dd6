package mock

import (
	"strings"
	"testing"

	"troth/openapi"
)

func TestUnshaped(t *testing.T) {
	d, err := openapi.Parse("unshaped.yaml", []byte(`
openapi: 3.0.3
info: {title: t, version: "1"}
paths:
  /one: {get: {responses: {"200": {description: ok}, "400": &no {description: wrong, content: {application/json: {schema: {$ref: "#/components/schemas/No"}}}}, "500": {description: wrong, content: {application/json: {schema: {type: object}}}}}}}
  /two: {get: {responses: {"200": {description: ok}, default: *no}}}
components: {schemas: {No: {oneOf: [{type: object}, {type: object}]}}}
`))
	if err != nil {
		t.Fatal(err)
	}
	if errs := Unshaped(d.Operations); len(errs) != 1 || !strings.Contains(errs[0].Error(), "GET /one: response 400") {
		t.Errorf("%v", errs)
	}
	s, err := New(d)
	if err != nil {
		t.Fatal(err)
	}
	if code, header, body := (client{s}).do("GET", "/two", "", "Prefer", "code=404"); code != 404 || header.Get("Content-Type") != "application/problem+json" || member(body, "detail") == nil {
		t.Errorf("%d %v %v", code, header, body)
	}
}
