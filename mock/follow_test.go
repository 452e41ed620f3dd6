package mock

import (
	"testing"
)

// TestLinksLead follows a Link Object to an item that no list shows; an item of a list exists only if the list has it.
func TestLinksLead(t *testing.T) {
	const text = `
openapi: 3.0.3
info: {title: t, version: "1"}
paths:
  /orders/{orderId}:
    parameters: [{name: orderId, in: path, required: true, schema: {type: integer}, example: 1}]
    get:
      responses:
        "200":
          description: ok
          content: {application/json: {schema: {type: object, required: [user], properties: {user: {type: integer, minimum: 1}}}}}
          links:
            user: {operationId: getUser, parameters: {uid: '$response.body#/user'}}
            team: {operationId: getTeam, parameters: {path.tid: '$response.body#/user'}}
        "404": {description: none}
  /users/{uid}: &one
    parameters: [{name: uid, in: path, required: true, schema: {type: integer}}]
    get: {operationId: getUser, responses: &answers {"200": {description: ok, content: {application/json: {schema: &item {type: object, required: [id], properties: {id: {type: integer}}}}}}, "404": {description: none}}}
  /plain/{pid}:
    parameters: [{name: pid, in: path, required: true, schema: {type: integer}}]
    get: {responses: *answers}
  /teams:
    get: {responses: {"200": {description: ok, content: {application/json: {schema: {type: array, items: *item}}}}}}
  /teams/{tid}:
    parameters: [{name: tid, in: path, required: true, schema: {type: integer}}]
    get: {operationId: getTeam, responses: *answers}
`
	d := parsed(t, text)
	s, err := New(d)
	if err != nil {
		t.Fatal(err)
	}
	c := client{s}
	_, _, order := c.do("GET", "/orders/1", "")
	user := string(appendJSON(nil, member(order, "user")))
	for path, want := range map[string]int{"/users/" + user: 200, "/plain/" + user: 404, "/teams/987654321": 404} {
		if code, _, _ := c.do("GET", path, ""); code != want {
			t.Errorf("%s: %d, want %d", path, code, want)
		}
	}
}
