package mock

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"

	"troth/openapi/convention"
	"troth/openapi/schema"
	"troth/openapi/source"
)

func statusUndeclared(_ *Server, _ *Call, reply *Reply) error {
	reply.Status = 299
	return nil
}

func serverError(*Server, *Call, *Reply) error {
	return &Fault{Status: http.StatusInternalServerError, Situation: "server-error", Detail: "planted by the defect server-error"}
}

func contentTypeWrong(_ *Server, _ *Call, status int, h http.Header, body []byte) []byte {
	if status < 300 && h.Get("Content-Type") != "" {
		h.Set("Content-Type", "text/html")
	}
	return body
}

func bodyTruncated(_ *Server, _ *Call, status int, _ http.Header, body []byte) []byte {
	if status < 300 && len(body) > 0 {
		return body[:len(body)-1]
	}
	return body
}

func headerMistyped(_ *Server, call *Call, status int, h http.Header, body []byte) []byte {
	if call.Operation == nil {
		return body
	}
	if r := call.Operation.Response(status); r != nil {
		for _, declared := range r.Headers {
			if declared.Schema.Types == schema.TypeInteger {
				h.Set(declared.Name, "many")
			}
		}
	}
	return body
}

func errorUnshaped(_ *Server, _ *Call, status int, h http.Header, body []byte) []byte {
	if status < 400 {
		return body
	}
	h.Set("Content-Type", "text/plain")
	return []byte(http.StatusText(status) + "\n")
}

func memberMissing(_ *Server, _ *Call, reply *Reply) error {
	return spoil(reply, func(parent map[string]any, name string) { delete(parent, name) })
}

func memberMistyped(_ *Server, _ *Call, reply *Reply) error {
	return spoil(reply, func(parent map[string]any, name string) {
		if _, isText := parent[name].(string); isText {
			parent[name] = json.Number("7")
		} else {
			parent[name] = "seven"
		}
	})
}

// spoil changes the deepest member that makes the body of a success invalid.
func spoil(reply *Reply, change func(parent map[string]any, name string)) error {
	if reply.Status >= 300 || reply.Content == nil || reply.Content.Schema == nil {
		return nil
	}
	body := source.Clone(reply.Body)
	if spoilIn(body, func(parent map[string]any, name string) bool {
		old := parent[name]
		if change(parent, name); !reply.Content.Schema.Valid(body, schema.Response) {
			return true
		}
		parent[name] = old
		return false
	}) {
		reply.Body, reply.Encoded = body, nil
	}
	return nil
}

// spoilIn visits members, deepest first and only in an array's first item, until one is spoiled.
func spoilIn(v any, try func(parent map[string]any, name string) bool) bool {
	switch v := v.(type) {
	case []any:
		return len(v) > 0 && spoilIn(v[0], try)
	case map[string]any:
		names := slices.Sorted(maps.Keys(v))
		return slices.ContainsFunc(names, func(name string) bool { return spoilIn(v[name], try) }) ||
			slices.ContainsFunc(names, func(name string) bool { return try(v, name) })
	}
	return false
}

func totalWrong(s *Server, call *Call, reply *Reply) error {
	p := s.conv.Pagination(call.Operation)
	return retellTotal(p, reply, func(count int) int {
		if p.TotalExact {
			return count + 1
		}
		return count + 1 + count/2 // one more or less may well be an estimate
	})
}

func pageSizeIgnored(w *window, p *convention.Pagination, _ int) {
	w.size = defaultSize
	if p != nil && p.Default > 0 {
		w.size = p.Default
	}
}

// pageOneMore has one item more on large pages only.
func pageOneMore(w *window, _ *convention.Pagination, _ int) {
	const large = 60
	if w.size >= large {
		w.size++
	}
}

func pageDefaultWrong(w *window, _ *convention.Pagination, _ int) {
	if !w.asked {
		w.size /= 2
	}
}

func pageOverlap(w *window, _ *convention.Pagination, _ int) {
	if w.start > 0 {
		w.start--
	}
}

func pageGap(w *window, _ *convention.Pagination, _ int) {
	if w.start > 0 {
		w.start++
	}
}

func offsetRounded(w *window, p *convention.Pagination, _ int) {
	if p != nil && p.Style == "offset" {
		w.start -= w.start % max(w.size, 1)
	}
}

func pastTheEndWraps(w *window, _ *convention.Pagination, total int) {
	if w.start >= total {
		w.start = 0
	}
}

// firstWords replaces the words of enumerations by the first.
func firstWords(s *schema.Schema, _ *Call, given map[string]any) {
	for name := range given {
		if member := s.Find(name); member != nil && len(member.Enum) > 0 {
			given[name] = member.Enum[0]
		}
	}
}
