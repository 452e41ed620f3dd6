package openapi

import "strings"

// Unnamed is a path template with "{}" for each of its variables: templates that name one variable differently stand for the same paths
// (OpenAPI 3.1 §4.8.8.1).
func Unnamed(template string) string {
	var b strings.Builder
	for {
		open := strings.IndexByte(template, '{')
		end := strings.IndexByte(template, '}')
		if open < 0 || end < open {
			return b.String() + template
		}
		b.WriteString(template[:open] + "{}")
		template = template[end+1:]
	}
}
