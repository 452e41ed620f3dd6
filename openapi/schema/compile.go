package schema

import (
	"slices"
	"strings"
	"sync"

	"troth/openapi/source"
)

// Dialect is the vocabulary that a document's schemas are written in.
type Dialect uint8

// The dialects.
const (
	OpenAPI30        Dialect = iota // OpenAPI 3.0's Schema Object
	JSONSchema202012                // OpenAPI 3.1 and later
)

// Compiler compiles schemas, each place once. Safe for concurrent use.
type Compiler struct {
	dialect   Dialect
	mu        sync.Mutex
	schemas   map[key]*Schema
	resources resources
	scopes    map[string]*scope
	patterns  map[string]*Pattern
	unchecked []Unchecked
	added     []key // by the running call
	annotate  bool  // formats are annotations
	speaks    map[string]*vocabularies
}

// Option changes how schemas are read.
type Option func(*Compiler)

// FormatsAnnotate makes format an annotation that nothing is judged by, JSON Schema 2020-12's default; without it formats are asserted, as
// OpenAPI's users expect.
func FormatsAnnotate() Option { return func(c *Compiler) { c.annotate = true } }

type key struct {
	file    *source.File
	pointer string
	scope   *scope
}

// NewCompiler returns a compiler for one document.
func NewCompiler(d Dialect, opts ...Option) *Compiler {
	c := &Compiler{
		dialect: d, speaks: map[string]*vocabularies{}, schemas: map[key]*Schema{}, patterns: map[string]*Pattern{}, scopes: map[string]*scope{},
		resources: resources{byURI: map[string]*resource{}, files: map[*source.File][]*resource{}},
	}
	for _, opt := range opts {
		opt(c)
	}
	return c
}

// Compile compiles the schema at p and what it refers to. A place without a schema and a reference that leads nowhere are
// *source.Error; a keyword whose value has the wrong form does not constrain anything and is listed by Unchecked.
func (c *Compiler) Compile(p source.Place) (*Schema, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.added = c.added[:0]
	s, err := c.compile(p, nil)
	if err != nil {
		for _, k := range c.added { // half-filled schemas must not be found later
			delete(c.schemas, k)
		}
		return nil, err
	}
	return s, nil
}

// Unchecked lists the constraints met so far that cannot be checked, sorted by place.
func (c *Compiler) Unchecked() []Unchecked {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := slices.Clone(c.unchecked)
	slices.SortFunc(list, func(a, b Unchecked) int {
		if d := strings.Compare(a.Place.File.Name, b.Place.File.Name); d != 0 {
			return d
		}
		if d := a.Place.Line() - b.Place.Line(); d != 0 {
			return d
		}
		return strings.Compare(a.Place.Pointer, b.Place.Pointer)
	})
	return slices.CompactFunc(list, func(a, b Unchecked) bool {
		return a.Place.File == b.Place.File && a.Place.Pointer == b.Place.Pointer && a.Keyword == b.Keyword
	})
}

// Unchecked is a constraint that Validate cannot check.
type Unchecked struct {
	Place   source.Place
	Keyword string
	Reason  string
}

// String is "file:line #/pointer: keyword: reason".
func (u Unchecked) String() string { return u.Place.String() + ": " + u.Keyword + ": " + u.Reason }

// Note lists a constraint that whoever uses this compiler cannot check.
func (c *Compiler) Note(u Unchecked) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.unchecked = append(c.unchecked, u)
}

func (c *Compiler) skip(p source.Place, keyword, reason string) {
	c.unchecked = append(c.unchecked, Unchecked{p.Child(keyword), keyword, reason})
}

func (c *Compiler) compile(p source.Place, in *scope) (*Schema, error) {
	in = c.enter(in, p)
	for hops := 0; c.refersOnly(p.Node); hops++ {
		if hops > 100 {
			return nil, p.Errorf("$ref leads to references only")
		}
		next, err := c.lookup(p, p.Node.Get("$ref").Text())
		if err != nil {
			return nil, err
		}
		p, in = next, c.enter(in, next)
	}
	k := key{p.File, p.Pointer, in}
	if s := c.schemas[k]; s != nil {
		return s, nil
	}
	s := blank(p)
	c.schemas[k] = s
	c.added = append(c.added, k)
	return s, c.fill(s, p, in)
}

// refersOnly tells whether a node is a reference whose siblings mean nothing: any in 3.0, one without siblings in 3.1.
func (c *Compiler) refersOnly(n *source.Node) bool {
	_, ok := n.Get("$ref").Str()
	return ok && (c.dialect == OpenAPI30 || n.Len() == 1)
}

func blank(p source.Place) *Schema {
	return &Schema{
		Place: p, Name: nameOf(p.Pointer),
		MinLength: -1, MaxLength: -1, MinItems: -1, MaxItems: -1, MinContains: -1, MaxContains: -1, MinProperties: -1, MaxProperties: -1,
	}
}

// nameOf is the last token of a pointer to a named schema.
func nameOf(pointer string) string {
	for _, home := range []string{"/components/schemas/", "/$defs/", "/definitions/"} {
		if i := strings.LastIndex(pointer, home); i >= 0 {
			if name := pointer[i+len(home):]; !strings.Contains(name, "/") {
				return source.Tokens("/" + name)[0]
			}
		}
	}
	return ""
}

func (c *Compiler) fill(s *Schema, p source.Place, in *scope) error {
	switch p.Node.Kind() {
	case source.Bool:
		b := p.Node.True()
		s.Bool = &b
		return nil
	case source.Object:
	default:
		return p.Errorf("found %s, want a schema (an object%s)", p.Node.Kind(), c.orBoolean())
	}
	p, err := c.spoken(p)
	if err != nil {
		return err
	}
	k := &keywords{c, s, p, in}
	if err := k.read(); err != nil {
		return err
	}
	s.checks = newChecks(s, c.annotate)
	return nil
}

func (c *Compiler) orBoolean() string {
	if c.dialect == OpenAPI30 {
		return ""
	}
	return " or a boolean"
}

// pattern compiles each pattern text once.
func (c *Compiler) pattern(p source.Place, keyword, text string) *Pattern {
	compiled := c.patterns[text]
	if compiled == nil {
		compiled = NewPattern(text)
		c.patterns[text] = compiled
	}
	if err := compiled.Checkable(); err != nil {
		c.skip(p, keyword, err.Error())
	}
	return compiled
}
