package mock

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"troth/openapi"
	"troth/openapi/source"
)

// sent is an answer before it goes out.
type sent struct {
	status int
	header http.Header
	body   []byte
}

// changed lets f change each answer as a whole.
func changed(f func(r *http.Request, a *sent)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			rec := httptest.NewRecorder()
			next.ServeHTTP(rec, r)
			a := &sent{rec.Code, rec.Header(), rec.Body.Bytes()}
			length := len(a.body)
			if f(r, a); len(a.body) != length && a.header["Content-Length"] != nil {
				a.header["Content-Length"] = []string{strconv.Itoa(len(a.body))}
			}
			if r.Method == http.MethodHead {
				delete(a.header, "Content-Length") // nobody knows how long the changed body would be (RFC 9110 §8.6)
			}
			maps.Copy(w.Header(), a.header)
			w.WriteHeader(a.status)
			if r.Method != http.MethodHead {
				w.Write(a.body) // a client that went away is not this server's fault
			}
		})
	}
}

// jsonBodies lets f write JSON bodies in another way.
func jsonBodies(f func(body []byte) []byte) func(http.Handler) http.Handler {
	return changed(func(_ *http.Request, a *sent) {
		if m, err := openapi.ParseMediaType(a.header.Get("Content-Type")); err == nil && m.IsJSON() && json.Valid(a.body) {
			a.body = f(a.body)
		}
	})
}

func newline(body []byte) []byte { return append(slices.Clip(body), '\n') }

func pretty(body []byte) []byte {
	var b bytes.Buffer
	if json.Indent(&b, body, "", "\t") != nil {
		return body
	}
	return b.Bytes()
}

// escaped writes what JSON lets be written as an escape so (RFC 8259 §7): outside strings there is neither / nor anything but ASCII.
func escaped(body []byte) []byte {
	var out []byte
	for len(body) > 0 {
		r, n := utf8.DecodeRune(body)
		switch {
		case r == '/':
			out = append(out, '\\', '/')
		case r < utf8.RuneSelf || r == utf8.RuneError:
			out = append(out, body[:n]...)
		default:
			for _, unit := range utf16.Encode([]rune{r}) {
				out = fmt.Appendf(out, "\\u%04x", unit)
			}
		}
		body = body[n:]
	}
	return out
}

// reversed writes members in the falling order of their names.
func reversed(body []byte) []byte {
	v, err := source.DecodeJSON(body)
	if err != nil {
		return body
	}
	other := appendReversed(nil, v)
	if bytes.Contains(body, []byte("\n")) {
		return pretty(other)
	}
	return other
}

func appendReversed(b []byte, v any) []byte {
	switch v := v.(type) {
	case map[string]any:
		names := slices.Sorted(maps.Keys(v))
		slices.Reverse(names)
		b = append(b, '{')
		for i, name := range names {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendString(b, name), ':')
			b = appendReversed(b, v[name])
		}
		return append(b, '}')
	case []any:
		b = append(b, '[')
		for i, item := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendReversed(b, item)
		}
		return append(b, ']')
	}
	return appendJSON(b, v)
}

// charset spells the parameter of JSON's media types in another way; it has no meaning there (RFC 8259 §11).
func charset(parameter string) func(http.Handler) http.Handler {
	return changed(func(_ *http.Request, a *sent) {
		field := a.header.Get("Content-Type")
		bare, _, has := strings.Cut(field, ";charset=")
		if m, err := openapi.ParseMediaType(field); err == nil && m.IsJSON() && (has || parameter != "") {
			a.header["Content-Type"] = []string{bare + parameter}
		}
	})
}

func zipped(next http.Handler) http.Handler {
	return changed(func(r *http.Request, a *sent) {
		if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") || len(a.body) == 0 || a.header.Get("Content-Encoding") != "" {
			return
		}
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := z.Write(a.body); err != nil || z.Close() != nil {
			return
		}
		a.body = b.Bytes()
		a.header.Set("Content-Encoding", "gzip")
		a.header.Add("Vary", "Accept-Encoding")
	})(next)
}

// chunked sends a body of unknown length in two parts.
func chunked(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		maps.Copy(w.Header(), rec.Header())
		w.Header().Del("Content-Length")
		w.WriteHeader(rec.Code)
		body := rec.Body.Bytes()
		if r.Method == http.MethodHead || len(body) == 0 {
			return
		}
		w.Write(body[:len(body)/2])
		_ = http.NewResponseController(w).Flush()
		w.Write(body[len(body)/2:])
	})
}

// lowerCase writes names as HTTP/2 does (RFC 9113 §8.2.1); names are the same in any case.
func lowerCase(next http.Handler) http.Handler {
	return changed(func(_ *http.Request, a *sent) {
		lower := http.Header{"Content-Type": nil, "Date": nil, "date": {time.Now().UTC().Format(http.TimeFormat)}} // net/http adds them else
		for name, lines := range a.header {
			if name != "Content-Length" {
				lower[strings.ToLower(name)] = lines
			}
		}
		a.header = lower
	})(next)
}

// fields adds header fields, each a name and a value.
func fields(pairs ...string) func(http.Handler) http.Handler {
	return changed(func(_ *http.Request, a *sent) {
		for i := 0; i+1 < len(pairs); i += 2 {
			a.header.Set(pairs[i], pairs[i+1])
		}
	})
}

func weakETags(next http.Handler) http.Handler {
	return changed(func(r *http.Request, a *sent) {
		if r.Method == http.MethodGet && a.status == http.StatusOK && a.header.Get("ETag") == "" {
			h := fnv.New64a()
			h.Write(a.body)
			a.header.Set("ETag", fmt.Sprintf("W/\"%x\"", h.Sum64()))
		}
	})(next)
}

func slow(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if pause(r.Context(), 30*time.Millisecond) == nil {
			next.ServeHTTP(w, r)
		}
	})
}
