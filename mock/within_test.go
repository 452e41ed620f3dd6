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
