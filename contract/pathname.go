package contract

import (
	"strings"

	"troth/openapi"
	"troth/openapi/convention"
)

// pathNameMembers are the members that may name an item by a path.
var pathNameMembers = []string{"name", "resourceName", "resource_name", "id"}

// pathNamed is what a variable names of an item whose name is a path (Google's AIP-122: "projects/p/runtimes/r" for {runtime}): the last segment, where
// the one before it is what the variable's items are called. Nil where there is none.
func pathNamed(object map[string]any, p *openapi.Parameter) any {
	for _, member := range pathNameMembers {
		name, _ := object[member].(string)
		segments := strings.Split(name, "/")
		if len(segments) < 2 || !convention.CalledAs(segments[len(segments)-2], p.Name) {
			continue
		}
		if end := segments[len(segments)-1]; end != "" {
			return reading(p.Schema, end)
		}
	}
	return nil
}
