package mock

import (
	"net/url"
	"strconv"
	"strings"

	"troth/openapi/sample"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// linkSelf makes an object's array of links ({href, rel}) lead somewhere: to the object itself.
func (s *Server) linkSelf(sch *schema.Schema, object map[string]any, path string) {
	for name, member := range object {
		links, ok := member.([]any)
		if !ok || path == "" {
			continue
		}
		if item := itemSchema(sch, "/"+source.Escape(name)); item != nil && isLink(item) && len(links) > 0 {
			object[name] = []any{map[string]any{"href": base + path, "rel": "self"}}
		}
	}
}

// isLink tells whether a schema is of the usual link form: an object with href and rel.
func isLink(s *schema.Schema) bool { return s.Find("href") != nil && s.Find("rel") != nil }

// escapeSegment percent-encodes a value for one path segment.
func escapeSegment(s string) string { return url.PathEscape(s) }

// hashed derives a seed.
func hashed(seed uint64, parts ...string) uint64 { return sample.Hash(seed, parts...) }

func itoa(i int) string { return strconv.Itoa(i) }

// replaceQuery returns a raw query in which some parameters are left out and others appended, all else as sent.
func replaceQuery(raw string, drop map[string]bool, add ...string) string {
	var parts []string
	for part := range strings.SplitSeq(raw, "&") {
		name, _, _ := strings.Cut(part, "=")
		if decoded, err := url.QueryUnescape(name); err == nil {
			name = decoded
		}
		if part != "" && !drop[name] {
			parts = append(parts, part)
		}
	}
	for i := 0; i+1 < len(add); i += 2 {
		parts = append(parts, url.QueryEscape(add[i])+"="+url.QueryEscape(add[i+1]))
	}
	return strings.Join(parts, "&")
}
