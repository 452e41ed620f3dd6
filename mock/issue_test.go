package mock

import (
	"testing"
)

const receipts = `
openapi: 3.0.3
info: {title: Receipts, version: "1"}
paths:
  /exports:
    post:
      requestBody: {content: {application/json: {schema: {type: object, properties: {name: {type: string}}}}}}
      responses: {"200": {description: ok, content: {application/json: {schema: {type: object, required: [token, name], properties: {token: {type: string, pattern: '^[a-z0-9]{20}$'}, name: {type: string}}}}}}}
  /exports/{token}:
    parameters: [{name: token, in: path, required: true, schema: {type: string}}]
    get:
      responses: {"200": {description: ok, content: {application/json: {schema: {type: object, properties: {name: {type: string}}}}}}, "404": {description: none}}
    delete: {responses: {"204": {description: gone}, "404": {description: none}}}
`

// TestIssued finds what the answer to a POST named, where nothing lists it, and tells what was sent.
func TestIssued(t *testing.T) {
	d := parsed(t, receipts)
	s, err := New(d)
	if err != nil {
		t.Fatal(err)
	}
	c := client{s}
	code, _, v := c.do("POST", "/exports", `{"name":"mine"}`, "Content-Type", "application/json")
	token, _ := member(v, "token").(string)
	if code != 200 || token == "" || member(v, "name") != "mine" {
		t.Fatal(code, v)
	}
	if code, _, v := c.do("GET", "/exports/"+token, ""); code != 200 || member(v, "name") != "mine" || v.(map[string]any)["token"] != nil {
		t.Errorf("what was issued: %d %v", code, v)
	}
	other, err := New(d)
	if err != nil {
		t.Fatal(err)
	}
	reads := func(s *Server) int { code, _, _ := (client{s}).do("GET", "/exports/"+token, ""); return code }
	if dropped := other.Adopt(s); len(dropped) > 0 || reads(other) != 200 {
		t.Errorf("a new server does not know it: %v", dropped)
	}
	if other.Reset(); reads(other) != 404 {
		t.Error("it outlives a reset")
	}
	state, err := stateOf(s.State().plain())
	if err != nil || other.SetState(state) != nil || reads(other) != 200 {
		t.Errorf("it is not in the exported state: %v", err)
	}
	if code, _, _ := c.do("DELETE", "/exports/"+token, ""); code != 204 {
		t.Errorf("deleting it: %d", code)
	}
	if code, _, _ := c.do("GET", "/exports/"+token, ""); code != 404 {
		t.Errorf("what was deleted: %d", code)
	}
	if code, _, _ := c.do("GET", "/exports/zyxwvutsrqponmlkjihgfedc", ""); code != 404 {
		t.Errorf("what was not: %d", code)
	}
}

// TestIssuedMany issues many: each has an ID of its own, also while others are deleted.
func TestIssuedMany(t *testing.T) {
	d := parsed(t, receipts)
	s, err := New(d)
	if err != nil {
		t.Fatal(err)
	}
	c, seen := client{s}, map[string]bool{}
	for i := range 100 {
		_, _, v := c.do("POST", "/exports", `{"name":"mine"}`, "Content-Type", "application/json")
		token, _ := member(v, "token").(string)
		if token == "" || seen[token] {
			t.Fatalf("issued %d: %q again", i, token)
		}
		if seen[token] = true; i%2 == 0 {
			c.do("DELETE", "/exports/"+token, "")
		}
	}
}
