package source

import (
	"iter"
	"strconv"
	"strings"
)

// Escape writes a member name as one token of a JSON pointer, RFC 6901 §3.
func Escape(name string) string {
	if !strings.ContainsAny(name, "~/") {
		return name
	}
	return strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
}

// Tokens splits a JSON pointer into its unescaped tokens; none for "".
func Tokens(pointer string) []string {
	var path []string
	for token := range Each(pointer) {
		path = append(path, token)
	}
	return path
}

// Each yields the unescaped tokens of a JSON pointer in order, without making a list of them.
func Each(pointer string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for more := pointer != ""; more; {
			var token string
			if token, pointer, more = next(pointer); !yield(token) {
				return
			}
		}
	}
}

// next cuts the first token off a pointer.
func next(pointer string) (token, rest string, more bool) {
	token = strings.TrimPrefix(pointer, "/")
	if i := strings.IndexByte(token, '/'); i >= 0 {
		token, rest, more = token[:i], token[i:], true
	}
	if strings.IndexByte(token, '~') >= 0 {
		token = strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
	}
	return token, rest, more
}

// Get returns the value at a JSON pointer into a plain value.
func Get(v any, pointer string) (any, bool) {
	for token := range Each(pointer) {
		switch parent := v.(type) {
		case map[string]any:
			child, ok := parent[token]
			if !ok {
				return nil, false
			}
			v = child
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(parent) {
				return nil, false
			}
			v = parent[i]
		default:
			return nil, false
		}
	}
	return v, true
}

// Put puts x at a JSON pointer into a plain value, making objects on the way. It cannot replace the root or make array
// items; it then returns false and leaves v as it was.
func Put(v any, pointer string, x any) bool {
	for more := pointer != ""; more; {
		var token string
		token, pointer, more = next(pointer)
		switch parent := v.(type) {
		case map[string]any:
			if !more {
				parent[token] = x
				return true
			}
			if _, ok := parent[token]; !ok {
				parent[token] = map[string]any{}
			}
			v = parent[token]
		case []any:
			at, err := strconv.Atoi(token)
			if err != nil || at < 0 || at >= len(parent) {
				return false
			}
			if !more {
				parent[at] = x
				return true
			}
			v = parent[at]
		default:
			return false
		}
	}
	return false
}

// Delete removes the member at a JSON pointer from a plain value, where there is one.
func Delete(v any, pointer string) {
	i := strings.LastIndexByte(pointer, '/')
	if i < 0 {
		return
	}
	parent, _ := Get(v, pointer[:i])
	if object, ok := parent.(map[string]any); ok {
		token, _, _ := next(pointer[i:])
		delete(object, token)
	}
}

// Clone copies the containers of a plain value.
func Clone(v any) any {
	switch v := v.(type) {
	case map[string]any:
		c := make(map[string]any, len(v))
		for name, member := range v {
			c[name] = Clone(member)
		}
		return c
	case []any:
		c := make([]any, len(v))
		for i, item := range v {
			c[i] = Clone(item)
		}
		return c
	}
	return v
}
