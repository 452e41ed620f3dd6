package mock

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// raw is JSON text that stands for a value inside a plain one: the encoded items of a list.
type raw []byte

// appendJSON writes plain JSON with sorted member names, in one pass and without reflection (encoding/json takes 13 times
// as long for a map of 40 KB: docs/dependencies.md).
func appendJSON(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, v)
	case string:
		return appendString(b, v)
	case json.Number:
		return append(b, v...)
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case raw:
		return append(b, v...)
	case []any:
		return appendArray(b, v)
	case map[string]any:
		return appendObject(b, v)
	}
	text, err := json.Marshal(v) // float64 and what an overriding handler may return
	if err != nil {
		return append(b, "null"...)
	}
	return append(b, text...)
}

func appendArray(b []byte, items []any) []byte {
	b = append(b, '[')
	for i, item := range items {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendJSON(b, item)
	}
	return append(b, ']')
}

func appendObject(b []byte, members map[string]any) []byte {
	b = append(b, '{')
	var room [24]string // the usual objects are written without allocation
	names := room[:0]
	for name := range members {
		names = append(names, name)
	}
	slices.Sort(names)
	for i, name := range names {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, name)
		b = append(b, ':')
		b = appendJSON(b, members[name])
	}
	return append(b, '}')
}

// appendString quotes s; invalid UTF-8 becomes U+FFFD.
func appendString(b []byte, s string) []byte {
	quoted, _ := jsontext.AppendQuote(b, s)
	return quoted
}

// plainText tells whether a text stands in JSON as it is: printable ASCII without quotation marks and backslashes.
func plainText(text []byte) bool {
	for _, c := range text {
		if c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// appendQuoted is appendString for bytes.
func appendQuoted(b, s []byte) []byte {
	quoted, _ := jsontext.AppendQuote(b, s)
	return quoted
}
