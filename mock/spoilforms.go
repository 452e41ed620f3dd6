package mock

import (
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"sync/atomic"

	"troth/openapi"
	"troth/openapi/convention"
)

// sizeSticks gives requests without a page size that of the last one that had one.
func sizeSticks(t *tweaks) {
	var last atomic.Int64
	t.noMemo = true
	onPage(func(w *window, _ *convention.Pagination, _ int) {
		if w.asked {
			last.Store(int64(w.size))
		} else if size := int(last.Load()); size > 0 {
			w.size = size
		}
	})(t)
}

// totalOfSmall counts on pages whose size was asked for, whatever else was.
func totalOfSmall(w *window, _ *convention.Pagination, _ int) { w.counted = w.counted || w.asked }

// totalOfSecond counts behind the first page, whatever was asked for.
func totalOfSecond(w *window, p *convention.Pagination, _ int) {
	w.counted = w.counted || w.number > p.First
}

// largeShort leaves the last item out of a page that has room for the whole list.
func largeShort(w window, all []*record) []*record {
	if w.asked && w.size > len(all) && len(all) > 2 {
		return all[:len(all)-1]
	}
	return all
}

// envelopeBeside writes what stands in the content of an envelope beside it, too.
func envelopeBeside(s *Server, call *Call, status int, _ http.Header, body []byte) []byte {
	e := s.conv.Envelope
	if call.Operation == nil || e == nil || status >= http.StatusMultipleChoices || !switched(call, e.Parameter) {
		return body
	}
	var whole, content map[string]json.RawMessage
	if json.Unmarshal(body, &whole) != nil || json.Unmarshal(whole[e.Content], &content) != nil {
		return body
	}
	maps.Copy(content, whole)
	doubled, err := json.Marshal(content)
	if err != nil {
		return body
	}
	return doubled
}

// methodRedirected sends methods that a path does not have elsewhere.
func methodRedirected(_ *Call, f *Fault) {
	if f.Status == http.StatusMethodNotAllowed {
		f.Status = http.StatusFound
	}
}

// methodDropped closes the connection in place of refusing a method that a path does not have.
func methodDropped(_ *Server, call *Call, status int, _ http.Header, body []byte) []byte {
	if status == http.StatusMethodNotAllowed && call.Request.Method != "PROBE" {
		panic(http.ErrAbortHandler)
	}
	return body
}

// pageFromEnd takes a page number below zero for one that is counted from the end.
func pageFromEnd(t *tweaks) {
	onViolation(func(v openapi.Violation) bool {
		return v.In == "query" && v.Keyword == "minimum" && strings.HasPrefix(v.Got, "-")
	})(t)
	onPage(func(w *window, _ *convention.Pagination, total int) {
		if w.number < 0 {
			w.start = max(total+w.number*w.size, 0)
		}
	})(t)
}

// createdTwice creates another item, once for the envelope.
func createdTwice(c *collection, call *Call, _, r *record) {
	if e := c.resource.server.conv.Envelope; e != nil && switched(call, e.Parameter) {
		c.addCopy(call, r)
	}
}

// missingInEnvelope answers 200 where an item does not exist, and says in the envelope only that it does not.
func missingInEnvelope(call *Call, f *Fault) {
	if f.Status != http.StatusNotFound || !strings.HasPrefix(f.Situation, "unknown-item") || call.plan.resource == nil {
		return
	}
	if e := call.plan.resource.server.conv.Envelope; e != nil && switched(call, e.Parameter) {
		f.Status = http.StatusOK
	}
}

// unacceptable takes the content of refusals of a situation for one that Accept leaves out.
func unacceptable(situation string) func(*Call, *Fault) {
	return func(call *Call, f *Fault) {
		if accept := call.Request.Header.Get("Accept"); strings.HasPrefix(f.Situation, situation) && accept != "" && !strings.Contains(accept, "*/*") {
			f.Status = http.StatusNotAcceptable
		}
	}
}

// switchedByName takes an envelope for asked for wherever its parameter is sent.
func switchedByName(s *Server, r *http.Request) {
	if e := s.conv.Envelope; e != nil && r.URL.Query().Get(e.Parameter) == "false" {
		query := r.URL.Query()
		query.Set(e.Parameter, "true")
		r.URL.RawQuery = query.Encode()
	}
}

// headOfEnvelope makes the body shorter that HEAD tells the length of, where it stands in an envelope.
func headOfEnvelope(s *Server, call *Call, _ int, _ http.Header, body []byte) []byte {
	if e := s.conv.Envelope; e != nil && call.Request.Method == http.MethodHead && switched(call, e.Parameter) {
		return body[:len(body)-min(len(body), len(e.Status))]
	}
	return body
}

// prettySticks indents all bodies behind one that was asked for in lines.
func prettySticks(t *tweaks) {
	var on atomic.Bool
	t.noMemo = true
	onWire(func(s *Server, call *Call, _ int, h http.Header, body []byte) []byte {
		if s.conv.Pretty != nil && switched(call, s.conv.Pretty.Parameter) {
			on.Store(true)
		}
		if !on.Load() || !json.Valid(body) {
			return body
		}
		return pretty(body)
	})(t)
}

// firstLine leaves one line of Accept.
func firstLine(_ *Server, r *http.Request) {
	if lines := r.Header["Accept"]; len(lines) > 1 {
		r.Header["Accept"] = lines[:1]
	}
}

// pageForBrowsers is what is made of an answer to who takes HTML before all.
func pageForBrowsers(_ *Server, call *Call, status int, h http.Header, body []byte) []byte {
	if status != http.StatusOK || !strings.HasPrefix(call.Request.Header.Get("Accept"), "text/html") {
		return body
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	return []byte("<!doctype html><title>API</title>")
}
