package contract

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"troth/openapi"
	"troth/openapi/schema"
)

// Case is one check of one operation, with the means to judge it.
type Case struct {
	Subject
	planned Planned
	check   *Check
	session *session
	parents map[string]string // path values of every request, by name
	anew    bool              // no answer that the run has already counts
	host    string            // ID of the operation that is judged, where this is a case of another
	home    bool              // it is of the operation that is judged: what it sees is judged by the general checks, too

	shrinkBudget int // requests that are left to make findings smaller

	probed *probed   // what Probes and Ordinary tell, where the session asked for it before
	found  []Finding // by the check, as it told them
	err    error     // why it told nothing
}

// Ask sends the ordinary request of the operation with changes. name tells what it is.
func (c *Case) Ask(ctx context.Context, name string, changes ...Change) (*Exchange, error) {
	if c.probed != nil {
		return nil, fmt.Errorf("the check %s sends %q: it has to say so (Asks)", c.check.ID, name)
	}
	for try := 1; ; try++ {
		r, own, err := c.request(ctx, name, changes...)
		if err != nil {
			return nil, err
		}
		x, err := c.do(ctx, r)
		if err != nil || own || try == tries || !c.elsewise(x, len(changes) == 0) {
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
		c.noteFirst(r, x)
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

// Carried tells whether every request has a parameter that nothing can leave out or change: a header field that the target or every client
// sends, or a credential in the query that the document declares as a parameter, too.
func (c *Case) Carried(p *openapi.Parameter) bool {
	if p.In == "header" {
		return strings.EqualFold(p.Name, "User-Agent") || c.session.target.header.Values(p.Name) != nil
	}
	return p.In == "query" && slices.ContainsFunc(c.Op.Security, func(r openapi.Requirement) bool {
		return slices.ContainsFunc(r, func(n openapi.Need) bool {
			return n.Scheme.Type == "apiKey" && n.Scheme.In == p.In && n.Scheme.Key == p.Name
		})
	})
}

// Given are the values of a parameter that the target was given.
func (c *Case) Given(name string) []string { return c.session.target.params[name] }

// Empty are the values of a parameter below which a list is empty, as the target was given them.
func (c *Case) Empty(name string) []string { return c.session.target.empty[name] }

// Theirs are the values of a parameter that the target was given as another tenant's: those behind the first, unless they are one's own, too, as names
// below different parents may be.
func (c *Case) Theirs(name string) (list []string) {
	given := c.Given(name)
	for i, value := range given {
		if i > 0 && value != given[0] {
			list = append(list, value)
		}
	}
	return list
}

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
	rawURL, known = c.located(strings.TrimSuffix(path, "/") + "/" + url.PathEscape(segment))
	return rawURL, known, nil
}

// Misspelt is the URL of the path that an exchange asked for with letters behind it, as Beneath. A path that ends in a variable is known so.
func (c *Case) Misspelt(x *Exchange, letters string) (rawURL string, known bool, err error) {
	path, err := c.Op.Expand(x.path)
	if err != nil || strings.HasSuffix(path, "/") {
		return "", err == nil, err
	}
	rawURL, known = c.located(path + letters)
	return rawURL, known, nil
}

// located is the URL of a path, and whether the document has it.
func (c *Case) located(path string) (rawURL string, known bool) {
	r := &http.Request{Method: http.MethodGet, URL: &url.URL{Path: path}}
	m := c.Op.Document.Match(r, path)
	return c.session.target.base.String() + path, m.Operation != nil || len(m.Allow) > 0
}

// Ordinary sends the ordinary request; anything but success is an error, as there is nothing to judge then.
func (c *Case) Ordinary(ctx context.Context) (*Exchange, error) {
	if c.probed != nil {
		return c.probed.ordinary, c.probed.notOrdinary
	}
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

// New makes a finding of an exchange. from is the line of the document that promises; the operation's own is made finer where the document
// speaks of what where and pointer name.
func (c *Case) New(x *Exchange, where, pointer, keyword, want, got, from string) Finding {
	if from == c.Op.Place.FileLine() {
		from = c.line(x, where, pointer)
	}
	return Finding{Where: where, Pointer: pointer, Keyword: keyword, Want: want, Got: got, Source: from, Curl: []string{x.Curl()}, seen: []*Exchange{x}}
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
