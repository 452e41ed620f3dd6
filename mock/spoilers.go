package mock

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"troth/openapi"
	"troth/openapi/convention"
	"troth/openapi/refusal"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// memberMisspelt drops the last letter of a member's name where the body stays valid.
func memberMisspelt(_ *Server, _ *Call, reply *Reply) error {
	return alter(reply, func(valid func() bool, parent map[string]any, name string) bool {
		v := parent[name]
		if len(name) < 5 {
			return false
		}
		delete(parent, name)
		if parent[name[:len(name)-1]] = v; valid() {
			return true
		}
		delete(parent, name[:len(name)-1])
		parent[name] = v
		return false
	})
}

// singleDiffers changes a member of what is no list.
func singleDiffers(s *Server, call *Call, reply *Reply) error {
	if s.conv.Pagination(call.Operation) != nil {
		return nil
	}
	return alter(reply, func(valid func() bool, parent map[string]any, name string) bool {
		old := parent[name]
		for _, v := range []any{"other", json.Number("7"), true, false, "2020-01-01T00:00:00Z"} {
			if schema.Equal(old, v) || name == "id" || name == "href" || name == "rel" {
				continue
			}
			if parent[name] = v; valid() {
				return true
			}
		}
		parent[name] = old
		return false
	})
}

// alter changes a member of a successful body so that it stays valid.
func alter(reply *Reply, change func(valid func() bool, parent map[string]any, name string) bool) error {
	if reply.Status >= 300 || reply.Content == nil || reply.Content.Schema == nil {
		return nil
	}
	body := source.Clone(reply.Body)
	valid := func() bool { return reply.Content.Schema.Valid(body, schema.Response) }
	if spoilIn(body, func(parent map[string]any, name string) bool { return change(valid, parent, name) }) {
		reply.Body, reply.Encoded = body, nil
	}
	return nil
}

func mistypedQuery(v openapi.Violation) bool { return v.In == "query" && v.Keyword == "type" }

// maximumRefused refuses a request that has the maximum of a query parameter.
func maximumRefused(call *Call) error {
	for _, p := range call.Operation.Parameters {
		if v, sent := call.Values.Get("query", p.Name); sent && p.Schema.Maximum != "" && schema.Equal(v, p.Schema.Maximum) {
			return &Fault{Status: http.StatusBadRequest, Situation: "invalid-parameter:query", Parameters: []any{p.Name}, Detail: "planted: the maximum is refused"}
		}
	}
	return nil
}

// unstable swaps neighbours in every other list.
func unstable() func(window, []*record) []*record {
	var count atomic.Int64
	return func(_ window, all []*record) []*record {
		if count.Add(1)%2 == 0 {
			return all
		}
		all = slices.Clone(all)
		for i := 0; i+1 < len(all); i += 2 {
			all[i], all[i+1] = all[i+1], all[i]
		}
		return all
	}
}

// largePage is from where on order-by-size takes a page for a large one.
const largePage = 40

func reversedWhereLarge(w window, all []*record) []*record {
	if w.size <= largePage {
		return all
	}
	all = slices.Clone(all)
	slices.Reverse(all)
	return all
}

func totalOfPage(s *Server, call *Call, reply *Reply) error {
	p := s.conv.Pagination(call.Operation)
	return retellTotal(p, reply, func(count int) int {
		items, _ := source.Get(reply.Body, p.Items)
		if list, ok := items.([]any); ok {
			return len(list)
		}
		return count
	})
}

// emptyTotal counts one item where there is none at all: behind the end of a list that has some, the total is theirs.
func emptyTotal(s *Server, call *Call, reply *Reply) error {
	return retellTotal(s.conv.Pagination(call.Operation), reply, func(count int) int { return max(count, 1) })
}

// emptyNull is what encoding/json makes of a slice that nothing was appended to.
func emptyNull(s *Server, call *Call, reply *Reply) error {
	p := s.conv.Pagination(call.Operation)
	if p == nil {
		return nil
	}
	if items, _ := source.Get(reply.Body, p.Items); !isEmpty(items) {
		return nil
	}
	if p.Items == "" {
		reply.Body, reply.Encoded = nil, nil
		return nil
	}
	if body := source.Clone(reply.Body); source.Put(body, p.Items, nil) {
		reply.Body, reply.Encoded = body, nil
	}
	return nil
}

// retellTotal changes the total that a page tells, in its body or a header.
func retellTotal(p *convention.Pagination, reply *Reply, as func(count int) int) error {
	if p == nil {
		return nil
	}
	text, ok := p.TotalText(reply.Header, reply.Body)
	count, err := strconv.Atoi(text)
	if !ok || err != nil {
		return nil
	}
	now := strconv.Itoa(as(count))
	if p.Total == "-" {
		before := reply.Header.Get(p.TotalHeader)
		reply.Header = reply.Header.Clone()
		reply.Header.Set(p.TotalHeader, strings.TrimSuffix(before, text)+now)
		return nil
	}
	if body := source.Clone(reply.Body); source.Put(body, p.Total, json.Number(now)) {
		reply.Body, reply.Encoded = body, nil
	}
	return nil
}

func allowMissing(_ *Server, _ *Call, status int, h http.Header, body []byte) []byte {
	if status == http.StatusMethodNotAllowed {
		h.Del("Allow")
	}
	return body
}

func headDiffers(_ *Server, call *Call, _ int, h http.Header, body []byte) []byte {
	if call.Request.Method == http.MethodHead {
		h.Set("Content-Type", "text/plain")
	}
	return body
}

func gzipBroken(_ *Server, call *Call, status int, h http.Header, body []byte) []byte {
	if status < 300 && call.Request.Header.Get("Accept-Encoding") == "gzip" {
		h.Set("Content-Encoding", "gzip")
	}
	return body
}

func prettyIgnored(s *Server, call *Call, _ int, _ http.Header, body []byte) []byte {
	var b bytes.Buffer
	if s.conv.Pretty == nil || !switched(call, s.conv.Pretty.Parameter) || json.Compact(&b, body) != nil {
		return body
	}
	return b.Bytes()
}

// listWrapped puts a list within the member that is for single resources.
func listWrapped(s *Server, call *Call, status int, _ http.Header, body []byte) []byte {
	e := s.conv.Envelope
	if call.Operation == nil || e == nil || status >= http.StatusMultipleChoices || s.conv.Pagination(call.Operation) == nil || !switched(call, e.Parameter) {
		return body
	}
	var list map[string]json.RawMessage
	if json.Unmarshal(body, &list) != nil {
		return body
	}
	told := list[e.Status]
	delete(list, e.Status)
	wrapped, err := json.Marshal(map[string]any{e.Status: told, e.Content: list})
	if err != nil {
		return body
	}
	return wrapped
}

// envelopeLost leaves the envelope out behind the first page.
func envelopeLost(s *Server, call *Call, _ int, _ http.Header, body []byte) []byte {
	if call.Operation == nil {
		return body
	}
	p, e := s.conv.Pagination(call.Operation), s.conv.Envelope
	if p == nil || e == nil || !switched(call, e.Parameter) || p.Page == "" {
		return body
	}
	if number, sent := call.Values.Get("query", p.Page); !sent || schema.Equal(number, json.Number(strconv.Itoa(p.Number(0, 1)))) {
		return body
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(body, &object) != nil {
		return body
	}
	delete(object, e.Status)
	if left, err := json.Marshal(object); err == nil {
		return left
	}
	return body
}

// edgeRefused refuses a body that has a member at its minimum or maximum, or as long as it may be.
func edgeRefused(call *Call) error {
	object, _ := call.Body.(map[string]any)
	if object == nil || call.Operation.Body == nil {
		return nil
	}
	for name, v := range object {
		s := call.Operation.Body.Content[0].Schema.Find(name)
		if s == nil {
			continue
		}
		text, isText := v.(string)
		if schema.Equal(v, s.Minimum) || schema.Equal(v, s.Maximum) || isText && len(text) == s.MaxLength {
			return &Fault{Status: refusal.BadRequest(call.Operation), Situation: "invalid-body", Parameters: []any{name}, Detail: "planted: the edge is refused"}
		}
	}
	return nil
}

func locationWrong(_ *Server, _ *Call, _ int, h http.Header, body []byte) []byte {
	if to := h.Get("Location"); to != "" {
		h.Set("Location", to+"0")
	}
	return body
}

// selfWrong cuts the last segment off each link self of an item.
func selfWrong(_ *Server, _ *Call, reply *Reply) error {
	if reply.Status >= 300 {
		return nil
	}
	body := source.Clone(reply.Body)
	object, _ := body.(map[string]any)
	items, isList := object["results"].([]any)
	if !isList {
		items = []any{body}
	}
	for _, item := range items {
		member, _ := item.(map[string]any)
		links, _ := member["links"].([]any)
		for _, l := range links {
			if link, _ := l.(map[string]any); link["rel"] == "self" {
				href, _ := link["href"].(string)
				link["href"] = href[:max(strings.LastIndexByte(href, '/'), 0)]
			}
		}
	}
	reply.Body, reply.Encoded = body, nil
	return nil
}

// echoWrong adds one to what a page says of itself.
func echoWrong(s *Server, call *Call, reply *Reply) error {
	p := s.conv.Pagination(call.Operation)
	if p == nil || reply.Status >= 300 {
		return nil
	}
	body := source.Clone(reply.Body)
	for pointer := range p.Echo {
		v, _ := source.Get(body, pointer)
		if n, ok := v.(json.Number); ok {
			told, _ := strconv.Atoi(n.String())
			source.Put(body, pointer, json.Number(strconv.Itoa(told+1)))
		}
	}
	reply.Body, reply.Encoded = body, nil
	return nil
}

// publicLocked refuses requests without credentials for operations that take them.
func publicLocked(call *Call) error {
	for _, requirement := range call.Operation.Security {
		if len(requirement) > 0 {
			return nil
		}
	}
	if call.Request.Header.Get("Authorization") != "" {
		return nil
	}
	return &Fault{Status: http.StatusUnauthorized, Situation: "unauthorized", Detail: "planted: credentials are needed"}
}

func isEmpty(v any) bool {
	list, ok := v.([]any)
	return ok && len(list) == 0
}
