package mock

import (
	"maps"
	"net/http"
	"slices"
	"sync/atomic"

	"troth/openapi/schema"
	"troth/openapi/source"
)

// atTimes plants a defect in every n-th answer with success to GET.
func atTimes(n int64, spoil func(*Server, *Call, *Reply) error) func(*tweaks) {
	return func(t *tweaks) {
		var count atomic.Int64
		t.noMemo = true
		onReply(func(s *Server, call *Call, reply *Reply) error {
			if call.Request.Method != http.MethodGet || reply.Status != http.StatusOK || count.Add(1)%n != 0 {
				return nil
			}
			return spoil(s, call, reply)
		})(t)
	}
}

// lastMissing leaves out the last item of a page that may hold more, where the schema does without.
func lastMissing(s *Server, call *Call, reply *Reply) error {
	p := s.conv.Pagination(call.Operation)
	if p == nil || reply.Content == nil {
		return nil
	}
	body := source.Clone(reply.Body)
	found, _ := source.Get(body, p.Items)
	items, _ := found.([]any)
	if len(items) < 2 || p.Size != "" && len(items) >= call.Values.Int("query", p.Size, p.Default) {
		return nil
	}
	if items = items[:len(items)-1]; p.Items == "" {
		body = items
	} else {
		source.Put(body, p.Items, items)
	}
	if reply.Content.Schema.Valid(body, schema.Response) {
		reply.Body, reply.Encoded = body, nil
	}
	return nil
}

// oneMore reports one item more than there are.
func oneMore(s *Server, call *Call, reply *Reply) error {
	return retellTotal(s.conv.Pagination(call.Operation), reply, func(count int) int { return count + 1 })
}

// optionalLost leaves out the optional members of an item, or of all on a page.
func optionalLost(s *Server, call *Call, reply *Reply) error {
	if reply.Content == nil || reply.Content.Schema == nil {
		return nil
	}
	body := source.Clone(reply.Body)
	items := []any{body}
	if p := s.conv.Pagination(call.Operation); p != nil {
		found, _ := source.Get(body, p.Items)
		items, _ = found.([]any)
	}
	for _, item := range items {
		object, _ := item.(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(object)) {
			old := object[name]
			if name == "id" {
				continue // what cannot be told from others is no longer the same item
			}
			if delete(object, name); !reply.Content.Schema.Valid(body, schema.Response) {
				object[name] = old
			}
		}
	}
	reply.Body, reply.Encoded = body, nil
	return nil
}

// totalGrows adds up the totals of all answers.
func totalGrows(t *tweaks) {
	var all atomic.Int64
	t.noMemo = true
	onReply(func(s *Server, call *Call, reply *Reply) error {
		return retellTotal(s.conv.Pagination(call.Operation), reply, func(count int) int { return int(all.Add(int64(count))) })
	})(t)
}

// openWithTag lets whoever has an ETag in, with credentials or not.
func openWithTag(t *tweaks) {
	t.open = func(r *http.Request) bool { return r.Header.Get("If-None-Match") != "" }
}

// openAtTimes lets every fifth request in that has no credentials.
func openAtTimes(t *tweaks) {
	var bare atomic.Int64
	t.open = func(r *http.Request) bool { return r.Header.Get("Authorization") == "" && bare.Add(1)%5 == 0 }
}
