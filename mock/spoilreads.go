package mock

import (
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"troth/openapi/convention"
)

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

// createdMistyped spoils what clients created, and nothing else.
func createdMistyped(t *tweaks) {
	var created sync.Map // IDs
	onReply(func(s *Server, call *Call, reply *Reply) error {
		object, _ := reply.Body.(map[string]any)
		id := text(object["id"])
		if call.Request.Method == http.MethodPost && id != "" {
			created.Store(id, true)
			return nil
		}
		if _, made := created.Load(id); made && call.plan.isItem && call.Request.Method == http.MethodGet {
			return memberMistyped(s, call, reply)
		}
		return nil
	})(t)
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
