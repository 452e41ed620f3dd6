package openapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"troth/openapi/schema"
	"troth/openapi/source"
)

// codec writes plain JSON as content of some media types, and reads it back by the content's schema.
type codec struct {
	name    string
	applies func(MediaType) bool
	encode  func(c *Content, v any) (data []byte, boundary string, err error)
	decode  func(c *Content, sent MediaType, data []byte) (any, error)
}

// codecs in the order in which they are asked; a new one is one line. What none applies to is raw.
func codecs() []codec {
	return []codec{
		{"JSON", MediaType.IsJSON, encodeJSON, decodeJSON},
		{"XML", isXML, encodeXML, decodeXML},
		{"a form", isForm, encodeForm, decodeForm},
		{"multipart", isMultipart, encodeMultipart, decodeMultipart},
		{"server-sent events", isEventStream, encodeEvents, decodeEvents},
		{"JSON lines", isJSONLines, encodeLines, decodeLines},
		{"a JSON text sequence", isJSONSequence, encodeSequence, decodeLines},
		{"CSV", isCSV, encodeCSV, decodeCSV},
		{"YAML", isYAML, encodeJSON, decodeYAML}, // JSON is YAML
		{"text", isText, encodeText, decodeText},
	}
}

func codecOf(t MediaType) *codec {
	for _, c := range codecs() {
		if c.applies(t) {
			return &c
		}
	}
	return nil
}

// Encode writes a value that the content's schema accepts as content of its media type, and tells the Content-Type to send: with the
// boundary of a multipart one. XML follows the schema's XML Objects (OpenAPI 3.1 §4.8.26), forms and multipart the content's Encoding
// Objects (§4.8.15). An object or array in content whose media type tells of no structure ("application/vnd.acme.v1") is JSON.
func (c *Content) Encode(v any) (data []byte, contentType string, err error) {
	known := codecOf(c.Type)
	if known == nil {
		return []byte(textOf(v)), c.Type.String(), nil
	}
	data, boundary, err := known.encode(c, v)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", c.Type, err)
	}
	t := c.Type
	if boundary != "" {
		t.Params = append(t.Params[:len(t.Params):len(t.Params)], Param{"boundary", boundary})
	}
	return data, t.String(), nil
}

// DecodeBody decodes a message body into plain JSON by the media type that was sent. judged tells whether the schema of the content
// applies to the value; it does not to content without a known structure, whose value is the raw text, unless the schema wants a string.
func DecodeBody(content *Content, sent MediaType, data []byte) (value any, judged bool, violations []Violation) {
	if charset := strings.ToLower(sent.Param("charset")); charset != "" && charset != "utf-8" && charset != "us-ascii" {
		return nil, true, malformed(content, "charset utf-8", "charset "+charset)
	}
	known := codecOf(sent)
	if known == nil {
		return unstructured(content, data)
	}
	value, err := known.decode(content, sent, data)
	if err != nil {
		return nil, true, malformed(content, known.name, err.Error())
	}
	return value, true, nil
}

// unstructured is content whose media type tells of no structure: JSON where that is what the schema wants, else the raw text.
func unstructured(c *Content, data []byte) (value any, judged bool, violations []Violation) {
	if v, err := source.DecodeJSON(data); err == nil && c.Schema != nil && c.Schema.Valid(v, schema.Either) {
		return v, true, nil
	}
	return string(data), c.Schema != nil && c.Schema.Valid(string(data), schema.Either), nil
}

func malformed(content *Content, want, got string) []Violation {
	return []Violation{{In: "body", Violation: schema.Violation{Keyword: "content", Want: want, Got: got, Schema: content.Place}}}
}

func isYAML(t MediaType) bool {
	return t.Suffix() == "yaml" || t.Subtype == "yaml" || t.Subtype == "x-yaml" || t.Subtype == "vnd.yaml"
}

// IsRecords tells whether bodies of a media type are records, or another notation of JSON's values: CSV (RFC 4180), JSON lines, JSON text sequences
// (RFC 7464), YAML. Unlike XML, forms and plain text they have one reading.
func IsRecords(t MediaType) bool { return isCSV(t) || isJSONLines(t) || isJSONSequence(t) || isYAML(t) }

func isText(t MediaType) bool { return t.Type == "text" }

// textOf is the text of a value: a string as it is, anything else as JSON.
func textOf(v any) string {
	if s, ok := Text(v); ok {
		return s
	}
	return string(jsonOf(v))
}

// jsonOf is plain JSON as text, members sorted.
func jsonOf(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return []byte("null") // plain JSON always can be written
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

func encodeJSON(_ *Content, v any) ([]byte, string, error) { return jsonOf(v), "", nil }

func decodeJSON(_ *Content, _ MediaType, data []byte) (any, error) {
	v, err := source.DecodeJSON(data)
	if err != nil {
		return nil, fmt.Errorf("no JSON text: %w", err)
	}
	return v, nil
}

func decodeYAML(_ *Content, _ MediaType, data []byte) (any, error) {
	n, err := source.Parse("body", data)
	if err != nil {
		return nil, err
	}
	return n.Value(), nil
}

func encodeText(_ *Content, v any) ([]byte, string, error) { return []byte(textOf(v)), "", nil }

var errNotUTF8 = errors.New("bytes that are no UTF-8")

func decodeText(c *Content, _ MediaType, data []byte) (any, error) {
	if !utf8.Valid(data) {
		return nil, errNotUTF8
	}
	return read(string(data), c.Schema), nil
}
