package mock

import (
	"testing"
)

// kept has items whose account is of one of several kinds, and items of which there are two at most.
const kept = `
openapi: 3.0.3
info: {title: t, version: "1"}
paths:
  /instruments:
    post:
      requestBody: {required: true, content: {application/json: {schema: &instrument {type: object, required: [account], properties: {id: {type: string, readOnly: true}, account: {$ref: '#/components/schemas/Account'}}}}}}
      responses: &made {"201": {description: made, content: {application/json: {schema: *instrument}}}}
  /instruments/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: &answer {"200": {description: ok, content: {application/json: {schema: *instrument}}}, "404": {description: none}}}
    patch: {requestBody: {required: true, content: {application/json: {schema: *instrument}}}, responses: *answer}
  /sides:
    get: {responses: {"200": {description: ok, content: {application/json: {schema: {type: array, items: &side {type: object, required: [id], properties: {id: {type: string, enum: [left, right]}}}}}}}}}
    post:
      requestBody: {required: true, content: {application/json: {schema: {type: object}}}}
      responses: {"201": {description: made, content: {application/json: {schema: *side}}}, "481": {description: ConflictException}}
  /sides/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {"200": {description: ok, content: {application/json: {schema: *side}}}}}
  /names:
    get: {responses: {"200": {description: ok, content: {application/json: {schema: {type: array, items: &named {type: object, required: [name], properties: {name: {type: string, pattern: '^[a-z]{4,9}$'}}}}}}}}}
    post:
      requestBody: {required: true, content: {application/json: {schema: &free {type: object, required: [name], properties: {name: {type: string}}}}}}
      responses: {"201": {description: made, content: {application/json: {schema: *free}}}}
  /names/{name}:
    parameters: [{name: name, in: path, required: true, schema: {type: string}}]
    get: {responses: {"200": {description: ok, content: {application/json: {schema: *named}}}}}
components:
  schemas:
    Account: {type: object, properties: {bank: {type: string}, number: {oneOf: [{$ref: '#/components/schemas/Iban'}, {$ref: '#/components/schemas/Local'}]}}}
    Iban: {type: object, additionalProperties: false, required: [type, iban], properties: {type: {type: string, enum: [iban]}, iban: {type: string}}}
    Local: {type: object, additionalProperties: false, required: [type, number], properties: {type: {type: string, enum: [local]}, number: {type: string}}}
`

// TestAnotherKind merges an account of another kind into one: it takes the place of the old, beside what has not changed.
func TestAnotherKind(t *testing.T) {
	s, err := New(parsed(t, kept))
	if err != nil {
		t.Fatal(err)
	}
	c := client{s}
	_, _, made := c.do("POST", "/instruments", `{"account":{"bank":"first","number":{"type":"iban","iban":"NL62ABNA0000000123"}}}`)
	path := "/instruments/" + member(made, "id").(string)
	for _, method := range []string{"PATCH", "GET"} {
		code, _, body := c.do(method, path, `{"account":{"number":{"type":"local","number":"7"}}}`)
		number := member(body, "account", "number")
		if code != 200 || member(body, "account", "bank") != "first" || member(number, "number") != "7" || member(number, "iban") != nil {
			t.Errorf("%s: %d %v", method, code, body)
		}
	}
}

// TestNoIDLeft creates an item where there is one of each ID that may be: it is refused by what the document says of a conflict.
func TestNoIDLeft(t *testing.T) {
	s, err := New(parsed(t, kept))
	if err != nil {
		t.Fatal(err)
	}
	if code, _, body := (client{s}).do("POST", "/sides", `{}`); code != 481 {
		t.Errorf("%d %v", code, body)
	}
}

// TestNameOfItsOwn creates an item by a name that no item may have: the answer tells the one that it got, by which it is read.
func TestNameOfItsOwn(t *testing.T) {
	s, err := New(parsed(t, kept))
	if err != nil {
		t.Fatal(err)
	}
	c := client{s}
	_, _, made := c.do("POST", "/names", `{"name":"NO-7"}`)
	if code, _, body := c.do("GET", "/names/"+member(made, "name").(string), ""); code != 200 || member(body, "name") != member(made, "name") {
		t.Errorf("%v: %d %v", made, code, body)
	}
}
