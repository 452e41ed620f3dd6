package checks

import (
	"maps"
	"slices"
	"strconv"

	"troth/openapi/schema"
	"troth/openapi/source"
)

// agree tells whether two values say the same, and where they do not. Links may differ: they repeat what was asked for.
func agree(a, b any, at string) (pointer string, same bool) {
	switch x := a.(type) {
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok {
			return at, false
		}
		for _, name := range slices.Sorted(maps.Keys(x)) {
			other, has := y[name]
			if isHref(x[name]) || name == "href" || name == "links" || name == "_links" {
				continue
			}
			if !has {
				return at + "/" + source.Escape(name), false
			}
			if where, ok := agree(x[name], other, at+"/"+source.Escape(name)); !ok {
				return where, false
			}
		}
		return "", true
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			return at, false
		}
		for i := range x {
			if isHref(x[i]) && isHref(y[i]) {
				continue
			}
			if where, ok := agree(x[i], y[i], at+"/"+strconv.Itoa(i)); !ok {
				return where, false
			}
		}
		return "", true
	}
	return at, schema.Equal(a, b)
}

// isHref tells whether a value is an absolute URL.
func isHref(v any) bool {
	s, ok := v.(string)
	return ok && (len(s) > 7 && s[:7] == "http://" || len(s) > 8 && s[:8] == "https://")
}
