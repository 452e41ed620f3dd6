package mock

import (
	"bytes"
	"compress/gzip"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"troth/openapi"
)

// aDay is a date of HTTP, in form.
const aDay = "Thu, 22 Jan 2026 00:00:00 GMT"

func dateMalformed(_ *Server, _ *Call, _ int, h http.Header, body []byte) []byte {
	h.Set("Last-Modified", "2026-01-22")
	return body
}

func headerTwice(_ *Server, _ *Call, _ int, h http.Header, body []byte) []byte {
	h["Last-Modified"] = []string{aDay, "Wed, 21 Jan 2026 00:00:00 GMT"}
	return body
}

func sunsetEarly(_ *Server, _ *Call, _ int, h http.Header, body []byte) []byte {
	if begin, err := http.ParseTime(h.Get("Deprecation")); err == nil {
		h.Set("Sunset", begin.AddDate(0, 0, -1).Format(http.TimeFormat))
	}
	return body
}

func weekdayWrong(_ *Server, _ *Call, _ int, h http.Header, body []byte) []byte {
	h.Set("Last-Modified", "Mon"+aDay[3:])
	return body
}

func modifiedLater(_ *Server, _ *Call, _ int, h http.Header, body []byte) []byte {
	h.Set("Date", aDay)
	h.Set("Last-Modified", "Fri, 23 Jan 2026 00:00:00 GMT")
	return body
}

func remainingAbove(_ *Server, _ *Call, _ int, h http.Header, body []byte) []byte {
	h.Set("RateLimit-Limit", "100")
	h.Set("RateLimit-Remaining", "101")
	return body
}

func etagUnquoted(_ *Server, _ *Call, status int, h http.Header, body []byte) []byte {
	if status < 300 {
		h.Set("ETag", "7f3a")
	}
	return body
}

// etagConstant gives one tag to every list that items can be created in.
func etagConstant(s *Server, call *Call, status int, h http.Header, body []byte) []byte {
	if call.Operation != nil && call.Operation.Method == http.MethodGet && status < 300 && slices.ContainsFunc(s.doc.Operations, func(o *openapi.Operation) bool {
		return o.Method == http.MethodPost && o.Route == call.Operation.Route
	}) {
		h.Set("ETag", `"7f3a"`)
	}
	return body
}

// alwaysUnmodified gives answers a tag and takes any for it.
func alwaysUnmodified(t *tweaks) {
	t.noMemo = true
	t.reply = func(_ *Server, call *Call, reply *Reply) error {
		if call.Request.Method != http.MethodGet || reply.Status != http.StatusOK {
			return nil
		}
		if call.Request.Header.Get("If-None-Match") != "" {
			*reply = Reply{Status: http.StatusNotModified, Rule: reply.Rule}
		}
		header := http.Header{}
		maps.Copy(header, reply.Header)
		header.Set("ETag", `"7f3a"`)
		reply.Header = header
		return nil
	}
}

func traceEchoed(_ *Server, call *Call, _ int, h http.Header, body []byte) []byte {
	if call.Request.Method != http.MethodTrace {
		return body
	}
	var b bytes.Buffer
	h.Set("Content-Type", "message/http")
	if call.Request.Header.Write(&b) != nil {
		return nil
	}
	return b.Bytes()
}

func requestIDConstant(_ *Server, _ *Call, _ int, h http.Header, body []byte) []byte {
	for name := range h {
		if namesRequest(name) {
			h[name] = []string{"00000000-0000-4000-8000-000000000001"}
		}
	}
	return body
}

func optionsNameMore(_ *Server, call *Call, _ int, h http.Header, body []byte) []byte {
	if call.Request.Method == http.MethodOptions {
		h.Set("Allow", "GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE")
	}
	return body
}

func gzipUnasked(_ *Server, call *Call, status int, h http.Header, body []byte) []byte {
	if status >= 300 || call.Request.Header.Get("Accept-Encoding") != "identity" {
		return body
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(body); err != nil || z.Close() != nil {
		return body
	}
	h.Set("Content-Encoding", "gzip")
	return b.Bytes()
}

// listCached keeps the first answer to each request for a list.
func listCached(t *tweaks) {
	var kept sync.Map // Reply by request
	onReply(func(s *Server, call *Call, reply *Reply) error {
		if call.Request.Method != http.MethodGet || reply.Status != http.StatusOK || s.conv.Pagination(call.Operation) == nil {
			return nil
		}
		first, _ := kept.LoadOrStore(call.Request.URL.RequestURI()+call.Request.Header.Get("Accept"), *reply)
		*reply = first.(Reply)
		return nil
	})(t)
}

// promisedDateWrong moves the dates that the conventions give by a year.
func promisedDateWrong(s *Server, call *Call, status int, h http.Header, body []byte) []byte {
	for name, date := range promisedDates(s, call, status) {
		h.Set(name, date.AddDate(1, 0, 0).Format(http.TimeFormat))
	}
	return body
}

func promisedDateForm(s *Server, call *Call, status int, h http.Header, body []byte) []byte {
	for name, date := range promisedDates(s, call, status) {
		if name != "Sunset" { // its form is RFC 8594's
			h.Set(name, date.Format(time.RFC3339))
		}
	}
	return body
}

// promisedDates are the headers of a response that troth.yaml gives a date.
func promisedDates(s *Server, call *Call, status int) map[string]time.Time {
	promised := map[string]time.Time{}
	for name, value := range s.conv.HeadersFor(call.Operation, status) {
		if date, err := http.ParseTime(value); err == nil {
			promised[name] = date
		}
	}
	return promised
}

func locationMissing(_ *Server, _ *Call, _ int, h http.Header, body []byte) []byte {
	h.Del("Location")
	return body
}

// writeTagOther writes another digit in front of the ETags of answers to writes.
func writeTagOther(_ *Server, call *Call, _ int, h http.Header, body []byte) []byte {
	if tag := h.Get("ETag"); tag != "" && call.Request.Method != http.MethodGet && call.Request.Method != http.MethodHead {
		h.Set("ETag", strings.Replace(tag, `"`, `"1`, 1))
	}
	return body
}

// linkBare leaves the angle brackets out of Link fields.
func linkBare(_ *Server, _ *Call, _ int, h http.Header, body []byte) []byte {
	if link := h.Get("Link"); link != "" {
		h.Set("Link", strings.NewReplacer("<", "", ">", "").Replace(link))
	}
	return body
}

// dateMissing leaves out Date, which net/http adds where a handler says nothing of it.
func dateMissing(_ *Server, _ *Call, _ int, h http.Header, body []byte) []byte {
	h["Date"] = nil
	return body
}

// versionEchoed labels a success with the version that was asked for, where that is no declared one.
func versionEchoed(s *Server, call *Call, status int, h http.Header, body []byte) []byte {
	asked, err := openapi.ParseMediaType(call.Request.Header.Get("Accept"))
	served, failed := openapi.ParseMediaType(h.Get("Content-Type"))
	if v := s.conv.Versions; err == nil && failed == nil && v != nil && status < http.StatusMultipleChoices && v.Date(asked) != "" && v.Date(asked) != v.Date(served) {
		h.Set("Content-Type", asked.String())
	}
	return body
}
