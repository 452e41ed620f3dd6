package openapi

import (
	"slices"
	"strings"

	"troth/openapi/schema"
	"troth/openapi/source"
)

func (o *Operation) doCompile() (*Compiled, error) {
	c := &Compiled{Operation: o, Servers: o.Document.Servers}
	for _, compile := range []func(*Compiled) error{o.compileParameters, o.compileBody, o.compileResponses, o.compileSecurity} {
		if err := compile(c); err != nil {
			return nil, err
		}
	}
	return c, nil
}

var locations = []string{"path", "query", "header", "cookie"}

func (o *Operation) compileParameters(c *Compiled) error {
	for _, home := range []source.Place{o.Place.Child("parameters"), o.item.Child("parameters")} {
		for i := range home.Node.Items() {
			p, err := o.parameter(home.Item(i))
			if err != nil {
				return err
			}
			if p != nil && c.Parameter(p.In, p.Name) == nil && !o.misplaced(p) {
				c.Parameters = append(c.Parameters, p)
			}
		}
	}
	if err := o.undeclared(c); err != nil {
		return err
	}
	slices.SortStableFunc(c.Parameters, func(a, b *Parameter) int {
		return slices.Index(locations, a.In) - slices.Index(locations, b.In)
	})
	for _, p := range c.Parameters {
		group := map[string]*[]*Parameter{"path": &c.path, "query": &c.query, "header": &c.headers, "cookie": &c.cookies}[p.In]
		*group = append(*group, p)
	}
	return nil
}

// misplaced tells whether a path parameter has no place in the path: no request can carry it. One whose variable stands in a query
// behind the path ("/jobs?day={day}") is a query parameter.
func (o *Operation) misplaced(p *Parameter) bool {
	if p.In != "path" || slices.Contains(templateNames(o.Route), p.Name) {
		return false
	}
	for part := range strings.FieldsFuncSeq(o.Path[len(o.Route):], func(r rune) bool { return r == '?' || r == '&' }) {
		if name, value, _ := strings.Cut(part, "="); value == "{"+p.Name+"}" {
			p.Name, p.In, p.Style, p.Explode = name, "query", "form", true
			return false
		}
	}
	return true
}

// undeclared adds a string parameter for each variable of the path that the document does not declare, and tells so.
func (o *Operation) undeclared(c *Compiled) error {
	for _, name := range templateNames(o.Route) {
		if c.Parameter("path", name) != nil {
			continue
		}
		s, err := o.anyString()
		if err != nil {
			return err
		}
		c.Parameters = append(c.Parameters, &Parameter{Name: name, In: "path", Required: true, Style: "simple", Schema: s, Place: o.Place, form: formOf(s)})
	}
	return nil
}

func (o *Operation) anyString() (*schema.Schema, error) {
	set, err := source.Read("troth: undeclared path variable", []byte("type: string\nminLength: 1"))
	if err != nil {
		return nil, err
	}
	return o.Document.compiler.Compile(set.Root())
}

func templateNames(path string) []string {
	var names []string
	for {
		open := strings.IndexByte(path, '{')
		if open < 0 {
			return names
		}
		end := strings.IndexByte(path[open:], '}')
		if end < 0 {
			return names
		}
		names = append(names, path[open+1:open+end])
		path = path[open+end+1:]
	}
}

// ignoredHeaders are header parameters that OpenAPI says shall be ignored (3.1 §4.8.12.1): they are described elsewhere.
var ignoredHeaders = []string{"accept", "content-type", "authorization"}

// parameter compiles one, nil for a header that is to be ignored.
func (o *Operation) parameter(p source.Place) (*Parameter, error) {
	p, err := p.Deref()
	if err != nil {
		return nil, err
	}
	n := p.Node
	out := &Parameter{
		Name: n.Get("name").Text(), In: n.Get("in").Text(), Required: n.Get("required").True(), Deprecated: n.Get("deprecated").True(),
		Description: n.Get("description").Text(), Style: n.Get("style").Text(),
		AllowReserved: n.Get("allowReserved").True(), AllowEmptyValue: n.Get("allowEmptyValue").True(), Place: p,
	}
	if out.Name == "" {
		return nil, p.Errorf("a parameter has no name")
	}
	if !slices.Contains(locations, out.In) {
		return nil, p.Child("in").Errorf("parameter %q is in %q: want one of %s", out.Name, out.In, strings.Join(locations, ", "))
	}
	if out.In == "header" && slices.Contains(ignoredHeaders, strings.ToLower(out.Name)) {
		return nil, nil
	}
	out.Required = out.Required || out.In == "path"
	if err := out.styled(); err != nil {
		return nil, err
	}
	if out.Schema, out.Content, err = o.schemaOrContent(p); err != nil {
		return nil, err
	}
	out.form = formOf(out.Schema)
	out.Examples, err = examples(p)
	return out, err
}

var styles = map[string][]string{
	"path": {"simple", "label", "matrix"}, "query": {"form", "spaceDelimited", "pipeDelimited", "deepObject"},
	"header": {"simple"}, "cookie": {"form"},
}

// styled sets the defaults of style and explode, OpenAPI 3.1 §4.8.12.2.
func (p *Parameter) styled() error {
	if p.Style == "" {
		p.Style = styles[p.In][0]
	}
	if !slices.Contains(styles[p.In], p.Style) {
		return p.Place.Child("style").Errorf("style %q of a %s parameter: want one of %s", p.Style, p.In, strings.Join(styles[p.In], ", "))
	}
	p.Explode = p.Style == "form"
	if e := p.Place.Node.Get("explode"); e != nil {
		p.Explode = e.True()
	}
	return nil
}

// schemaOrContent compiles what describes a parameter or header: its schema, or that of its one content.
func (o *Operation) schemaOrContent(p source.Place) (*schema.Schema, MediaType, error) {
	if p.Child("schema").Exists() {
		s, err := o.Document.compiler.Compile(p.Child("schema"))
		return s, MediaType{}, err
	}
	content, err := o.contents(p.Child("content"))
	if err != nil {
		return nil, MediaType{}, err
	}
	if len(content) == 0 || content[0].Schema == nil {
		s, err := o.anything()
		return s, MediaType{}, err
	}
	return content[0].Schema, content[0].Type, nil
}

func (o *Operation) anything() (*schema.Schema, error) {
	set, err := source.Read("troth: no schema", []byte("{}"))
	if err != nil {
		return nil, err
	}
	return o.Document.compiler.Compile(set.Root())
}

func (o *Operation) compileBody(c *Compiled) error {
	p := o.Place.Child("requestBody")
	if !p.Exists() {
		return nil
	}
	p, err := p.Deref()
	if err != nil {
		return err
	}
	c.Body = &Body{Required: p.Node.Get("required").True(), Place: p}
	c.Body.Content, err = o.contents(p.Child("content"))
	if err == nil && c.Body.Required && len(c.Body.Content) == 0 && p.Node.Get("content").Len() > 0 {
		return noMediaType(p)
	}
	return err
}

func noMediaType(p source.Place) error {
	return p.Child("content").Errorf("none of the members is a media type (type/subtype)")
}

func (o *Operation) contents(p source.Place) ([]*Content, error) {
	var list []*Content
	for name := range p.Node.Members() {
		place, err := p.Child(name).Deref()
		if err != nil {
			return nil, err
		}
		t, err := ParseMediaType(name)
		if err != nil { // documents paste examples where media types belong, and forget the names of parameters
			o.Document.compiler.Note(schema.Unchecked{Place: p.Child(name), Keyword: "content", Reason: err.Error()})
			plain, _, _ := strings.Cut(name, ";")
			if t, err = ParseMediaType(plain); err != nil {
				continue
			}
		}
		o.Document.unread(place, "prefixEncoding", "itemEncoding")
		c := &Content{Type: t, Place: place, Encoding: encodings(place)}
		if c.Schema, err = o.contentSchema(t, place); err != nil {
			return nil, err
		}
		if c.Examples, err = examples(place); err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, nil
}

// contentSchema compiles what describes the content as a whole, nil where nothing does.
func (o *Operation) contentSchema(t MediaType, p source.Place) (*schema.Schema, error) {
	compile := func(member string) (*schema.Schema, error) {
		if !p.Child(member).Exists() {
			return nil, nil
		}
		return o.Document.compiler.Compile(p.Child(member))
	}
	whole, err := compile("schema")
	if err != nil || !sequential(t) {
		return whole, err
	}
	if !o.Document.is32() {
		return sequence(whole, nil), nil
	}
	item, err := compile("itemSchema")
	return sequence(whole, item), err
}

// examples reads "example" and "examples"; an example whose value is elsewhere (externalValue) is left out.
func examples(p source.Place) ([]Example, error) {
	var list []Example
	if e := p.Child("example"); e.Exists() {
		list = append(list, Example{Value: e.Node.Value(), Place: e})
	}
	for name := range p.Node.Get("examples").Members() {
		e, err := p.Child("examples").Child(name).Deref()
		if err != nil {
			return nil, err
		}
		for _, member := range []string{"value", "dataValue"} { // the latter since 3.2
			if v := e.Child(member); v.Exists() {
				list = append(list, Example{Name: name, Value: v.Node.Value(), Place: v})
			}
		}
	}
	return list, nil
}

func (o *Operation) compileResponses(c *Compiled) error {
	responses := o.Place.Child("responses")
	for code := range responses.Node.Members() {
		if strings.HasPrefix(code, "x-") {
			continue
		}
		p, err := responses.Child(code).Deref()
		if err != nil {
			return err
		}
		r := &Response{Code: code, Description: p.Node.Get("description").Text(), Place: p}
		if r.Content, err = o.contents(p.Child("content")); err != nil {
			return err
		}
		if len(r.Content) == 0 && p.Node.Get("content").Len() > 0 && strings.HasPrefix(code, "2") {
			return noMediaType(p)
		}
		if r.Headers, err = o.headers(p.Child("headers")); err != nil {
			return err
		}
		c.Responses = append(c.Responses, r)
	}
	return nil
}

func (o *Operation) headers(p source.Place) ([]*Header, error) {
	var list []*Header
	for name := range p.Node.Members() {
		place, err := p.Child(name).Deref()
		if err != nil {
			return nil, err
		}
		h := &Header{Name: name, Description: place.Node.Get("description").Text(), Required: place.Node.Get("required").True(), Explode: place.Node.Get("explode").True(), Place: place}
		if h.Schema, h.Content, err = o.schemaOrContent(place); err != nil {
			return nil, err
		}
		h.form = formOf(h.Schema)
		if h.Examples, err = examples(place); err != nil {
			return nil, err
		}
		list = append(list, h)
	}
	return list, nil
}
