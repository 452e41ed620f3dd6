package mock

import (
	"strings"
	"testing"

	"troth/openapi"
)

// TestWrappedBodies creates and changes an item that stands in a member of bodies, as JSON:API has it.
func TestWrappedBodies(t *testing.T) {
	d, err := openapi.Load("../contract/testdata/strangers/04-newsroom-jsonapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(d, WithItems(5), WithoutAuth())
	if err != nil {
		t.Fatal(err)
	}
	c := client{s}
	const jsonAPI = "application/vnd.api+json"
	code, header, body := c.do("POST", "/articles", `{"data": {"type": "articles", "attributes": {"headline": "Rivers", "slug": "rivers", "body": "They rise."}}}`, "Content-Type", jsonAPI)
	data, _ := member(body, "data").(map[string]any)
	at := header.Get("Location")
	if code != 201 || member(data["attributes"], "headline") != "Rivers" || !strings.HasSuffix(at, "/articles/"+text(data["id"])) {
		t.Fatalf("created: %d %v %v", code, at, body)
	}
	id := text(data["id"])
	code, _, body = c.do("PATCH", "/articles/"+id, `{"data": {"type": "articles", "id": "`+id+`", "attributes": {"headline": "Seas"}}}`, "Content-Type", jsonAPI)
	if code != 200 {
		t.Fatalf("changed: %d %v", code, body)
	}
	_, _, body = c.do("GET", "/articles/"+id, "")
	data, _ = member(body, "data").(map[string]any)
	if data["id"] != id || member(data["attributes"], "headline") != "Seas" || member(data["attributes"], "slug") != "rivers" {
		t.Errorf("behind the change: %v", data)
	}
	_, _, body = c.do("GET", "/articles", "")
	if list, _ := member(body, "data").([]any); len(list) != 6 || member(list[0], "id") != id {
		t.Errorf("the list does not begin with %s: %v", id, body)
	}
}

// TestWithinCalled puts what is created into the member that is called as the items are, beside another with an ID.
func TestWithinCalled(t *testing.T) {
	d, err := openapi.Parse("orgs.yaml", []byte(`
openapi: 3.0.3
info: {title: t, version: "1"}
paths:
  /orgs:
    get: {responses: {"200": {description: ok, content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Org"}}}}}}}
    post:
      requestBody: {content: {application/json: {schema: {type: object, properties: {name: {type: string}}}}}}
      responses: {"201": {description: ok, headers: {Location: {schema: {type: string}}}, content: {application/json: {schema: {type: object, required: [apiKey, organization], properties: {
        apiKey: {type: object, required: [id], properties: {id: {type: string}}}, organization: {$ref: "#/components/schemas/Org"}}}}}}}
  /orgs/{orgId}:
    get: {parameters: [{name: orgId, in: path, required: true, schema: {type: string}}], responses: {"200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Org"}}}}}}
components: {schemas: {Org: {type: object, required: [id, name], properties: {id: {type: string}, name: {type: string}}}}}
`))
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(d, WithItems(3))
	if err != nil {
		t.Fatal(err)
	}
	code, header, body := (client{s}).do("POST", "/orgs", `{"name": "north"}`, "Content-Type", "application/json")
	made := member(body, "organization")
	if code != 201 || member(made, "name") != "north" || !strings.HasSuffix(header.Get("Location"), "/orgs/"+text(member(made, "id"))) {
		t.Errorf("%d %v %v", code, header, body)
	}
}
