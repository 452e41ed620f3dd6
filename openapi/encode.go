package openapi

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Encode writes a value by p's style and explode: the path segment, the header or cookie value, or for a query parameter the
// raw "name=value&…" part.
func (p *Parameter) Encode(value any) (string, error) {
	if _, scalar := Text(value); p.Content.Type != "" && (p.Content.IsJSON() || !scalar) {
		text, err := json.Marshal(value)
		if err != nil {
			return "", fmt.Errorf("parameter %s: %w", p.Name, err)
		}
		return p.labelled(p.escape(string(text))), nil
	}
	switch v := value.(type) {
	case []any:
		return p.encodeArray(v)
	case map[string]any:
		return p.encodeObject(v)
	}
	text, err := p.scalarText(value)
	return p.labelled(text), err
}

// Text is how a scalar of plain JSON is written outside JSON; ok is false for an array or object.
func Text(v any) (text string, ok bool) {
	switch v := v.(type) {
	case nil:
		return "null", true
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		if v {
			return "true", true
		}
		return "false", true
	}
	return "", false
}

// scalarText writes what stands within an array or object. Of arrays and objects in there OpenAPI says nothing (3.1 §4.8.12.6); they are
// written as JSON, as widespread clients do.
func (p *Parameter) scalarText(v any) (string, error) {
	text, ok := Text(v)
	if !ok {
		nested, err := json.Marshal(v)
		if err != nil {
			return "", fmt.Errorf("parameter %s: %w", p.Name, err)
		}
		text = string(nested)
	}
	return p.escape(text), nil
}

func (p *Parameter) escape(text string) string {
	switch p.In {
	case "path":
		return escapeSegment(text)
	case "query":
		return url.QueryEscape(text)
	case "cookie":
		return url.PathEscape(text)
	}
	return text
}

// escapeSegment escapes all that could be taken for the path's or the style's own separators. "." and ".." alone would be removed on
// the way (RFC 3986 §5.2.4) and cannot be sent; they come out escaped, which most servers read as intended.
func escapeSegment(text string) string {
	escaped := separators.Replace(url.PathEscape(text))
	if escaped == "." || escaped == ".." {
		return strings.ReplaceAll(escaped, ".", "%2E")
	}
	return escaped
}

var separators = strings.NewReplacer(",", "%2C", ";", "%3B", "=", "%3D", "+", "%2B", "&", "%26", "$", "%24")

// labelled puts the name or the prefix in front of an encoded value, by place and style.
func (p *Parameter) labelled(text string) string {
	switch {
	case p.In == "query":
		return url.QueryEscape(p.Name) + "=" + text
	case p.Style == "label":
		return "." + text
	case p.Style == "matrix":
		return ";" + p.Name + "=" + text
	}
	return text
}

func (p *Parameter) encodeArray(items []any) (string, error) {
	texts := make([]string, len(items))
	for i, item := range items {
		var err error
		if texts[i], err = p.scalarText(item); err != nil {
			return "", err
		}
	}
	switch {
	case p.In == "query" && p.Explode:
		for i := range texts {
			texts[i] = p.labelled(texts[i])
		}
		return strings.Join(texts, "&"), nil
	case p.Style == "matrix" && p.Explode:
		return ";" + p.Name + "=" + strings.Join(texts, ";"+p.Name+"="), nil
	}
	return p.labelled(strings.Join(texts, p.written())), nil
}

// written is the separator as it stands in the URL.
func (p *Parameter) written() string {
	switch separator := p.separator(); separator {
	case " ":
		return "%20"
	case "|":
		return "%7C"
	default:
		return separator
	}
}

func (p *Parameter) encodeObject(object map[string]any) (string, error) {
	var flat, paired []string
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if p.Style == "deepObject" {
			deep, err := deepText(p.Name+"["+name+"]", object[name])
			if err != nil {
				return "", err
			}
			paired = append(paired, deep...)
			continue
		}
		text, err := p.scalarText(object[name])
		if err != nil {
			return "", err
		}
		flat = append(flat, p.escape(name), text)
		paired = append(paired, p.escape(name)+"="+text)
	}
	switch {
	case p.In == "query" && (p.Explode || p.Style == "deepObject"):
		return strings.Join(paired, "&"), nil
	case p.Style == "matrix" && p.Explode:
		return ";" + strings.Join(paired, ";"), nil
	case p.Style == "label" && p.Explode:
		return "." + strings.Join(paired, "."), nil
	case p.Explode:
		return strings.Join(paired, ","), nil
	}
	return p.labelled(strings.Join(flat, p.written())), nil
}

func deepText(name string, v any) ([]string, error) {
	switch v := v.(type) {
	case map[string]any:
		var parts []string
		for _, member := range slices.Sorted(maps.Keys(v)) {
			inner, err := deepText(name+"["+member+"]", v[member])
			if err != nil {
				return nil, err
			}
			parts = append(parts, inner...)
		}
		return parts, nil
	case []any:
		var parts []string
		for i, item := range v {
			at := name
			if _, scalar := Text(item); !scalar {
				at += "[" + strconv.Itoa(i) + "]"
			}
			inner, err := deepText(at, item)
			if err != nil {
				return nil, err
			}
			parts = append(parts, inner...)
		}
		return parts, nil
	}
	text, _ := Text(v)
	return []string{url.QueryEscape(name) + "=" + url.QueryEscape(text)}, nil
}

// Expand fills the path template (Route) with values by parameter name, encoded already (see Encode). A variable without a value is
// an error.
func (o *Operation) Expand(values map[string]string) (string, error) {
	path := o.Route
	for _, name := range templateNames(o.Route) {
		value := values[name]
		if value == "" {
			return "", fmt.Errorf("path %s: no value for {%s}", o.Path, name)
		}
		path = strings.Replace(path, "{"+name+"}", value, 1)
	}
	return path, nil
}
