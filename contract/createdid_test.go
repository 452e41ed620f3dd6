package contract

import (
	"net/http"
	"testing"

	"troth/openapi"
	"troth/openapi/schema"
)

// TestCreatedID reads what was created where the answer tells it: by the body, else by its Location, else by the member that is called as the items are.
func TestCreatedID(t *testing.T) {
	p := &openapi.Parameter{Name: "orgId", In: "path", Schema: &schema.Schema{Types: schema.TypeString, MinLength: -1, MaxLength: -1}}
	inner := func(id string) map[string]any { return map[string]any{"id": id, "name": "n"} }
	for _, tt := range []struct {
		name, location string
		body           map[string]any
		want           any
	}{
		{"body", "/orgs/o2", map[string]any{"id": "o1", "organization": inner("o3")}, "o1"},
		{"Location", "/orgs/o2", map[string]any{"organization": inner("o3")}, "o2"},
		{"member", "", map[string]any{"apiKey": inner("k1"), "organization": inner("o3")}, "o3"},
		{"others only", "", map[string]any{"apiKey": inner("k1")}, nil},
	} {
		x := &Exchange{URL: "http://server.example/orgs", Header: http.Header{}}
		if tt.location != "" {
			x.Header.Set("Location", tt.location)
		}
		if got := x.CreatedID(tt.body, p); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}
