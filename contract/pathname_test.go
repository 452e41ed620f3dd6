package contract

import (
	"testing"

	"troth/openapi"
	"troth/openapi/schema"
)

func TestPathNamed(t *testing.T) {
	text := &schema.Schema{Types: schema.TypeString, MinLength: -1, MaxLength: -1}
	for _, tt := range []struct {
		member, name, variable string
		want                   any
	}{
		{"name", "projects/p/runtimes/r1", "runtime", "r1"},
		{"name", "projects/p/runtimes/r1", "runtimeId", "r1"},
		{"resource_name", "/policies/p1", "policy_name", "p1"},
		{"name", "projects/p/runtimes/r1", "project", nil},
		{"name", "north/south", "hall", nil},
		{"name", "r1", "runtime", nil},
		{"name", "runtimes/", "runtime", nil},
		{"title", "runtimes/r1", "runtime", nil},
	} {
		p := &openapi.Parameter{Name: tt.variable, In: "path", Schema: text}
		if got := IDOf(map[string]any{tt.member: tt.name}, p); got != tt.want {
			t.Errorf("%s %q for {%s}: %v, want %v", tt.member, tt.name, tt.variable, got, tt.want)
		}
	}
}
