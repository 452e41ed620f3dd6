package contract

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"troth/openapi/schema"
	"troth/openapi/source"
)

// shrinking is how the request of a finding may be made smaller.
type shrinking struct {
	wrong func(*Exchange) bool // the answer still shows the finding
	still func(body any) bool  // a smaller JSON body is still about the finding; nil: where it is as valid as it was
}

// Shrinks has the finding's request made smaller by the engine, within a budget, for as long as an answer is still wrong. still tells
// whether a smaller JSON body is about the same finding; nil stands for one that is valid where the first one was.
func (f Finding) Shrinks(wrong func(*Exchange) bool, still func(body any) bool) Finding {
	f.shrink = &shrinking{wrong, still}
	return f
}

// smallest replaces the request of a finding by the smallest one found that still fails.
func (c *Case) smallest(ctx context.Context, f *Finding) {
	budget := min(c.session.shrinks, c.shrinkBudget)
	if f.shrink == nil || len(f.seen) != 1 || budget <= 0 {
		return
	}
	first, spent := f.seen[0], 0
	small := first
	tried := map[string]bool{}
	for next := first; next != nil && spent < budget; {
		next = nil
		for r := range c.smallerRequests(small.asked, f.shrink) {
			key := fmt.Sprint(r.URL, r.Header, r.Body)
			if tried[key] || spent == budget {
				continue
			}
			tried[key] = true
			spent++
			x, err := c.session.do(ctx, r)
			if err != nil {
				break // what cannot be sent makes nothing smaller
			}
			c.noteMade(x)
			if f.shrink.wrong(x) {
				small, next = x, x
				break
			}
		}
	}
	c.shrinkBudget -= spent
	if small != first {
		f.replace(first, small)
		f.Smaller = fmt.Sprintf("the smallest of %d requests: %s", spent+1, lessOf(first, small))
	}
}

// replace shows another exchange in place of one.
func (f *Finding) replace(old, x *Exchange) {
	for i, command := range f.Curl {
		if command == old.Curl() {
			f.Curl[i] = x.Curl()
		}
	}
	f.seen = []*Exchange{x}
}

// lessOf tells what of a request was left out.
func lessOf(from, to *Exchange) string {
	var parts []string
	say := func(what string, before, after int) {
		if before != after {
			parts = append(parts, fmt.Sprintf("%s %d → %d", what, before, after))
		}
	}
	say("bytes of body", len(from.SentBody), len(to.SentBody))
	say("query parameters", len(queryParts(from.URL)), len(queryParts(to.URL)))
	say("header fields", len(from.Sent), len(to.Sent))
	return strings.Join(parts, ", ")
}

// smallerRequests are requests with one thing less than another one: the largest steps first.
func (c *Case) smallerRequests(r Request, s *shrinking) iter.Seq[Request] {
	return func(yield func(Request) bool) {
		for u := range c.smallerURLs(r.URL) {
			less := r
			if less.URL = u; !yield(less) {
				return
			}
		}
		for _, name := range slices.Sorted(maps.Keys(r.Header)) {
			if p := c.Op.Parameter("header", name); name == "Content-Type" || p != nil && p.Required {
				continue
			}
			less := r
			less.Header = r.Header.Clone()
			if less.Header.Del(name); !yield(less) {
				return
			}
		}
		for body := range c.smallerBodies(r, s) {
			less := r
			if less.Body = body; !yield(less) {
				return
			}
		}
	}
}

// smallerURLs leave out one query parameter each, none that is required.
func (c *Case) smallerURLs(rawURL string) iter.Seq[string] {
	return func(yield func(string) bool) {
		path, _, _ := strings.Cut(rawURL, "?")
		parts := queryParts(rawURL)
		for i, part := range parts {
			name, _, _ := strings.Cut(part, "=")
			if text, err := url.QueryUnescape(name); err == nil {
				name = text
			}
			if p := c.Op.Parameter("query", name); p != nil && p.Required {
				continue
			}
			query := strings.Join(slices.Delete(slices.Clone(parts), i, i+1), "&")
			if !yield(strings.TrimSuffix(path+"?"+query, "?")) {
				return
			}
		}
	}
}

func queryParts(rawURL string) []string {
	_, query, _ := strings.Cut(rawURL, "?")
	return strings.FieldsFunc(query, func(r rune) bool { return r == '&' })
}

// smallerBodies are smaller JSON texts in place of a request's.
func (c *Case) smallerBodies(r Request, s *shrinking) iter.Seq[string] {
	return func(yield func(string) bool) {
		body, err := source.DecodeJSON([]byte(r.Body))
		if r.Body == "" || err != nil {
			return
		}
		still := s.still
		if still == nil {
			still = c.asValid(r.Header, body)
		}
		for less := range smallerValues(body) {
			if text, ok := compact(less); ok && still(less) && !yield(text) {
				return
			}
		}
	}
}

// asValid keeps a body valid where it was.
func (c *Case) asValid(sent http.Header, body any) func(any) bool {
	content, _, err := c.Small()
	if err != nil || content == nil || !strings.HasPrefix(sent.Get("Content-Type"), content.Type.Type+"/"+content.Type.Subtype) || !content.Schema.Valid(body, schema.Request) {
		return func(any) bool { return true }
	}
	return func(less any) bool { return content.Schema.Valid(less, schema.Request) }
}

// compact is a value as JSON, names sorted.
func compact(v any) (string, bool) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return strings.TrimSuffix(b.String(), "\n"), err == nil
}

// smallerValues are copies of a value with one thing less: members, items, half of a text; outer ones first.
func smallerValues(v any) iter.Seq[any] {
	return func(yield func(any) bool) {
		switch v := v.(type) {
		case map[string]any:
			smallerObjects(v, yield)
		case []any:
			smallerArrays(v, yield)
		case string:
			if runes := []rune(v); len(runes) > 1 {
				_ = yield(string(runes[:1])) && yield(string(runes[:len(runes)/2]))
			}
		}
	}
}

func smallerObjects(v map[string]any, yield func(any) bool) {
	names := slices.Sorted(maps.Keys(v))
	for _, name := range names {
		less := maps.Clone(v)
		if delete(less, name); !yield(less) {
			return
		}
	}
	for _, name := range names {
		for member := range smallerValues(v[name]) {
			less := maps.Clone(v)
			if less[name] = member; !yield(less) {
				return
			}
		}
	}
}

func smallerArrays(v []any, yield func(any) bool) {
	if len(v) > 3 && !yield(slices.Clone(v[:len(v)/2])) {
		return
	}
	for i := range v {
		if !yield(slices.Delete(slices.Clone(v), i, i+1)) {
			return
		}
	}
	for i := range v {
		for item := range smallerValues(v[i]) {
			less := slices.Clone(v)
			if less[i] = item; !yield(less) {
				return
			}
		}
	}
}
