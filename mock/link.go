package mock

import (
	"net/url"
	"strconv"
	"strings"

	"troth/openapi/convention"
	"troth/openapi/sample"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// linkSelf makes an object's links lead somewhere, to the object itself: an array of them ({href, rel}), or the member self of an object.
func (s *Server) linkSelf(sch *schema.Schema, object map[string]any, path string) {
	for name, member := range object {
		if links, ok := member.(map[string]any); ok && path != "" && isLinks(name) {
			linkedSelf(links, path)
			continue
		}
		links, ok := member.([]any)
		if !ok || path == "" {
			continue
		}
		if item := convention.ItemSchema(sch, "/"+source.Escape(name)); item != nil && convention.IsLink(item) && len(links) > 0 {
			object[name] = []any{map[string]any{"href": base + path, "rel": "self"}}
		}
	}
}

func isLinks(name string) bool { return name == "links" || name == "_links" }

// linkedSelf makes the link self of an object whose members are the relations lead to the object.
func linkedSelf(links map[string]any, path string) {
	switch self := links["self"].(type) {
	case string:
		links["self"] = base + path
	case map[string]any:
		if _, ok := self["href"].(string); ok {
			self["href"] = base + path
		}
	}
}

// escapeSegment percent-encodes a value for one path segment.
func escapeSegment(s string) string { return url.PathEscape(s) }

// hashed derives a seed.
func hashed(seed uint64, parts ...string) uint64 { return sample.Hash(seed, parts...) }

func itoa(i int) string { return strconv.Itoa(i) }

// appendWithout appends a raw query without two parameters, all else as sent.
func appendWithout(b []byte, raw, drop, also string) []byte {
	from := len(b)
	for raw != "" {
		var part string
		part, raw, _ = strings.Cut(raw, "&")
		name, _, _ := strings.Cut(part, "=")
		if strings.IndexByte(name, '%') >= 0 || strings.IndexByte(name, '+') >= 0 {
			if decoded, err := url.QueryUnescape(name); err == nil {
				name = decoded
			}
		}
		if part == "" || name == drop || name == also {
			continue
		}
		if len(b) > from {
			b = append(b, '&')
		}
		b = append(b, part...)
	}
	return b
}
