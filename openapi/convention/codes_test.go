package convention

import (
	"testing"

	"troth/openapi"
)

const codesDocument = `openapi: 3.1.0
info:
  title: t
  version: "1"
  description: "The code follows from the status: 404 ` + "`missing`, 405 (`method`) and 400 `fields`" + `."
paths:
  /a:
    get:
      operationId: a
      responses:
        "200": {description: ok}
        "404": {description: none, content: {application/json: {schema: &error {type: object, properties: {code: {type: string, enum: [missing, method, taken, wrong]}, message: {type: string}}}}}}
        "409": {description: taken, content: {application/json: {schema: *error, example: {code: taken}}}}
        "422": {description: wrong, content: {application/json: {schema: *error, examples: {one: {value: {code: wrong}}}}}}
        default: {description: any, content: {application/json: {schema: *error}}}
`

func TestCodesOf(t *testing.T) {
	d, err := openapi.Parse("codes.yaml", []byte(codesDocument))
	if err != nil {
		t.Fatal(err)
	}
	codes := Infer(d).CodesOf(compiled(t, d, "a"))
	for _, c := range []struct {
		status int
		code   string
		meant  string
		other  int
	}{
		{409, "wrong", "taken", 422},
		{409, "taken", "", 0},
		{409, "own", "", 0},
		{404, "method", "missing", 405},
		{400, "taken", "", 0}, // no code is shown with 400
	} {
		meant, other, ok := codes.Meant(c.status, c.code)
		if meant != c.meant || other != c.other || ok != (c.meant != "") {
			t.Errorf("%d %s: meant %q of %d (%v), want %q of %d", c.status, c.code, meant, other, ok, c.meant, c.other)
		}
	}
}

func TestCodesIn(t *testing.T) {
	if got := codesIn("refused with 409 `conflict`"); got != nil {
		t.Errorf("one status: %v", got)
	}
}
