package openapi

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"troth/openapi/schema"
	"troth/openapi/source"
)

func isEventStream(t MediaType) bool { return t.Type == "text" && t.Subtype == "event-stream" }

func isJSONLines(t MediaType) bool {
	switch t.Subtype {
	case "jsonl", "x-ndjson", "ndjson", "x-jsonlines", "jsonlines", "stream+json":
		return true
	}
	return t.Suffix() == "jsonl"
}

func isJSONSequence(t MediaType) bool { return t.Subtype == "json-seq" || t.Suffix() == "json-seq" }

func sequential(t MediaType) bool { return isEventStream(t) || isJSONLines(t) || isJSONSequence(t) }

// sequence is the schema of all of a sequential media type's content, an array (OpenAPI 3.2 §4.14.2). Documents of 3.0 and 3.1 give the
// schema of one item where one of the whole belongs; a string is the raw text.
func sequence(whole, item *schema.Schema) *schema.Schema {
	switch {
	case item != nil:
		return schema.ArrayOf(item)
	case whole == nil || typesOf(whole, 8)&(schema.TypeArray|schema.TypeString) != 0:
		return whole
	}
	return schema.ArrayOf(whole)
}

// items are the items of a sequence, nil for a raw text.
func items(v any) ([]any, bool) {
	list, ok := v.([]any)
	return list, ok
}

func encodeLines(_ *Content, v any) ([]byte, string, error) {
	list, ok := items(v)
	if !ok {
		return []byte(textOf(v)), "", nil
	}
	var b bytes.Buffer
	for _, item := range list {
		b.Write(jsonOf(item))
		b.WriteByte('\n')
	}
	return b.Bytes(), "", nil
}

// recordSeparator stands before each text of a JSON text sequence, RFC 7464 §2.2.
const recordSeparator = "\x1e"

func encodeSequence(_ *Content, v any) ([]byte, string, error) {
	list, ok := items(v)
	if !ok {
		return []byte(textOf(v)), "", nil
	}
	var b bytes.Buffer
	for _, item := range list {
		b.WriteString(recordSeparator)
		b.Write(jsonOf(item))
		b.WriteByte('\n')
	}
	return b.Bytes(), "", nil
}

// decodeLines reads lines of JSON and JSON text sequences.
func decodeLines(c *Content, _ MediaType, data []byte) (any, error) {
	if c.wantsText() {
		return string(data), nil
	}
	list := []any{}
	n := 0
	for line := range strings.SplitSeq(string(data), "\n") {
		n++
		line = strings.Trim(line, recordSeparator+" \t\r")
		if line == "" {
			continue
		}
		v, err := source.DecodeJSON([]byte(line))
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		list = append(list, v)
	}
	return list, nil
}

// wantsText tells whether the content's schema takes the raw text.
func (c *Content) wantsText() bool {
	return c.Schema != nil && typesOf(c.Schema, 8)&(schema.TypeString|schema.TypeArray) == schema.TypeString
}

// eventFields are the fields of a server-sent event (HTML Living Standard §9.2.6), in the order in which they are written.
var eventFields = []string{"id", "event", "retry", "data"}

// encodeEvents writes each item as an event: one whose schema declares data field by field, any other as JSON in data.
func encodeEvents(c *Content, v any) ([]byte, string, error) {
	list, ok := items(v)
	if !ok {
		return []byte(textOf(v)), "", nil
	}
	var b strings.Builder
	for i, item := range list {
		object, _ := item.(map[string]any)
		switch s := itemOf(c.Schema, i, 8); {
		case isEvent(s):
		case isTextual(s):
			object = map[string]any{"data": textOf(item)}
		default:
			object = map[string]any{"data": string(jsonOf(item))}
		}
		for _, name := range eventFields {
			value, has := object[name]
			if !has {
				continue
			}
			for line := range strings.SplitSeq(strings.ReplaceAll(textOf(value), "\r", ""), "\n") {
				b.WriteString(name + ": " + line + "\n")
			}
		}
		b.WriteByte('\n')
	}
	return []byte(b.String()), "", nil
}

// isTextual tells whether a schema describes strings only, which are the data as they are.
func isTextual(s *schema.Schema) bool { return s != nil && typesOf(s, 8) == schema.TypeString }

// isEvent tells whether a schema describes an event, not its data.
func isEvent(s *schema.Schema) bool { return s != nil && s.Find("data") != nil }

// decodeEvents reads events by the standard's rules: an event ends with an empty line, lines of data are joined, a colon begins a comment.
func decodeEvents(c *Content, _ MediaType, data []byte) (any, error) {
	if !utf8.Valid(data) {
		return nil, errNotUTF8
	}
	if c.wantsText() {
		return string(data), nil
	}
	list := []any{}
	event := map[string][]string{}
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.TrimPrefix(string(data), "\ufeff"))
	for line := range strings.SplitSeq(text, "\n") {
		if line == "" {
			if len(event) > 0 {
				v, err := eventValue(itemOf(c.Schema, len(list), 8), event)
				if err != nil {
					return nil, fmt.Errorf("event %d: %w", len(list)+1, err)
				}
				list = append(list, v)
			}
			event = map[string][]string{}
			continue
		}
		name, value, _ := strings.Cut(line, ":")
		if name != "" {
			event[name] = append(event[name], strings.TrimPrefix(value, " "))
		}
	}
	return list, nil
}

func eventValue(s *schema.Schema, fields map[string][]string) (any, error) {
	data := strings.Join(fields["data"], "\n")
	if !isEvent(s) {
		if isTextual(s) {
			return data, nil
		}
		return source.DecodeJSON([]byte(data))
	}
	event := map[string]any{}
	for name, lines := range fields {
		event[name] = read(strings.Join(lines, "\n"), s.Find(name))
	}
	return event, nil
}
