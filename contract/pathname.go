package contract

import (
	"strings"

	"troth/openapi"
)

// pathNameMembers are the members that may name an item by a path.
var pathNameMembers = []string{"name", "resourceName", "resource_name", "id"}

// pathNamed is what a variable names of an item whose name is a path (Google's AIP-122: "projects/p/runtimes/r" for {runtime}): the last segment, where
// the one before it is what the variable's items are called. Nil where there is none.
func pathNamed(object map[string]any, p *openapi.Parameter) any {
	for _, member := range pathNameMembers {
		name, _ := object[member].(string)
		segments := strings.Split(name, "/")
		if len(segments) < 2 || !calledAs(segments[len(segments)-2], p.Name) {
			continue
		}
		if end := segments[len(segments)-1]; end != "" {
			return reading(p.Schema, end)
		}
	}
	return nil
}

// calledAs tells whether a segment of a path is what the items of a variable are called: "runtimes" for {runtime}, {runtimeId} and {runtime_name}, "policies"
// for {policy}.
func calledAs(segment, variable string) bool {
	of := plain(variable)
	for _, end := range []string{"id", "name"} {
		if cut := strings.TrimSuffix(of, end); cut != "" {
			of = cut
		}
	}
	return strings.HasPrefix(plain(segment), strings.TrimSuffix(of, "y"))
}
