package openapi

import (
	"net/http"
	"net/url"
	"strings"

	"troth/openapi/schema"
	"troth/openapi/source"
)

// DecodeParameters decodes and validates every declared parameter of a request by its style and explode (OpenAPI 3.1
// §4.8.12.6, RFC 6570), working on the raw query. Undeclared query parameters are ignored. A repeated scalar parameter is a
// violation. Decoding is strict by JSON Schema's types: "true"/"false" for booleans, JSON's grammar for numbers. The usual
// integers, booleans and strings do not allocate.
func (c *Compiled) DecodeParameters(r *http.Request, m Match) (values Values, violations []Violation) {
	var sent query
	sent.read(r.URL.RawQuery)
	for _, p := range c.Parameters {
		if p.In == "query" {
			violations = p.decodeQuery(&sent, c, &values, violations)
			continue
		}
		if p.In == "path" && p.single() {
			if raw, ok := m.raw(p.Name); ok {
				violations = p.scalar(unescaped(raw), &values, violations)
				continue
			}
		}
		violations = p.take(p.texts(r, &m), &values, violations)
	}
	return values, violations
}

// CheckText tells what is wrong with a text, not escaped, as the value of a parameter that is one scalar; nothing of any other parameter.
func (p *Parameter) CheckText(text string) []Violation {
	if !p.single() {
		return nil
	}
	return p.scalar(text, &Values{}, nil)
}

// single tells whether the parameter is one scalar, written without the marks of a style.
func (p *Parameter) single() bool {
	return !p.form.itemized && p.Content.Type == "" && p.Style != "label" && p.Style != "matrix"
}

// texts are the raw texts of a parameter outside the query: none where it is absent.
func (p *Parameter) texts(r *http.Request, m *Match) []string {
	switch p.In {
	case "path":
		if raw, ok := m.raw(p.Name); ok {
			return []string{raw}
		}
	case "header":
		if lines := r.Header.Values(p.Name); len(lines) > 0 {
			return []string{strings.Join(lines, ",")}
		}
	case "cookie":
		var texts []string
		for _, cookie := range r.CookiesNamed(p.Name) {
			texts = append(texts, cookie.Value)
		}
		return texts
	}
	return nil
}

// take decodes a parameter that stands in at most one text per value.
func (p *Parameter) take(texts []string, values *Values, violations []Violation) []Violation {
	switch {
	case len(texts) == 0:
		return p.absent(values, violations)
	case len(texts) == 1 && p.single():
		return p.scalar(p.plain(texts[0]), values, violations)
	}
	value, problem := p.value(texts)
	return p.keep(value, problem, texts, values, violations)
}

func (p *Parameter) absent(values *Values, violations []Violation) []Violation {
	values.add(decoded{param: p})
	if p.Required {
		violations = append(violations, p.violation("required", "a value", "none"))
	}
	return violations
}

func (p *Parameter) violation(keyword, want, got string) Violation {
	return Violation{p.In, p.Name, schema.Violation{Keyword: keyword, Want: want, Got: got, Schema: p.Place}}
}

// scalar decodes one text that can be no array or object.
func (p *Parameter) scalar(text string, values *Values, violations []Violation) []Violation {
	if d, ok := p.form.fast(text); ok {
		d.param, d.present = p, true
		values.add(d)
		return violations
	}
	if text == "" && p.AllowEmptyValue {
		values.add(decoded{param: p, kind: textKind, present: true})
		return violations
	}
	if p.form.text && p.Schema.ValidText(text) {
		values.add(decoded{param: p, text: text, kind: textKind, present: true})
		return violations
	}
	value := read(text, p.Schema)
	return p.keep(value, "", []string{text}, values, violations)
}

// keep notes a value, whether it is valid or not, and its violations.
func (p *Parameter) keep(value any, problem string, texts []string, values *Values, violations []Violation) []Violation {
	values.box(p, value)
	if problem != "" {
		return append(violations, p.violation("style", problem, strings.Join(texts, "&")))
	}
	for _, v := range p.Schema.Validate(value, schema.Request) {
		violations = append(violations, Violation{p.In, p.Name, v})
	}
	return violations
}

// plain undoes the escaping of a text by where it stands: percent-encoding in a path, percent-encoding and "+" in a query.
func (p *Parameter) plain(text string) string {
	switch p.In {
	case "path":
		return unescaped(text)
	case "query":
		return unquery(text)
	case "cookie":
		return unescaped(text)
	}
	return strings.Trim(text, " \t")
}

func unquery(s string) string {
	if strings.IndexByte(s, '%') < 0 && strings.IndexByte(s, '+') < 0 {
		return s
	}
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}

// value decodes by style what is not a plain scalar. problem tells what was expected where the text is not of the style.
func (p *Parameter) value(texts []string) (value any, problem string) {
	if p.Content.Type != "" {
		return p.contentValue(texts)
	}
	types := p.form.types
	text := texts[0]
	switch p.Style {
	case "label":
		if text, problem = cutPrefix(text, ".", "a value that begins with ."); problem != "" {
			return p.plain(text), problem
		}
	case "matrix":
		return p.matrix(text)
	}
	separator := p.separator()
	if list, ok := p.nested(texts, separator); ok {
		return list, ""
	}
	switch {
	case len(texts) > 1 && types&schema.TypeArray == 0:
		return p.plain(text), "one value"
	case len(texts) > 1 || types&schema.TypeArray != 0 && p.In == "query" && p.Explode:
		return p.array(texts), ""
	case types&schema.TypeArray != 0:
		return p.array(splitValues(text, separator)), ""
	case types&schema.TypeObject != 0:
		return p.object(splitValues(text, separator), p.Explode)
	}
	return read(p.plain(text), p.Schema), ""
}

// nested decodes an array of arrays or objects in one text. The styles have no form for it (OpenAPI 3.1 §4.8.12.6): each item is JSON text, as
// Encode writes it.
func (p *Parameter) nested(texts []string, separator string) ([]any, bool) {
	if len(texts) != 1 || separator != "," || p.form.types&schema.TypeArray == 0 {
		return nil, false
	}
	text := p.plain(texts[0])
	if !strings.HasPrefix(text, "[") && !strings.HasPrefix(text, "{") {
		return nil, false
	}
	v, err := source.DecodeJSON([]byte("[" + text + "]"))
	list, ok := v.([]any)
	return list, ok && err == nil && p.Schema.Valid(v, schema.Request)
}

func cutPrefix(text, prefix, want string) (string, string) {
	if rest, ok := strings.CutPrefix(text, prefix); ok {
		return rest, ""
	}
	return text, want
}

// separator is what stands between the items of an array in one text, by style.
func (p *Parameter) separator() string {
	switch {
	case p.Style == "spaceDelimited":
		return " "
	case p.Style == "pipeDelimited":
		return "|"
	case p.Style == "label" && p.Explode:
		return "."
	}
	return ","
}

// splitValues splits a raw text at a separator, written plainly or percent-encoded where it has to be.
func splitValues(text, separator string) []string {
	if text == "" {
		return nil
	}
	switch separator {
	case " ":
		text = strings.NewReplacer("%20", " ", "+", " ").Replace(text)
	case "|":
		text = strings.NewReplacer("%7C", "|", "%7c", "|").Replace(text)
	}
	return strings.Split(text, separator)
}

// matrix decodes ";name=a,b" and exploded ";name=a;name=b" or ";k=v;l=w" (RFC 6570 §3.2.7).
func (p *Parameter) matrix(text string) (any, string) {
	rest, problem := cutPrefix(text, ";", "a value that begins with ;"+p.Name)
	if problem != "" {
		return p.plain(text), problem
	}
	parts := strings.Split(rest, ";")
	if p.Explode && p.form.types&schema.TypeObject != 0 {
		return p.object(parts, true)
	}
	var texts []string
	for _, part := range parts {
		name, value, _ := strings.Cut(part, "=")
		if unescaped(name) != p.Name {
			return p.plain(text), "a value that begins with ;" + p.Name
		}
		texts = append(texts, value)
	}
	switch {
	case p.form.types&schema.TypeArray != 0 && !p.Explode:
		return p.array(splitValues(texts[0], ",")), ""
	case p.form.types&schema.TypeArray != 0:
		return p.array(texts), ""
	case p.form.types&schema.TypeObject != 0:
		return p.object(splitValues(texts[0], ","), false)
	}
	return read(p.plain(texts[0]), p.Schema), ""
}

func (p *Parameter) array(texts []string) any {
	items := make([]any, len(texts))
	for i, text := range texts {
		items[i] = read(p.plain(text), itemOf(p.Schema, i, 8))
	}
	return items
}

// itemOf is the schema of the i-th item, nil where none is declared.
func itemOf(s *schema.Schema, i, depth int) *schema.Schema {
	if s == nil || depth == 0 {
		return nil
	}
	if i < len(s.PrefixItems) {
		return s.PrefixItems[i]
	}
	if s.Items != nil {
		return s.Items
	}
	if found := itemOf(s.Ref, i, depth-1); found != nil {
		return found
	}
	for _, group := range [...][]*schema.Schema{s.AllOf, s.AnyOf, s.OneOf} {
		for _, part := range group {
			if found := itemOf(part, i, depth-1); found != nil {
				return found
			}
		}
	}
	return nil
}

// object decodes "k,v,l,w", or "k=v" parts where exploded.
func (p *Parameter) object(parts []string, exploded bool) (any, string) {
	object := map[string]any{}
	if exploded {
		for _, part := range parts {
			name, value, ok := strings.Cut(part, "=")
			if !ok {
				return object, "name=value parts"
			}
			p.member(object, name, value)
		}
		return object, ""
	}
	if len(parts)%2 != 0 {
		return object, "names and values in turn"
	}
	for i := 0; i < len(parts); i += 2 {
		p.member(object, parts[i], parts[i+1])
	}
	return object, ""
}

func (p *Parameter) member(object map[string]any, name, text string) {
	name = p.plain(name)
	object[name] = read(p.plain(text), p.Schema.Find(name))
}

func (p *Parameter) contentValue(texts []string) (any, string) {
	if len(texts) > 1 {
		return texts[0], "one value"
	}
	text := p.plain(texts[0])
	if !p.Content.IsJSON() {
		return read(text, p.Schema), ""
	}
	value, err := source.DecodeJSON([]byte(text))
	if err != nil {
		return text, p.Content.String() + ": " + err.Error()
	}
	return value, ""
}
