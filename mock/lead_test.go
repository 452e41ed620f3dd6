package mock

import (
	"net/http/httptest"
	"testing"

	"troth/openapi/source"
)

const linked = `
openapi: 3.0.3
info: {title: t, version: "1"}
paths:
  /users:
    get: {responses: {"200": {description: ok, content: {application/json: {schema: {type: array, items: &user {type: object, required: [id], properties: {id: {type: integer}}}}}}}}}
  /users/{uid}:
    parameters: &uid [{name: uid, in: path, required: true, schema: {type: integer}}]
    get: {operationId: getUser, responses: &one {"200": {description: ok, content: {application/json: {schema: *user}}}, "404": {description: none}}}
  /users/{uid}/cards:
    parameters: *uid
    get: {responses: {"200": {description: ok, content: {application/json: {schema: {type: array, items: &card {type: object, required: [cardId], properties: {cardId: {type: string, format: uuid}}}}}}}}}
  /users/{uid}/cards/{cardId}:
    parameters: [{name: uid, in: path, required: true, schema: {type: integer}}, {name: cardId, in: path, required: true, schema: {type: string}}]
    get: {operationId: getCard, responses: {"200": {description: ok, content: {application/json: {schema: *card}}}, "404": {description: none}}}
  /orders:
    get:
      responses:
        "200":
          description: ok
          content: {application/json: {schema: {type: object, required: [results, total], properties: {total: {type: integer}, results: {type: array, items: &order {type: object, required: [id, buyer, card, seller], properties: {
            id: {type: integer}, buyer: {type: object, required: [id], properties: {id: {type: integer, minimum: 1}}}, card: {type: string}, seller: {type: string}}}}}}}}
          links: {seller: {operationId: getUser, parameters: {uid: '$response.body#/results/0/seller'}}}
    post:
      requestBody: {content: {application/json: {schema: {type: object, properties: {seller: {type: string}}}}}}
      responses: {"201": {description: ok, content: {application/json: {schema: *order}}}}
  /orders/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get:
      responses:
        "200":
          description: ok
          content: {application/json: {schema: *order}}
          links:
            card: {operationId: getCard, parameters: {uid: '$response.body#/buyer/id', path.cardId: '$response.body#/card'}}
            buyer: {operationId: getUser, parameters: {uid: '$response.body#/buyer/id'}}
            self: {operationId: getUser, parameters: {uid: '$response.body#/id'}}
        "404": {description: none}
  /latest:
    get:
      responses:
        "200":
          description: ok
          content: {application/json: {schema: {type: object, required: [by], properties: {by: {type: integer}}}}}
          links: {by: {operationRef: '#/paths/~1users~1{uid}/get', parameters: {uid: '$response.body#/by'}}}
`

func linkedServer(t *testing.T) *Server {
	t.Helper()
	d := parsed(t, linked)
	s, err := New(d)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// at is the text at a pointer of a body.
func at(t *testing.T, body any, pointer string) string {
	t.Helper()
	v, found := source.Get(body, pointer)
	if !found {
		t.Fatalf("%s has no %s", appendJSON(nil, body), pointer)
	}
	if s, ok := v.(string); ok {
		return s
	}
	return string(appendJSON(nil, v))
}

// TestLinksLeadToListed follows the links of every item, of an answer that no collection gives, and of an item that a client creates.
func TestLinksLeadToListed(t *testing.T) {
	c := client{linkedServer(t)}
	reach := func(path string) {
		t.Helper()
		if code, _, _ := c.do("GET", path, ""); code != 200 {
			t.Errorf("%s: %d", path, code)
		}
	}
	follow := func(order any) {
		t.Helper()
		reach("/users/" + at(t, order, "/seller"))
		reach("/users/" + at(t, order, "/buyer/id"))
		reach("/users/" + at(t, order, "/buyer/id") + "/cards/" + at(t, order, "/card"))
	}
	_, _, latest := c.do("GET", "/latest", "")
	reach("/users/" + at(t, latest, "/by"))
	_, _, list := c.do("GET", "/orders", "")
	orders := member(list, "results").([]any)
	buyers := map[string]bool{}
	for _, order := range orders {
		_, _, single := c.do("GET", "/orders/"+at(t, order, "/id"), "")
		if at(t, single, "/card") != at(t, order, "/card") || at(t, single, "/seller") != at(t, order, "/seller") {
			t.Errorf("list and item differ: %s, %s", appendJSON(nil, order), appendJSON(nil, single))
		}
		follow(single)
		buyers[at(t, single, "/buyer/id")] = true
	}
	if len(orders) < 5 || len(buyers) < 3 {
		t.Errorf("%d orders of %d buyers", len(orders), len(buyers))
	}
	_, _, made := c.do("POST", "/orders", `{}`)
	follow(made)
	_, _, sent := c.do("POST", "/orders", `{"seller": "mine"}`)
	if at(t, sent, "/seller") != "mine" {
		t.Errorf("a link changed what was sent: %s", appendJSON(nil, sent))
	}
	if code, _, _ := c.do("GET", "/users/987654321", ""); code != 404 {
		t.Errorf("an unknown user: %d", code)
	}
}

// TestLinksDoNotRemember has an answer that a link feeds the same whether a client deleted what it leads to before or after it was made.
func TestLinksDoNotRemember(t *testing.T) {
	body := func(s *Server) string {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest("GET", "/orders", nil))
		return w.Body.String()
	}
	first, second := linkedServer(t), linkedServer(t)
	want := body(first)
	users, _ := second.Items(second.doc.Operations[0].ID)
	for _, user := range users {
		v, _ := source.DecodeJSON(user)
		r := second.world.resources["/users"]
		second.world.collection(r, nil).remove(at(t, v, "/id"))
	}
	if got := body(second); got != want {
		t.Errorf("%s\nbefore: %s", got, want)
	}
}
