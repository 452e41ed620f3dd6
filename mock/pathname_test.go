package mock

import (
	"strings"
	"testing"

	"troth/openapi"
)

// TestPathNames reads each listed item at the end of its name, and creates one of an ID that the query chooses.
func TestPathNames(t *testing.T) {
	d, err := openapi.Load("../contract/testdata/silent/path-names.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(d, WithItems(5), WithParam("project", "alpha"), WithParam("location", "us-east1"))
	if err != nil {
		t.Fatal(err)
	}
	c := client{s}
	for _, tt := range []struct{ list, items, member, prefix string }{
		{"/projects/alpha/locations/us-east1/runtimes", "runtimes", "name", "projects/alpha/locations/us-east1/runtimes/"},
		{"/vaults", "", "name", "/vaults/"},
		{"/policies", "", "resource_name", "policies/"},
	} {
		_, _, body := c.do("GET", tt.list, "")
		items, _ := body.([]any)
		if tt.items != "" {
			items, _ = member(body, tt.items).([]any)
		}
		if len(items) != 5 {
			t.Errorf("%s: %d items", tt.list, len(items))
		}
		for _, item := range items {
			name := text(member(item, tt.member))
			id, ok := strings.CutPrefix(name, tt.prefix)
			if !ok || strings.Contains(id, "/") {
				t.Errorf("%s: an item is named %q, want it below %s", tt.list, name, tt.prefix)
			}
			if code, _, one := c.do("GET", tt.list+"/"+id, ""); code != 200 || text(member(one, tt.member)) != name {
				t.Errorf("%s/%s: %d %v, want what is named %s", tt.list, id, code, one, name)
			}
		}
		if code, _, _ := c.do("GET", tt.list+"/nobody-here", ""); code != 404 {
			t.Errorf("%s: %d for an item that is not listed", tt.list, code)
		}
	}
	const list = "/projects/alpha/locations/us-east1/runtimes"
	code, _, body := c.do("POST", list+"?runtimeId=chosen", `{"displayName":"mine","name":"projects/other/locations/us-east1/runtimes/other"}`, "Content-Type", "application/json")
	if code != 200 || member(body, "name") != "projects/alpha/locations/us-east1/runtimes/chosen" || member(body, "displayName") != "mine" {
		t.Errorf("created: %d %v", code, body)
	}
	if code, _, _ := c.do("POST", list+"?runtimeId=chosen", `{}`, "Content-Type", "application/json"); code < 400 {
		t.Errorf("created once more: %d", code)
	}
	code, _, body = c.do("PATCH", list+"/chosen", `{"name":"projects/other/locations/us-east1/runtimes/other"}`, "Content-Type", "application/json")
	if code != 200 || member(body, "name") != "projects/alpha/locations/us-east1/runtimes/chosen" {
		t.Errorf("changed: %d %v", code, body)
	}
}
