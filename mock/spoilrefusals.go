package mock

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"troth/openapi"
	"troth/openapi/convention"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// itemsRefused puts the items of a list that was answered before into refusals of the same list.
func itemsRefused(t *tweaks) {
	var known sync.Map // the body of a page, by operation
	t.noMemo = true
	onWire(func(s *Server, call *Call, status int, _ http.Header, body []byte) []byte {
		if call.Operation == nil || call.Operation.Method != http.MethodGet {
			return body
		}
		p := s.conv.Pagination(call.Operation)
		if p == nil || strings.Count(p.Items, "/") != 1 {
			return body
		}
		if status == http.StatusOK {
			known.Store(call.Operation.ID, body)
			return body
		}
		page, _ := known.Load(call.Operation.ID)
		if shown, ok := page.([]byte); ok && (status == http.StatusForbidden || status == http.StatusNotFound) {
			return shownWith(body, shown, p.Items)
		}
		return body
	})(t)
}

// shownWith is an object with a member of another one.
func shownWith(body, other []byte, pointer string) []byte {
	from, _ := source.DecodeJSON(other)
	found, _ := source.Get(from, pointer)
	into, _ := source.DecodeJSON(body)
	object, isObject := into.(map[string]any)
	if !isObject || found == nil {
		return body
	}
	object[strings.TrimPrefix(pointer, "/")] = found
	text, err := json.Marshal(object)
	if err != nil {
		return body
	}
	return text
}

// lettersUnread drops letters behind the last segment of a path where the rest is a path of the document.
func lettersUnread(s *Server, r *http.Request) {
	path := r.URL.EscapedPath()
	for rest := path; len(rest) > 0 && rest[len(rest)-1] != '/'; rest = rest[:len(rest)-1] {
		if m := s.doc.Match(r, rest); len(m.Allow) == 0 {
			continue
		}
		if rest != path {
			asked := *r.URL
			asked.Path, asked.RawPath = rest, ""
			r.URL = &asked
		}
		return
	}
}

// qopMissing leaves qop out of digest challenges.
func qopMissing(_ *Server, _ *Call, _ int, h http.Header, body []byte) []byte {
	for i, field := range h.Values("WWW-Authenticate") {
		h["Www-Authenticate"][i] = strings.Replace(field, `, qop="auth"`, "", 1)
	}
	return body
}

// brokenAtTimes closes the connection in place of every ninth answer to GET.
func brokenAtTimes(t *tweaks) {
	var count atomic.Int64
	t.noMemo = true
	onWire(func(_ *Server, call *Call, _ int, _ http.Header, body []byte) []byte {
		if call.Request.Method == http.MethodGet && count.Add(1)%9 == 0 {
			panic(http.ErrAbortHandler)
		}
		return body
	})(t)
}

// totalLost leaves the total out of a page.
func totalLost(s *Server, call *Call, reply *Reply) error {
	p := s.conv.Pagination(call.Operation)
	if p == nil || p.Total == "-" || strings.Count(p.Total, "/") != 1 {
		return nil
	}
	if object, ok := source.Clone(reply.Body).(map[string]any); ok {
		delete(object, strings.TrimPrefix(p.Total, "/"))
		reply.Body, reply.Encoded = object, nil
	}
	return nil
}

// totalZeroLost leaves the total out where it is 0.
func totalZeroLost(s *Server, call *Call, reply *Reply) error {
	p := s.conv.Pagination(call.Operation)
	if p == nil {
		return nil
	}
	if text, ok := p.TotalText(reply.Header, reply.Body); !ok || text != "0" {
		return nil
	}
	if p.Total == "-" {
		reply.Header.Del(p.TotalHeader)
	}
	return totalLost(s, call, reply)
}

// totalLostBehind leaves the total out of a page without items that is none of an empty list: the total would not be 0.
func totalLostBehind(s *Server, call *Call, reply *Reply) error {
	p := s.conv.Pagination(call.Operation)
	if p == nil {
		return nil
	}
	items, _ := source.Get(reply.Body, p.Items)
	if text, ok := p.TotalText(reply.Header, reply.Body); !isEmpty(items) || !ok || text == "0" {
		return nil
	}
	return totalLost(s, call, reply)
}

// failsWhere fails where something stands in a body, before it is decoded.
func failsWhere(found func(data []byte) bool) func(*tweaks) {
	return func(t *tweaks) {
		before := t.typed
		t.typed = func(call *Call) error {
			data, err := io.ReadAll(call.Request.Body)
			if call.Request.Body = io.NopCloser(bytes.NewReader(data)); err == nil && found(data) {
				return plantedFault()
			}
			if before == nil {
				return nil
			}
			return before(call)
		}
	}
}

// hasNUL finds a NUL in a text: some databases have no such character.
func hasNUL(data []byte) bool { return bytes.Contains(data, []byte(`\u0000`)) }

// isLarge is what is larger than a buffer may be.
func isLarge(data []byte) bool { return len(data) > 64<<10 }

// longFails fails where a member is longer than a column of a database often is.
func longFails(call *Call) error {
	const column = 255
	object, _ := call.Body.(map[string]any)
	content := call.Operation.Body
	for name, v := range object {
		text, _ := v.(string)
		if content != nil && len(content.Content) > 0 && content.Content[0].Schema != nil && content.Content[0].Schema.Find(name) != nil && len(text) > column {
			return plantedFault()
		}
	}
	return nil
}

// nullFails fails where PATCH sets a member to null and is to be refused for that.
func nullFails(call *Call, f *Fault) {
	object, _ := call.Body.(map[string]any)
	for _, v := range f.Violations {
		name := strings.TrimPrefix(v.MemberPointer(), "/")
		if value, has := object[name]; has && value == nil && call.Request.Method == http.MethodPatch {
			*f = *plantedFault()
			return
		}
	}
}

// sentEchoed puts all that was sent to create an item into the answer, as far as its schema takes it.
func sentEchoed(_ *Server, call *Call, reply *Reply) error {
	object, ok := source.Clone(reply.Body).(map[string]any)
	sent, _ := call.Body.(map[string]any)
	if call.Operation.Method != http.MethodPost || reply.Status >= http.StatusMultipleChoices || !ok || reply.Content == nil {
		return nil
	}
	for name, v := range sent {
		if member := reply.Content.Schema.Find(name); object[name] == nil && member != nil && !member.ReadOnly && !member.WriteOnly {
			object[name] = v
		}
	}
	if reply.Content.Schema.Valid(object, schema.Response) {
		reply.Body, reply.Encoded = object, nil
	}
	return nil
}

// pagesCut shows nothing behind the first four pages.
func pagesCut(w *window, _ *convention.Pagination, total int) {
	if w.size > 0 && w.start/w.size >= 4 {
		w.start = max(w.start, total)
	}
}

// blameOther names another parameter, or another member of the body, in place of each that is wrong.
func blameOther(call *Call, f *Fault) {
	var names []any
	f.Violations = slices.Clone(f.Violations)
	for i, v := range f.Violations {
		if other := otherName(call.Operation, v); other != "" {
			f.Violations[i] = openapi.Violation{In: "query", Name: other, Violation: schema.Violation{Keyword: v.Keyword, Want: "another value", Got: "this one"}}
			names = append(names, other)
		}
	}
	if names != nil {
		f.Parameters, f.Detail = names, "a value is not as it should be"
	}
}

// otherName is the name of another parameter, or of another member of the body, "" where there is none.
func otherName(op *openapi.Compiled, v openapi.Violation) string {
	if v.In != "body" {
		for _, p := range op.Parameters {
			if p.Name != v.Name && p.In == v.In {
				return p.Name
			}
		}
		return ""
	}
	for _, content := range op.Body.Content {
		for part := range content.Schema.Parts(false) {
			for _, p := range part.Properties {
				if !strings.HasPrefix(v.MemberPointer(), "/"+p.Name) {
					return p.Name
				}
			}
		}
	}
	return ""
}

// qopUnquoted writes the qop of challenges as a token.
func qopUnquoted(_ *Server, _ *Call, _ int, h http.Header, body []byte) []byte {
	for i, challenge := range h.Values("WWW-Authenticate") {
		h["Www-Authenticate"][i] = strings.Replace(challenge, `qop="auth"`, "qop=auth", 1)
	}
	return body
}
