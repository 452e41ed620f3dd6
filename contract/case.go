package contract

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"troth/openapi"
	"troth/openapi/sample"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// Case is one check of one operation, with the means to judge it.
type Case struct {
	Subject
	check   *Check
	session *session
	parents map[string]string // path values of every request, by name
	anew    bool              // no answer that the run has already counts
	host    string            // ID of the operation that is judged, where this is a case of another
	home    bool              // it is of the operation that is judged: what it sees is judged by the general checks, too

	shrinkBudget int // requests that are left to make findings smaller
}

// Ask sends the ordinary request of the operation with changes. name tells what it is.
func (c *Case) Ask(ctx context.Context, name string, changes ...Change) (*Exchange, error) {
	for try := 1; ; try++ {
		r, own, err := c.request(ctx, name, changes...)
		if err != nil {
			return nil, err
		}
		x, err := c.do(ctx, r)
		if err != nil || own || try == tries || !c.elsewise(x) {
			return x, err
		}
	}
}

func (c *Case) do(ctx context.Context, r Request) (*Exchange, error) {
	if c.Op.Method == http.MethodDelete && c.Last() == nil {
		return nil, Skip("only what the run itself created is deleted")
	}
	r.Again = r.Again || c.anew
	x, err := c.session.do(ctx, r)
	if err == nil {
		c.removed(x)
		c.noteMade(x)
		c.noteTouched(x)
	}
	if err == nil && !c.home {
		c.visited(r, x)
	}
	if err != nil || !c.home || r.Aside || r.Method != c.Op.Method && (x.Status < 400 || r.Method == http.MethodHead || r.Method == http.MethodOptions) {
		return x, err
	}
	for _, before := range x.Waited {
		c.session.record(c.Op.ID, before)
	}
	c.session.record(c.Op.ID, x)
	return x, nil
}

// Other is a case of the same check for another operation, nil where that cannot be compiled.
func (c *Case) Other(op *openapi.Operation) *Case {
	compiled, err := op.Compile()
	if err != nil {
		return nil
	}
	host := c.host
	if c.home {
		host = c.Op.ID
	}
	return &Case{Subject: Subject{Op: compiled, Conv: c.Conv, Page: c.Conv.Pagination(compiled)}, check: c.check, session: c.session, anew: c.anew, host: host}
}

// Below is the case with every request below the same parents as another request was.
func (c *Case) Below(x *Exchange) *Case {
	below := *c
	below.parents = x.path
	return &below
}

// Carried tells whether every request has a parameter that nothing can leave out or change: a header field that the target sends, or a credential
// in the query that the document declares as a parameter, too.
func (c *Case) Carried(p *openapi.Parameter) bool {
	if p.In == "header" {
		return c.session.target.header.Values(p.Name) != nil
	}
	return p.In == "query" && slices.ContainsFunc(c.Op.Security, func(r openapi.Requirement) bool {
		return slices.ContainsFunc(r, func(n openapi.Need) bool {
			return n.Scheme.Type == "apiKey" && n.Scheme.In == p.In && n.Scheme.Key == p.Name
		})
	})
}

// Given are the values of a parameter that the target was given.
func (c *Case) Given(name string) []string { return c.session.target.params[name] }

// Writes tells whether requests that change something may be sent.
func (c *Case) Writes() bool { return c.session.target.write }

// Seen are the exchanges that the operation's cases had so far, those of its own method only.
func (c *Case) Seen() []*Exchange { return c.session.recorded(c.Op.ID) }

// Follow sends a GET to an absolute URL, with the header fields that every request of the operation needs.
func (c *Case) Follow(ctx context.Context, name, rawURL string, changes ...Change) (*Exchange, error) {
	r := Request{Name: name, Method: http.MethodGet, URL: rawURL}
	ch := &change{request: &r, query: map[string]string{}, path: map[string]string{}, raw: map[string]string{}}
	for _, p := range c.Op.Parameters {
		if p.In != "header" && p.In != "cookie" {
			continue // the URL is complete
		}
		if err := c.parameter(p, ch); err != nil {
			return nil, err
		}
	}
	for _, apply := range changes {
		apply(ch)
	}
	c.accept(ch)
	return c.do(ctx, r)
}

// Local is a link as it leads on the target: one to a server of the document (OpenAPI 3.1 §4.8.5) stands for the same on the target, which may be
// that server behind another address.
func (c *Case) Local(link string) string {
	for _, server := range c.Op.Document.Servers {
		server = strings.TrimSuffix(server, "/")
		if rest, ok := strings.CutPrefix(link, server); ok && strings.Contains(server, "://") && (rest == "" || rest[0] == '/' || rest[0] == '?') {
			return strings.TrimSuffix(c.session.target.base.String(), "/") + rest
		}
	}
	return link
}

// Beneath is the URL of a segment below the path that an exchange asked for; known tells whether the document has a path there.
func (c *Case) Beneath(x *Exchange, segment string) (rawURL string, known bool, err error) {
	path, err := c.Op.Expand(x.path)
	if err != nil {
		return "", false, err
	}
	path = strings.TrimSuffix(path, "/") + "/" + url.PathEscape(segment)
	r := &http.Request{Method: http.MethodGet, URL: &url.URL{Path: path}}
	m := c.Op.Document.Match(r, path)
	return c.session.target.base.String() + path, m.Operation != nil || len(m.Allow) > 0, nil
}

// Ordinary sends the ordinary request; anything but success is an error, as there is nothing to judge then.
func (c *Case) Ordinary(ctx context.Context) (*Exchange, error) {
	x, err := c.Ask(ctx, "ordinary request")
	if err != nil {
		return nil, err
	}
	if x.Status == http.StatusConflict && c.Op.Response(x.Status) != nil && changes(c.Op.Method) {
		return nil, Skip("the ordinary request was answered 409, as declared: what is there now forbids it")
	}
	if last := c.Last(); last != nil && x.Status == http.StatusNotFound && c.itemsUnnamed(ctx, last) {
		return nil, Skip("the list shows no item whose ID is known; name one with -p %s=value", last.Name)
	}
	if declared := c.Op.Response(x.Status); x.Status >= 300 && x.Status < 400 && declared != nil && declared.Code != "default" {
		return nil, Skip("the ordinary request was answered %d, as declared: it leads elsewhere", x.Status)
	}
	if !x.OK() {
		return nil, fmt.Errorf("the ordinary request was answered %d, not with success; give values that exist (-p name=value) and credentials. %s", x.Status, x.Curl())
	}
	return x, nil
}

// request is the ordinary request with changes, and whether its body is one of theirs.
func (c *Case) request(ctx context.Context, name string, changes ...Change) (r Request, own bool, err error) {
	r = Request{Name: name, Method: c.Op.Method}
	ch := &change{request: &r, path: map[string]string{}, query: map[string]string{}, raw: map[string]string{}}
	for _, p := range c.Op.Parameters {
		if err := c.parameter(p, ch); err != nil {
			return r, false, err
		}
	}
	c.conditions(ch)
	usual := maps.Clone(ch.query)
	for _, apply := range changes {
		apply(ch)
	}
	c.accept(ch)
	if !ch.body {
		if err := c.body(ch.request); err != nil {
			return r, false, err
		}
	}
	path, err := c.path(ctx, &r, ch.path)
	if err != nil {
		return r, false, err
	}
	c.belong(ch, usual, r.path)
	r.URL = c.session.target.base.String() + path + ch.suffix
	r.Aside = ch.suffix != ""
	if query := rawQuery(c.Op, ch); query != "" {
		r.URL += "?" + query
	}
	return r, ch.body, nil
}

// conditions adds what tells the operation from others of its path, where no parameter is declared for it ("/templates?kind=html").
func (c *Case) conditions(ch *change) {
	for name, value := range c.Op.Conditions() {
		if c.Op.Parameter("query", name) == nil && c.Op.Parameter("header", name) == nil {
			ch.raw[name] = url.QueryEscape(name) + "=" + url.QueryEscape(value)
		}
	}
}

// rawQuery writes the query in the order of the document.
func rawQuery(op *openapi.Compiled, ch *change) string {
	var parts []string
	for _, p := range op.Parameters {
		if raw, ok := ch.raw[p.Name]; ok && p.In == "query" {
			parts = append(parts, raw)
		} else if text, ok := ch.query[p.Name]; ok && p.In == "query" {
			parts = append(parts, url.QueryEscape(p.Name)+"="+url.QueryEscape(text))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(ch.raw)) {
		if op.Parameter("query", name) == nil {
			parts = append(parts, ch.raw[name])
		}
	}
	return strings.Join(parts, "&")
}

// parameter adds a required parameter outside the path, or one that the target was given a value for.
func (c *Case) parameter(p *openapi.Parameter, ch *change) error {
	given := c.session.target.params[p.Name]
	if p.In == "path" || !p.Required && len(given) == 0 {
		return nil
	}
	if len(given) > 0 {
		ch.set(p, given[0])
		return nil
	}
	value, err := c.session.parameterValue(p)
	if err != nil {
		return fmt.Errorf("parameter %s: %w; give one with -p %s=value", p.Name, err, p.Name)
	}
	if text, scalar := openapi.Text(value); scalar && p.Content.Type == "" {
		ch.set(p, text)
		return nil
	}
	encoded, err := p.Encode(value)
	if err != nil {
		return err
	}
	if p.In == "query" {
		ch.raw[p.Name] = encoded
	} else {
		ch.set(p, encoded)
	}
	return nil
}

func (ch *change) set(p *openapi.Parameter, text string) {
	switch p.In {
	case "query":
		ch.query[p.Name] = text
	case "header":
		Field(p.Name, text)(ch)
	case "cookie":
		Field("Cookie", strings.TrimPrefix(ch.request.Header.Get("Cookie")+"; "+p.Name+"="+url.PathEscape(text), "; "))(ch)
	}
}

// parameterExamples are the valid examples of a parameter.
func parameterExamples(p *openapi.Parameter) (list []any) {
	for _, e := range p.Examples {
		if p.Schema.Valid(e.Value, schema.Request) {
			list = append(list, e.Value)
		}
	}
	for _, e := range p.Schema.Examples {
		if p.Schema.Valid(e, schema.Request) {
			list = append(list, e)
		}
	}
	return list
}

func (s *session) parameterValue(p *openapi.Parameter) (any, error) {
	if examples := parameterExamples(p); len(examples) > 0 {
		return examples[0], nil
	}
	return sample.Value(p.Schema, sample.Hash(s.seed, p.Name), sample.For(schema.Request), sample.Named(p.Name))
}

// body adds a small valid body where the operation takes one.
func (c *Case) body(r *Request) error {
	content, value, err := c.Small()
	if content == nil || err != nil {
		return err
	}
	text, contentType, err := content.Encode(value)
	if err != nil {
		return err
	}
	if r.Header == nil {
		r.Header = http.Header{}
	}
	r.Header.Set("Content-Type", contentType)
	r.Body = string(text)
	return nil
}

// Small is a small valid body of the operation in plain JSON, an example of the document where it has one, and the content that it is of; nil
// where the operation takes none. The caller owns the value.
func (c *Case) Small() (*openapi.Content, any, error) {
	content := c.BodyContent()
	if content == nil {
		return nil, nil, nil
	}
	if content.Schema == nil || content.Type.IsRange() {
		return nil, nil, Skip("the request body is %s without a schema, which is not made", content.Type)
	}
	value, err := c.usualBody(content)
	c.session.mu.Lock()
	n := c.session.names.ordinary[c.Op.ID]
	c.session.mu.Unlock()
	if object, ok := value.(map[string]any); ok && n > 0 {
		spin(content, object, n)
	}
	return content, value, err
}

func (c *Case) usualBody(content *openapi.Content) (any, error) {
	for _, e := range content.Examples {
		if e.Value != nil && content.Schema.Valid(e.Value, schema.Request) {
			return source.Clone(e.Value), nil // what the document shows is likelier to refer to what exists
		}
	}
	value, err := sample.Value(content.Schema, c.session.seed, sample.For(schema.Request), sample.Minimal())
	if object, ok := value.(map[string]any); ok && len(object) == 0 && c.Op.Body.Required && !content.Type.IsJSON() {
		value, err = sample.Value(content.Schema, c.session.seed, sample.For(schema.Request)) // a form without fields is no body at all
	}
	if err != nil {
		return nil, Skip("no request body can be made: %s", err)
	}
	return value, nil
}

// BodyContent is the content that the operation's requests have, nil where it takes none.
func (s *Subject) BodyContent() *openapi.Content {
	if s.Op.Body == nil || len(s.Op.Body.Content) == 0 {
		return nil
	}
	return s.patched(preferred(s.Op.Body.Content))
}

// preferred is the content that requests are made of: the last JSON one, since dated media types stand in their order, else the last.
func preferred(list []*openapi.Content) *openapi.Content {
	for _, content := range slices.Backward(list) {
		if content.Type.IsJSON() && !content.Type.IsRange() && content.Schema != nil {
			return content
		}
	}
	return list[len(list)-1]
}

// path fills the template: values of the change, of the target, of the list that the variable picks from, of what is made, examples, usual
// ones. It returns the encoded values by name, too, and notes in the request where one of them was guessed.
func (c *Case) path(ctx context.Context, r *Request, given map[string]string) (string, error) {
	values := map[string]string{}
	maps.Copy(values, c.parents)
	maps.Copy(values, given)
	if last := c.Last(); last != nil && changes(r.Method) && values[last.Name] == "" {
		if err := c.own(ctx, c.Op.Route, last, values); err != nil {
			return "", err
		}
	}
	guessed, below := map[string]bool{}, map[string]string{}
	for _, p := range c.Op.Parameters {
		if p.In != "path" || values[p.Name] != "" {
			continue
		}
		found, err := c.session.pathValue(ctx, c.Op, p)
		if errors.Is(err, errEmpty) {
			if err := c.own(ctx, c.Op.Route, p, values); err != nil {
				return "", err
			}
			continue
		}
		if err != nil {
			return "", err
		}
		values[p.Name] = found.text
		guessed[p.Name] = found.guessed
		maps.Copy(below, found.below)
	}
	for name := range guessed {
		if parent := below[name]; guessed[name] && parent != "" { // what a list shows is asked for below the same parents
			values[name] = parent
		}
		r.Provoked = r.Provoked || guessed[name] // a guess may be refused
	}
	path, err := c.Op.Expand(values)
	r.path = values
	return path, err
}

// New makes a finding of an exchange. from is the line of the document that promises; the operation's own is made finer where the document
// speaks of what where and pointer name.
func (c *Case) New(x *Exchange, where, pointer, keyword, want, got, from string) Finding {
	if from == c.Op.Place.FileLine() {
		from = c.line(x, where, pointer)
	}
	return Finding{Where: where, Pointer: pointer, Keyword: keyword, Want: want, Got: got, Source: from, Curl: []string{x.Curl()}, seen: []*Exchange{x}}
}

// Probes are the requests whose answers the general checks judge: the ordinary one, and those that must be refused. Each is sent once in a run.
func (c *Case) Probes(ctx context.Context) ([]*Exchange, error) {
	ordinary, err := c.Ask(ctx, "ordinary request")
	if err != nil {
		return nil, err
	}
	probes := []*Exchange{ordinary}
	for _, probe := range []func(context.Context) (*Exchange, error){c.secondPage, c.WithoutCredentials, c.Unacceptable, func(ctx context.Context) (*Exchange, error) { return c.Malformed(ctx) }, func(ctx context.Context) (*Exchange, error) { return c.Unknown(ctx) }} {
		x, err := probe(ctx)
		if _, skipped := skipReason(err); skipped || errors.Is(err, errReadOnly) {
			continue
		}
		if err != nil {
			return nil, err
		}
		probes = append(probes, x)
	}
	return probes, nil
}

func (c *Case) secondPage(ctx context.Context) (*Exchange, error) {
	if c.Page == nil || c.Page.Page == "" || c.Page.Style != "page" {
		return nil, Skip("not paged by number")
	}
	return c.Ask(ctx, "second page", Query(c.Page.Page, fmt.Sprint(c.Page.First+1)))
}

// WithoutCredentials asks without any.
func (c *Case) WithoutCredentials(ctx context.Context) (*Exchange, error) {
	if !c.Secured() {
		return nil, Skip("the operation asks for no authentication")
	}
	return c.Ask(ctx, "without credentials", Authorization(""), Provoking())
}

// Secured tells whether every security requirement asks for something.
func (s *Subject) Secured() bool {
	for _, requirement := range s.Op.Security {
		if len(requirement) == 0 {
			return false
		}
	}
	return len(s.Op.Security) > 0
}

// Unacceptable asks for media types that the operation's success does not have: one that nothing has, and one that servers have undeclared.
func (c *Case) Unacceptable(ctx context.Context) (*Exchange, error) {
	field := "application/x-nothing"
	if xml, err := openapi.ParseMediaType("application/xml"); err == nil && !c.offers(xml) {
		field = "application/xml, " + field + ";q=0.5"
	}
	if other := c.otherSuffix(); other != "" {
		field = other + ", " + field
	}
	return c.Ask(ctx, "Accept that nothing satisfies", Accept(field), Provoking())
}

// otherSuffix is the accepted media type with another structured suffix (RFC 6838 §4.2.8) that the operation does not offer, "" where it has none.
func (c *Case) otherSuffix() string {
	name, _, _ := strings.Cut(c.Accepted(), ";")
	base, found := strings.CutSuffix(name, "+json")
	other, err := openapi.ParseMediaType(base + "+csv")
	if !found || err != nil || c.offers(other) {
		return ""
	}
	return base + "+csv"
}

// offers tells whether a response of the operation declares a media type.
func (c *Case) offers(m openapi.MediaType) bool {
	return slices.ContainsFunc(c.Op.Responses, func(r *openapi.Response) bool {
		return slices.ContainsFunc(r.Content, func(content *openapi.Content) bool { return content.Type.Matches(m) })
	})
}

// Malformed asks with a text that a parameter's schema does not accept in any reading.
func (c *Case) Malformed(ctx context.Context, changes ...Change) (*Exchange, error) {
	for _, p := range c.Op.Parameters {
		if p.In == "query" && (p.Schema.Types == schema.TypeInteger || p.Schema.Types == schema.TypeBoolean) {
			return c.Ask(ctx, "malformed "+p.Name, append(changes, Query(p.Name, "x-malformed"), Provoking(), In(BrokenParameter, p))...)
		}
	}
	return nil, Skip("no parameter is a number or boolean")
}

// Last is the path's last segment as a variable, nil where it is none or only a few values are possible.
func (s *Subject) Last() *openapi.Parameter {
	path := s.Op.Route
	segment := path[strings.LastIndexByte(path, '/')+1:]
	if !strings.HasPrefix(segment, "{") || strings.IndexByte(segment, '}') != len(segment)-1 {
		return nil
	}
	p := s.Op.Parameter("path", segment[1:len(segment)-1])
	if p == nil || p.Schema.Enum != nil || p.Schema.Types&schema.TypeBoolean != 0 {
		return nil
	}
	return p
}

// PicksItem tells whether the path ends in a variable.
func (s *Subject) PicksItem() bool { return s.Last() != nil }
