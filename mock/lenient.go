package mock

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"troth/openapi"
)

// rewritten changes the values of a request's query; those that keep returns false for are left out.
func rewritten(r *http.Request, keep func(value string) (string, bool)) {
	query, changed := r.URL.Query(), false
	for name, values := range query {
		var kept []string
		for _, v := range values {
			if v, ok := keep(v); ok {
				kept = append(kept, v)
			}
		}
		if changed = changed || !slices.Equal(kept, values); kept == nil {
			delete(query, name)
		} else {
			query[name] = kept
		}
	}
	if !changed {
		return
	}
	asked := *r.URL
	asked.RawQuery = query.Encode()
	r.URL = &asked
}

// zeroUnread drops zeros, as code does that asks whether there is a number by its truth.
func zeroUnread(_ *Server, r *http.Request) {
	rewritten(r, func(v string) (string, bool) { return v, v != "0" })
}

func truthInCapitals(_ *Server, r *http.Request) {
	rewritten(r, func(v string) (string, bool) {
		if v == "TRUE" || v == "FALSE" {
			return strings.ToLower(v), true
		}
		return v, true
	})
}

func numberInHexadecimal(_ *Server, r *http.Request) {
	rewritten(r, func(v string) (string, bool) {
		if n, err := strconv.ParseInt(v, 0, 64); err == nil && strings.HasPrefix(v, "0x") {
			return strconv.FormatInt(n, 10), true
		}
		return v, true
	})
}

// inWords is a text in the query that is nothing like the number that is wanted.
func inWords(v openapi.Violation) bool {
	begins := strings.TrimLeft(v.Got, `"`)
	return mistypedQuery(v) && strings.Contains(v.Want, "integer") && begins != "" && !strings.ContainsAny(begins[:1], "-.0123456789")
}

// renamed changes the names in a request's path.
func renamed(r *http.Request, as func(name string) string) {
	parts := strings.Split(r.URL.EscapedPath(), "/")
	for i, part := range parts {
		if name, err := url.PathUnescape(part); err == nil {
			if other := as(name); other != name {
				parts[i] = url.PathEscape(other)
			}
		}
	}
	asked := *r.URL
	asked.RawPath = strings.Join(parts, "/")
	if path, err := url.PathUnescape(asked.RawPath); err == nil {
		asked.Path = path
		r.URL = &asked
	}
}

func nameTrimmed(_ *Server, r *http.Request) { renamed(r, strings.TrimSpace) }

// nameAsPattern puts the first name that the server was given for the pattern that fits all.
func nameAsPattern(s *Server, r *http.Request) {
	renamed(r, func(name string) string {
		if name != "%" {
			return name
		}
		for _, p := range slices.Sorted(maps.Keys(s.options.params)) {
			if slices.ContainsFunc(s.doc.Operations, func(o *openapi.Operation) bool { return strings.Contains(o.Route, "{"+p+"}") }) {
				return s.options.params[p][0]
			}
		}
		return name
	})
}

// impossibleDay are violations of a format by a date that no calendar has.
func impossibleDay(v openapi.Violation) bool {
	return v.Keyword == "format" && strings.Contains(v.Got, "-02-30")
}

func mistypedBody(v openapi.Violation) bool { return v.In == "body" && v.Keyword == "type" }

// charsetRefused refuses JSON with the parameter that many clients add to its type.
func charsetRefused(call *Call) error {
	sent, err := openapi.ParseMediaType(call.Request.Header.Get("Content-Type"))
	if err != nil || !sent.IsJSON() || !slices.ContainsFunc(sent.Params, func(p openapi.Param) bool { return strings.EqualFold(p.Name, "charset") }) {
		return nil
	}
	return &Fault{Status: http.StatusUnsupportedMediaType, Situation: "unsupported-media-type", Detail: "planted by the defect charset-refused"}
}

func itemGoneAtTimes(t *tweaks) {
	var count atomic.Int64
	t.noMemo = true
	onRequest(func(call *Call) error {
		if !call.plan.isItem || call.Request.Method != http.MethodGet || count.Add(1)%3 != 0 {
			return nil
		}
		return &Fault{Status: http.StatusNotFound, Situation: "unknown-item", Detail: "planted by the defect item-gone-at-times"}
	})(t)
}

// parentCut takes a long name in the path, but the last, for one that was asked for before and begins alike.
func parentCut(t *tweaks) {
	const long = 20
	var known sync.Map // names by all but their last character
	onAsked(func(_ *Server, r *http.Request) {
		last := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
		renamed(r, func(name string) string {
			if len(name) < long || name == last {
				return name
			}
			first, _ := known.LoadOrStore(name[:len(name)-1], name)
			return first.(string)
		})
	})(t)
}
