package mock

import (
	"encoding/base64"
	"fmt"
	"net/http/httptest"
	"testing"

	"troth/openapi"
	"troth/openapi/sample"
)

// forms are answers that show an item in another form than its own schema: within something, under another name or type of its ID, without ID,
// in no form that the document tells.
const forms = `
openapi: 3.0.3
info: {title: Forms, version: "1"}
components:
  schemas:
    Bank: {type: object, properties: {id: {type: string}, name: {type: string}, links: {type: object, properties: {self: {type: string}}}}}
    Key: {type: object, properties: {keyId: {type: string}, name: {type: string}}}
    Talk: {type: object, required: [uuid, name], properties: {uuid: {type: string}, name: {type: string}}}
    Campaign: {type: object, required: [id, name], properties: {id: {type: integer}, name: {type: string}}}
    Draft: {type: object, properties: {name: {type: string}, note: {type: string}}}
    Report: {allOf: [{$ref: '#/components/schemas/Draft'}, {type: object, required: [id], properties: {id: {type: string}}}]}
paths:
  /banks:
    get: {responses: {"200": {description: ok, content: {application/json: {schema: {type: object, required: [data], properties: {data: {type: array, items: {$ref: '#/components/schemas/Bank'}}}}}}}}}
  /banks/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {"200": {description: ok, content: {application/json: {schema: {type: object, properties: {data: {allOf: [{$ref: '#/components/schemas/Bank'}]}, links: {type: object, properties: {self: {type: string, example: 'https://else.example/1'}}}}}}}}, "404": {description: none}}}
  /keys:
    get: {responses: {"200": {description: ok, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Key'}}}}}}}
    post:
      requestBody: {content: {application/json: {schema: {type: object, properties: {name: {type: string}}}}}}
      responses: {"200": {description: ok, content: {application/json: {schema: {type: object, properties: {keyId: {type: integer}}}}}}}
  /keys/{keyId}:
    parameters: [{name: keyId, in: path, required: true, schema: {type: integer}}]
    get: {responses: {"200": {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Key'}}}}, "404": {description: none}}}
    put:
      requestBody: {content: {application/json: {schema: {type: object, properties: {name: {type: string}}}}}}
      responses: {"200": {description: ok, content: {application/json: {schema: {type: object, required: [result], properties: {result: {type: string}}}}}}, "404": {description: none}}
  /talks:
    get: {responses: {"200": {description: ok, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Talk'}}}}}}}
    post:
      requestBody: {content: {application/json: {schema: {type: object, properties: {name: {type: string}}}}}}
      responses: {"200": {description: ok, content: {application/json: {schema: {type: object, properties: {id: {type: string}, href: {type: string}}}}}}}
  /talks/{talkId}:
    parameters: [{name: talkId, in: path, required: true, schema: {type: string}}]
    get: {responses: {"200": {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Talk'}}}}, "404": {description: none}}}
  /adverts:
    get: {responses: {"200": {description: ok, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Campaign'}}}}}}}
    post:
      requestBody: {content: {application/json: {schema: {type: object, properties: {name: {type: string}}}}}}
      responses: {"200": {description: ok, content: {application/json: {schema: {type: object}, example: {id: 42, name: shown}}}}}
  /adverts/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {"200": {description: ok, content: {application/json: {}}}, "404": {description: none}}}
  /campaigns/{kind}:
    parameters: [{name: kind, in: path, required: true, schema: {type: string, enum: [polls, news]}}]
    get: {responses: {"200": {description: ok, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Campaign'}}}}}}}
    post:
      requestBody: {content: {application/json: {schema: {type: object, properties: {name: {type: string}}}}}}
      responses: {"200": {description: ok, content: {application/json: {schema: {type: object, required: [id], properties: {id: {type: integer}}}}}}}
  /campaigns/{kind}/{id}:
    parameters: [{name: kind, in: path, required: true, schema: {type: string, enum: [polls, news]}}, {name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {"200": {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Campaign'}}}}, "404": {description: none}}}
  /reports:
    get:
      parameters: [{name: api-version, in: query, required: true, schema: {type: string}}]
      responses: {"200": {description: ok, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Report'}}}}}}
    post:
      parameters: [{name: api-version, in: query, required: true, schema: {type: string}}]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Draft'}}}}
      responses: {"201": {description: made, headers: {Location: {schema: {type: string}}}, content: {application/json: {schema: {$ref: '#/components/schemas/Report'}}}}}
  /reports/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}, {name: api-version, in: query, required: true, schema: {type: string}}]
    get: {responses: {"200": {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Report'}}}}, "404": {description: none}}}
    patch:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Draft'}}}}
      responses: {"200": {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Draft'}}}}, "404": {description: none}}
  /steps:
    post:
      requestBody: {content: {application/json: {schema: {type: object, properties: {name: {type: string}}}}}}
      responses: {"200": {description: ok, content: {application/json: {schema: {type: object, required: [id], properties: {id: {type: string}, name: {type: string}}}}}}}
  /steps/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {"200": {description: ok, content: {application/json: {schema: {type: object, properties: {name: {type: string}, stepNumber: {type: integer}}}}}}, "404": {description: none}}}
    delete: {responses: {"204": {description: gone}, "404": {description: none}}}
  /overview:
    get: {responses: {"200": {description: ok, content: {application/json: {schema: {type: object, properties: {parts: {type: array, items: {$ref: '#/components/schemas/Draft'}}}}}}}}}
  /overview/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {operationId: oneOverview, responses: {"200": {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Report'}}}}, "404": {description: none}}}
  /tokens:
    get:
      parameters: [{name: pageSize, in: query, schema: {type: integer}}, {name: pageToken, in: query, schema: {type: string}}]
      responses: {"200": {description: ok, content: {application/json: {schema: {type: object, properties: {nextPageToken: {type: string, format: byte}, items: {type: array, items: {$ref: '#/components/schemas/Draft'}}}}}}}}
`

func formsClient(t *testing.T) (*Server, client) {
	t.Helper()
	d := parsed(t, forms)
	s, err := New(d, WithItems(20))
	if err != nil {
		t.Fatal(err)
	}
	return s, client{s}
}

// TestCreatedForms creates an item by each POST and reads it by what the answer tells, alone and in its list.
func TestCreatedForms(t *testing.T) {
	_, c := formsClient(t)
	for list, id := range map[string][2]string{"/keys": {"keyId", "keyId"}, "/talks": {"id", "uuid"}, "/adverts": {"id", "id"}, "/campaigns/polls": {"id", "id"}} {
		code, _, made := c.do("POST", list, `{"name":"mine"}`, "Content-Type", "application/json")
		told := member(made, id[0])
		if code != 200 || told == nil {
			t.Errorf("%s: %d %v", list, code, made)
			continue
		}
		path := fmt.Sprintf("%s/%v", list, told)
		if code, _, v := c.do("GET", path, ""); code != 200 || member(v, "name") != "mine" || fmt.Sprint(member(v, id[1])) != fmt.Sprint(told) {
			t.Errorf("%s: %d %v", path, code, v)
		}
		_, _, items := c.do("GET", list, "")
		if first := items.([]any)[0]; member(first, "name") != "mine" || fmt.Sprint(member(first, id[1])) != fmt.Sprint(told) {
			t.Errorf("%s begins with %v, and %v was created", list, first, told)
		}
	}
	if _, _, news := c.do("GET", "/campaigns/news", ""); member(news.([]any)[0], "name") == "mine" {
		t.Error("what was created in a list stands in another one")
	}
}

// TestWithin reads items of a list one by one, each within an object that would be valid without it.
func TestWithin(t *testing.T) {
	_, c := formsClient(t)
	_, _, list := c.do("GET", "/banks", "")
	first := member(list, "data").([]any)[0]
	code, _, alone := c.do("GET", "/banks/"+member(first, "id").(string), "")
	if data := member(alone, "data"); code != 200 || fmt.Sprint(data) != fmt.Sprint(first) {
		t.Errorf("%d %v, and the list has %v", code, alone, first)
	}
	if around := member(alone, "links", "self"); around == nil || around != member(first, "links", "self") {
		t.Errorf("the answer links to itself by %v", around)
	}
}

// TestChangeAnsweredOtherwise changes items by operations that answer with their members and no ID, and with something else.
func TestChangeAnsweredOtherwise(t *testing.T) {
	_, c := formsClient(t)
	_, header, made := c.do("POST", "/reports?api-version=2", `{"name":"old","note":"kept"}`, "Content-Type", "application/json")
	at := header.Get("Location")
	if code, _, v := c.do("GET", at, ""); code != 200 || member(v, "id") != member(made, "id") {
		t.Fatalf("Location %s: %d %v", at, code, v)
	}
	code, _, answer := c.do("PATCH", at, `{"name":"new"}`, "Content-Type", "application/json")
	if code != 200 || member(answer, "name") != "new" || member(answer, "note") != "kept" || member(answer, "id") != nil {
		t.Errorf("the change: %d %v", code, answer)
	}
	if _, _, v := c.do("GET", at, ""); member(v, "name") != "new" || member(v, "note") != "kept" {
		t.Errorf("behind the change: %v", v)
	}
	_, _, keys := c.do("GET", "/keys", "")
	key := "/keys/" + member(keys.([]any)[3], "keyId").(string)
	if code, _, answer := c.do("PUT", key, `{"name":"new"}`, "Content-Type", "application/json"); code != 200 || member(answer, "result") == nil || member(answer, "name") != nil {
		t.Errorf("%s: %d %v", key, code, answer)
	}
	if _, _, v := c.do("GET", key, ""); member(v, "name") != "new" {
		t.Errorf("%s behind the change: %v", key, v)
	}
}

// TestIssuedAnew deletes what a POST named: no other POST names it again.
func TestIssuedAnew(t *testing.T) {
	_, c := formsClient(t)
	seen := map[any]bool{}
	for range 3 {
		_, _, made := c.do("POST", "/steps", `{"name":"mine"}`, "Content-Type", "application/json")
		id := member(made, "id")
		if seen[id] {
			t.Fatalf("%v was deleted", id)
		}
		seen[id] = true
		path := fmt.Sprintf("/steps/%v", id)
		if code, _, v := c.do("GET", path, ""); code != 200 || member(v, "name") != "mine" {
			t.Errorf("%s: %d %v", path, code, v)
		}
		if code, _, _ := c.do("DELETE", path, ""); code != 204 {
			t.Errorf("deleting %s: %d", path, code)
		}
	}
}

// TestUnlistedID asks for an item whose list shows no ID: the usual one exists, since nobody can learn another.
func TestUnlistedID(t *testing.T) {
	s, c := formsClient(t)
	op, err := s.doc.Operation("oneOverview").Compile()
	if err != nil {
		t.Fatal(err)
	}
	id, err := sample.Usual(op.Parameter("path", "id").Schema, "id")
	if err != nil {
		t.Fatal(err)
	}
	if code, _, v := c.do("GET", fmt.Sprintf("/overview/%v", id), ""); code != 200 || member(v, "id") != id {
		t.Errorf("%v: %d %v", id, code, v)
	}
	if code, _, v := c.do("GET", "/overview/other", ""); code != 404 {
		t.Errorf("another one: %d %v", code, v)
	}
}

// TestTokenFormat walks a list whose tokens have to be base64.
func TestTokenFormat(t *testing.T) {
	_, c := formsClient(t)
	url, n := "/tokens?pageSize=7", 0
	for range 4 {
		code, _, page := c.do("GET", url, "")
		items, _ := member(page, "items").([]any)
		if n += len(items); code != 200 {
			t.Fatalf("%s: %d %v", url, code, page)
		}
		token, _ := member(page, "nextPageToken").(string)
		if _, err := base64.StdEncoding.DecodeString(token); err != nil {
			t.Errorf("%q: %v", token, err)
		}
		if token == "" {
			break
		}
		url = "/tokens?pageSize=7&pageToken=" + token
	}
	if n != 20 {
		t.Errorf("%d of 20 items", n)
	}
}

// TestOneAuthorization meets a requirement of two schemes that both stand in Authorization, which holds one credential, and a key.
func TestOneAuthorization(t *testing.T) {
	d, err := openapi.Parse("both.yaml", []byte(`
openapi: 3.0.3
info: {title: Both, version: "1"}
components:
  securitySchemes: {basic: {type: http, scheme: basic}, token: {type: apiKey, in: header, name: Authorization}, client: {type: apiKey, in: query, name: client}}
paths:
  /me: {get: {security: [{basic: [], token: [], client: []}], responses: {"200": {description: ok}, "401": {description: who}}}}
`))
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(d)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		url, user, token string
		want             int
	}{
		{"/me?client=key", "public", "", 200}, {"/me?client=key", "", "key", 200}, {"/me", "public", "", 401}, {"/me?client=key", "", "", 401},
		{"/me?client=wrong", "public", "", 401}, {"/me?client=key", "", "wrong", 401},
	} {
		r := httptest.NewRequest("GET", test.url, nil)
		if test.token != "" {
			r.Header.Set("Authorization", test.token)
		}
		if test.user != "" {
			r.SetBasicAuth(test.user, "private")
		}
		w := httptest.NewRecorder()
		if s.ServeHTTP(w, r); w.Code != test.want {
			t.Errorf("%+v: %d", test, w.Code)
		}
	}
}
