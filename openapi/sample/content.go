package sample

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strings"

	"troth/openapi/schema"
)

// content makes a string that holds what contentMediaType and contentSchema say, in the encoding of contentEncoding (JSON Schema validation
// §8); ok is false where none of them says anything.
func (m *maker) content(f *facts, d *dice, name string) (text string, ok bool) {
	for _, s := range f.parts {
		if s.ContentEncoding == "" && s.ContentMediaType == "" && s.ContentSchema == nil {
			continue
		}
		inside := m.faker(d).Noun()
		if s.ContentSchema != nil || strings.HasSuffix(s.ContentMediaType, "json") {
			v, err := m.contentValue(s.ContentSchema, d, name)
			if err != nil {
				return "", false
			}
			inside = v
		}
		return encoded(s.ContentEncoding, inside), true
	}
	return "", false
}

func (m *maker) contentValue(s *schema.Schema, d *dice, name string) (string, error) {
	var v any = map[string]any{}
	if s != nil {
		var err error
		if v, err = m.value([]*schema.Schema{s}, d.Uint64(), name, hardDepth/2); err != nil {
			return "", err
		}
	}
	text, err := json.Marshal(v)
	return string(text), err
}

// encoded writes a text in one of the encodings of RFC 2045 §6 and RFC 4648; any other one, and those that change nothing, as it is.
func encoded(encoding, text string) string {
	switch strings.ToLower(encoding) {
	case "base64":
		return base64.StdEncoding.EncodeToString([]byte(text))
	case "base64url":
		return base64.URLEncoding.EncodeToString([]byte(text))
	case "base32":
		return base32.StdEncoding.EncodeToString([]byte(text))
	case "base16":
		return hex.EncodeToString([]byte(text))
	}
	return text
}
