package mock

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"troth/openapi/convention"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// page32Bits takes the lower 32 bits for the number of a page, or for its offset.
func page32Bits(w *window, p *convention.Pagination, _ int) {
	if p == nil || p.Style == "cursor" {
		return
	}
	w.number = int(uint32(w.number))
	if p.Style == "page" {
		w.start = times(max(w.number, p.First)-p.First, w.size)
	} else {
		w.start = int(uint32(w.start))
	}
}

// page64Bits begins a page where 64 bits of its offset say, at the first item where those are below zero.
func page64Bits(w *window, p *convention.Pagination, _ int) {
	if p != nil && p.Style == "page" {
		w.start = int(min(max(int64(w.number-p.First)*int64(w.size), 0), far))
	}
}

// offset32Bits begins a page where the lower 32 bits of its offset say.
func offset32Bits(w *window, p *convention.Pagination, _ int) {
	if p != nil && p.Style == "page" {
		w.start = int(uint32(int64(w.number-p.First) * int64(w.size)))
	}
}

func headFieldMissing(_ *Server, call *Call, status int, h http.Header, body []byte) []byte {
	if call.Request.Method != http.MethodHead || call.Operation == nil {
		return body
	}
	if r := call.Operation.Response(status); r != nil {
		for _, declared := range r.Headers {
			h.Del(declared.Name)
		}
	}
	return body
}

// headLengthWrong makes the body longer that HEAD tells the length of.
func headLengthWrong(_ *Server, call *Call, status int, _ http.Header, body []byte) []byte {
	if call.Request.Method == http.MethodHead && status < 300 {
		return append([]byte(" "), body...)
	}
	return body
}

// dayImpossible changes the first time that stands in a body to one that no calendar has.
func dayImpossible(_ *Server, _ *Call, reply *Reply) error {
	return spoil(reply, func(parent map[string]any, name string) {
		text, _ := parent[name].(string)
		if at, err := time.Parse(time.RFC3339, text); err == nil {
			parent[name] = "2026-02-30" + at.Format("T15:04:05Z07:00")
		}
	})
}

// ofCreated spoils how what clients created is read, and nothing else.
func ofCreated(spoil func(*Server, *Call, *Reply) error) func(*tweaks) {
	return func(t *tweaks) {
		var created sync.Map // IDs
		onReply(func(s *Server, call *Call, reply *Reply) error {
			object, _ := reply.Body.(map[string]any)
			id := text(object["id"])
			if call.Request.Method == http.MethodPost && id != "" {
				created.Store(id, true)
				return nil
			}
			if _, made := created.Load(id); made && call.plan.isItem && call.Request.Method == http.MethodGet {
				return spoil(s, call, reply)
			}
			return nil
		})(t)
	}
}

// memberForgotten leaves out the last member that is a text, no ID and not required.
func memberForgotten(_ *Server, call *Call, reply *Reply) error {
	object, _ := source.Clone(reply.Body).(map[string]any)
	if reply.Content == nil || reply.Status >= http.StatusMultipleChoices {
		return nil
	}
	for _, name := range slices.Backward(slices.Sorted(maps.Keys(object))) {
		v, isText := object[name].(string)
		member := reply.Content.Schema.Find(name)
		if !isText || slices.Contains(idMembers[:], name) || strings.HasSuffix(name, "Id") || member == nil || member.ReadOnly {
			continue
		}
		if delete(object, name); reply.Content.Schema.Valid(object, schema.Response) {
			reply.Body, reply.Encoded = object, nil
			return nil
		}
		object[name] = v
	}
	return nil
}

// itemEmpty takes all members away where the schema demands none.
func itemEmpty(_ *Server, call *Call, reply *Reply) error {
	if _, isObject := reply.Body.(map[string]any); isObject && call.plan.isItem && call.Request.Method == http.MethodGet && reply.Status < 300 {
		reply.Body, reply.Encoded = map[string]any{}, nil
	}
	return nil
}

var nonceParam = regexp.MustCompile(`nonce="[^"]*", `)

// nonceMissing spoils the answers to wrong credentials only: without a nonce nobody can send any.
func nonceMissing(_ *Server, call *Call, _ int, h http.Header, body []byte) []byte {
	return challengedAnew(call, h, body, func(line string) string { return nonceParam.ReplaceAllString(line, "") })
}

func staleAlways(_ *Server, call *Call, _ int, h http.Header, body []byte) []byte {
	return challengedAnew(call, h, body, func(line string) string { return strings.ReplaceAll(line, "stale=false", "stale=true") })
}

func challengedAnew(call *Call, h http.Header, body []byte, as func(line string) string) []byte {
	if call.Request.Header.Get("Authorization") == "" {
		return body
	}
	var lines []string
	for _, line := range h.Values("WWW-Authenticate") {
		lines = append(lines, as(line))
	}
	if lines != nil {
		h["Www-Authenticate"] = lines
	}
	return body
}

// readLags answers the first read of every second item that was created 404.
func readLags(t *tweaks) {
	var mu sync.Mutex
	created, late := 0, map[string]bool{}
	t.noMemo = true
	onMade(func(_ *collection, _ *Call, _, r *record) {
		mu.Lock()
		defer mu.Unlock()
		created++
		late[r.id] = created%2 == 0
	})(t)
	onRequest(func(call *Call) error {
		if !call.plan.isItem || call.Request.Method != http.MethodGet {
			return nil
		}
		mu.Lock()
		defer mu.Unlock()
		if !late[asked(call)] {
			return nil
		}
		delete(late, asked(call))
		return &Fault{Status: http.StatusNotFound, Situation: "unknown-item", Detail: "planted by the defect read-lags"}
	})(t)
}
