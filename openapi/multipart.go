package openapi

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/textproto"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"troth/openapi/schema"
	"troth/openapi/source"
)

// Encoding is OpenAPI's Encoding Object: how one property is written in a form or in multipart content.
type Encoding struct {
	ContentType string // as written; "" where absent
	Style       string // "" where absent
	Explode     bool
}

// encodings reads the Encoding Objects of a Media Type Object.
func encodings(p source.Place) map[string]Encoding {
	var list map[string]Encoding
	for name, n := range p.Node.Get("encoding").Members() {
		if list == nil {
			list = map[string]Encoding{}
		}
		e := Encoding{ContentType: n.Get("contentType").Text(), Style: n.Get("style").Text()}
		e.Explode = n.Get("explode").True() || n.Get("explode") == nil && (e.Style == "" || e.Style == "form" || e.Style == "deepObject")
		list[name] = e
	}
	return list
}

func isForm(t MediaType) bool { return t.Subtype == "x-www-form-urlencoded" }

func isMultipart(t MediaType) bool { return t.Type == "multipart" }

// encodeForm writes an object by OpenAPI 3.1 §4.8.15.1.2: arrays repeat the name, objects are JSON unless an Encoding Object gives a style.
func encodeForm(c *Content, v any) ([]byte, string, error) {
	object, ok := v.(map[string]any)
	if !ok {
		return []byte(textOf(v)), "", nil // a document whose form is no object
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(object)) {
		p := &Parameter{Name: name, In: "query", Style: "form", Explode: true}
		e, given := c.Encoding[name]
		if given && e.Style != "" {
			p.Style, p.Explode = e.Style, e.Explode
		}
		value := object[name]
		if _, nested := value.(map[string]any); nested && e.Style == "" {
			value = string(jsonOf(value))
		}
		text, err := p.Encode(value)
		if err != nil {
			return nil, "", err
		}
		if text != "" {
			parts = append(parts, text)
		}
	}
	return []byte(strings.Join(parts, "&")), "", nil
}

// decodeForm reads a form. Brackets in a name lead into the property that stands before them ("address[city]", "tags[]", "items[0][id]").
func decodeForm(c *Content, _ MediaType, data []byte) (any, error) {
	if c.wantsText() {
		return string(data), nil
	}
	object := map[string]any{}
	for rawName, rawText := range pairs(string(data)) {
		name, err := url.QueryUnescape(rawName)
		if err != nil {
			return nil, err
		}
		text, err := url.QueryUnescape(rawText)
		if err != nil {
			return nil, err
		}
		c.put(object, name, text)
	}
	c.empty(object)
	return object, nil
}

// empty adds the arrays that are required and were not sent: a form has no other way to send an empty one.
func (c *Content) empty(object map[string]any) {
	if c.Schema == nil {
		return
	}
	for part := range c.Schema.Parts(false) {
		for _, p := range part.Properties {
			if _, sent := object[p.Name]; !sent && isList(p.Schema) && due(c.Schema, p.Name) {
				object[p.Name] = []any{}
			}
		}
	}
}

// put adds one field of a form to its object.
func (c *Content) put(object map[string]any, name, text string) {
	s := orAny(c.Schema)
	base, rest, nested := strings.Cut(name, "[")
	path, closed := strings.CutSuffix(rest, "]")
	member := memberOf(s, name)
	if member == nil && nested && closed && base != "" {
		deepPut(object, s, append([]string{base}, strings.Split(path, "][")...), text)
		return
	}
	if e := c.Encoding[name]; !e.Explode && e.Style != "" && member != nil && typesOf(member, 8)&schema.TypeArray != 0 {
		p := &Parameter{Name: name, In: "query", Style: e.Style, Schema: member}
		object[name] = p.array(splitValues(text, p.separator()))
		return
	}
	deepPut(object, s, []string{name}, text)
}

// encodeMultipart writes an object's members as parts (RFC 7578): objects as JSON, binary strings as files, others as text, unless an
// Encoding Object names a media type; the items of an array are parts of their own (OpenAPI 3.1 §4.8.14.4).
func encodeMultipart(c *Content, v any) ([]byte, string, error) {
	object, ok := v.(map[string]any)
	if !ok {
		object = map[string]any{"file": v} // a document whose content is one file, or a list of files
	}
	sum := sha256.Sum256(jsonOf(v))
	boundary := "troth-" + hex.EncodeToString(sum[:12]) // the same content, the same bytes
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	if err := w.SetBoundary(boundary); err != nil {
		return nil, "", err
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		list, isArray := object[name].([]any)
		member := memberOf(c.Schema, name)
		if !ok {
			member = c.Schema
		}
		if !isArray {
			list = []any{object[name]}
		}
		for i, item := range list {
			s := member
			if isArray {
				s = itemOf(member, i, 8)
			}
			if err := c.writePart(w, name, s, item); err != nil {
				return nil, "", err
			}
		}
	}
	err := w.Close()
	return b.Bytes(), boundary, err
}

func (c *Content) writePart(w *multipart.Writer, name string, s *schema.Schema, v any) error {
	header := textproto.MIMEHeader{}
	disposition := "form-data; name=" + strconv.Quote(name)
	t := c.partType(name, s, v)
	if codecOf(t) == nil || s != nil && s.Format == "binary" {
		disposition += "; filename=" + strconv.Quote(name)
	}
	if c.Type.Subtype == "form-data" {
		header.Set("Content-Disposition", disposition)
	} else {
		header.Set("Content-Disposition", strings.Replace(disposition, "form-data", "attachment", 1))
	}
	header.Set("Content-Type", t.String())
	part, err := w.CreatePart(header)
	if err != nil {
		return err
	}
	inner := &Content{Type: t, Schema: s, Place: c.Place}
	data, _, err := inner.Encode(v)
	if err != nil {
		return fmt.Errorf("part %s: %w", name, err)
	}
	_, err = part.Write(data)
	return err
}

// partType is the media type of a part: the first concrete one that the Encoding Object names, else by the kind of value.
func (c *Content) partType(name string, s *schema.Schema, v any) MediaType {
	for text := range strings.SplitSeq(c.Encoding[name].ContentType, ",") {
		if t, err := ParseMediaType(strings.TrimSpace(text)); err == nil && !t.hasWildcard() {
			return t
		}
	}
	if _, scalar := Text(v); !scalar {
		return MediaType{Type: "application", Subtype: "json"}
	}
	if s != nil && (s.Format == "binary" || s.ContentEncoding != "" || s.ContentMediaType != "") {
		if t, err := ParseMediaType(s.ContentMediaType); err == nil {
			return t
		}
		return MediaType{Type: "application", Subtype: "octet-stream"}
	}
	return MediaType{Type: "text", Subtype: "plain"}
}

func decodeMultipart(c *Content, sent MediaType, data []byte) (any, error) {
	boundary := sent.Param("boundary")
	if boundary == "" {
		return nil, errors.New("Content-Type has no boundary")
	}
	object := map[string]any{}
	reader := multipart.NewReader(bytes.NewReader(data), boundary)
	for {
		part, err := reader.NextPart()
		if err == io.EOF {
			c.empty(object)
			return c.files(object), nil
		}
		if err != nil {
			return nil, err
		}
		text, err := io.ReadAll(part)
		if err != nil {
			return nil, err
		}
		if err := c.takePart(object, part, text); err != nil {
			return nil, fmt.Errorf("part %s: %w", partName(part), err)
		}
	}
}

// files is what the parts say where the schema describes no object but a file, or a list of files.
func (c *Content) files(object map[string]any) any {
	types := schema.TypeObject
	if c.Schema != nil {
		types = typesOf(c.Schema, 8)
	}
	if types == schema.AnyType || types&schema.TypeObject != 0 {
		return object
	}
	var list []any
	for _, name := range slices.Sorted(maps.Keys(object)) {
		list = append(list, object[name])
	}
	if types&schema.TypeArray == 0 && len(list) == 1 {
		return list[0]
	}
	return list
}

// partName is the name of a part, also of one that is no form-data.
func partName(part *multipart.Part) string {
	if name := part.FormName(); name != "" {
		return name
	}
	_, rest, _ := strings.Cut(part.Header.Get("Content-Disposition"), `name="`)
	name, _, _ := strings.Cut(rest, `"`)
	return name
}

// takePart adds a part to the object: a structured one by its type, any other as text.
func (c *Content) takePart(object map[string]any, part *multipart.Part, text []byte) error {
	name := partName(part)
	t, err := ParseMediaType(part.Header.Get("Content-Type"))
	known := codecOf(t)
	if err != nil || known == nil || isText(t) && !isXML(t) {
		c.put(object, name, string(text))
		return nil
	}
	member := memberOf(c.Schema, name)
	repeated := member != nil && typesOf(member, 8)&schema.TypeArray != 0
	if repeated {
		member = itemOf(member, 0, 8)
	}
	v, err := known.decode(&Content{Type: t, Schema: member, Place: c.Place}, t, text)
	if err != nil {
		return err
	}
	if whole, isArray := v.([]any); repeated && isArray && !schemaTakes(member, v) {
		object[name] = whole // the array as one part
	} else if repeated {
		list, _ := object[name].([]any)
		object[name] = append(list, v)
	} else {
		object[name] = v
	}
	return nil
}

func schemaTakes(s *schema.Schema, v any) bool { return s == nil || s.Valid(v, schema.Either) }
