package openapi

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"strings"
	"unicode/utf8"

	"troth/openapi/schema"
	"troth/openapi/source"
)

// DecodeBody decodes a message body into plain JSON by the media type that was sent: JSON, form, multipart, text. judged tells
// whether the schema of the content applies to the value; it does not to XML and binary content, whose value is the raw text.
func DecodeBody(content *Content, sent MediaType, data []byte) (value any, judged bool, violations []Violation) {
	if charset := strings.ToLower(sent.Param("charset")); charset != "" && charset != "utf-8" && charset != "us-ascii" {
		return nil, true, malformed(content, "charset utf-8", "charset "+charset)
	}
	switch {
	case sent.IsJSON():
		value, err := source.DecodeJSON(data)
		if err != nil {
			return nil, true, malformed(content, "one JSON text", err.Error())
		}
		return value, true, nil
	case sent.Subtype == "x-www-form-urlencoded":
		object := map[string]any{}
		for name, text := range pairs(string(data)) {
			deepPut(object, orAny(content.Schema), []string{unquery(name)}, unquery(text))
		}
		return object, true, nil
	case sent.Type == "multipart":
		object, err := decodeMultipart(content, sent, data)
		if err != nil {
			return nil, true, malformed(content, "multipart content", err.Error())
		}
		return object, true, nil
	case sent.Type == "text" && sent.Subtype != "xml":
		if !utf8.Valid(data) {
			return nil, true, malformed(content, "UTF-8", "other bytes")
		}
		return read(string(data), content.Schema), true, nil
	}
	return string(data), false, nil
}

func malformed(content *Content, want, got string) []Violation {
	return []Violation{{In: "body", Violation: schema.Violation{Keyword: "content", Want: want, Got: got, Schema: content.Place}}}
}

// decodeMultipart reads the parts of multipart/form-data (RFC 7578) into an object: a JSON part by its type, any other one as text.
func decodeMultipart(content *Content, sent MediaType, data []byte) (map[string]any, error) {
	boundary := sent.Param("boundary")
	if boundary == "" {
		return nil, fmt.Errorf("Content-Type has no boundary")
	}
	object := map[string]any{}
	reader := multipart.NewReader(bytes.NewReader(data), boundary)
	for {
		part, err := reader.NextPart()
		if err == io.EOF {
			return object, nil
		}
		if err != nil {
			return nil, err
		}
		text, err := io.ReadAll(part)
		if err != nil {
			return nil, err
		}
		if t, err := ParseMediaType(part.Header.Get("Content-Type")); err == nil && t.IsJSON() {
			if object[part.FormName()], err = source.DecodeJSON(text); err != nil {
				return nil, fmt.Errorf("part %s: %w", part.FormName(), err)
			}
			continue
		}
		deepPut(object, orAny(content.Schema), []string{part.FormName()}, string(text))
	}
}
