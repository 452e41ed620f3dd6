package openapi

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Match is where a request's path leads.
type Match struct {
	Operation *Operation  // nil where no operation has this path and method
	Values    []PathValue // values of the template's parameters, percent-decoded, in template order
	Allow     []string    // methods that the path has, sorted, whatever the method asked for; empty: 404
}

// PathValue is one value of a path template.
type PathValue struct {
	Name, Value string
	raw         string // as it stands in the URL
}

// Get returns the value of that name, "" where there is none.
func (m *Match) Get(name string) string {
	for i := range m.Values {
		if m.Values[i].Name == name {
			return m.Values[i].Value
		}
	}
	return ""
}

// raw is the value of that name as it stands in the URL.
func (m *Match) raw(name string) (string, bool) {
	for i := range m.Values {
		if m.Values[i].Name == name {
			return m.Values[i].raw, true
		}
	}
	return "", false
}

// router is a trie of path segments. Templates that differ only in the names of their variables share a node.
type router struct{ root node }

type node struct {
	few       []literal // literal segments, while they are few
	literals  map[string]*node
	templates []*template // most literal text first
	methods   []endpoint  // of the paths that end here, sorted by method
	allow     []string
}

type literal struct {
	text string
	node *node
}

// fewLiterals is how many literals are looked through more quickly than they are looked up.
const fewLiterals = 4

type endpoint struct {
	operation *Operation
	names     []string
	when      []condition
}

// template is a segment with variables: literal text around and between them.
type template struct {
	texts []string // one more than variables
	node  *node
}

func (r *router) add(o *Operation) {
	n := &r.root
	for segment := range strings.SplitSeq(o.Route[1:], "/") {
		n = n.child(segment)
	}
	n.methods = append(n.methods, endpoint{o, templateNames(o.Route), conditions(o)})
	n.allow = allowed(n.methods)
}

// allowed lists the methods that a path answers: HEAD comes with GET (RFC 9110 §9.3.2), OPTIONS always (§9.3.7).
func allowed(endpoints []endpoint) []string {
	methods := []string{"OPTIONS"}
	for _, e := range endpoints {
		methods = append(methods, e.operation.Method)
		if e.operation.Method == "GET" {
			methods = append(methods, "HEAD")
		}
	}
	slices.Sort(methods)
	return slices.Compact(methods)
}

func (n *node) child(segment string) *node {
	texts := literalTexts(segment)
	if len(texts) == 1 {
		return n.literalChild(unescaped(segment))
	}
	for _, t := range n.templates {
		if slices.Equal(t.texts, texts) {
			return t.node
		}
	}
	t := &template{texts: texts, node: &node{}}
	n.templates = append(n.templates, t)
	slices.SortStableFunc(n.templates, func(a, b *template) int { return b.literal() - a.literal() })
	return t.node
}

func (n *node) literalChild(text string) *node {
	if next := n.literal(text); next != nil {
		return next
	}
	next := &node{}
	if n.literals == nil && len(n.few) < fewLiterals {
		n.few = append(n.few, literal{text, next})
		return next
	}
	if n.literals == nil {
		n.literals = make(map[string]*node, 2*fewLiterals)
		for _, l := range n.few {
			n.literals[l.text] = l.node
		}
		n.few = nil
	}
	n.literals[text] = next
	return next
}

// literal is the node behind a literal segment, nil where there is none.
func (n *node) literal(text string) *node {
	if n.literals != nil {
		return n.literals[text]
	}
	for i := range n.few {
		if n.few[i].text == text {
			return n.few[i].node
		}
	}
	return nil
}

func (t *template) literal() (length int) {
	for _, text := range t.texts {
		length += len(text)
	}
	return length
}

// literalTexts splits a segment at its variables: "{a}:verb" into "" and ":verb".
func literalTexts(segment string) []string {
	var texts []string
	for {
		open := strings.IndexByte(segment, '{')
		end := strings.IndexByte(segment, '}')
		if open < 0 || end < open {
			return append(texts, unescaped(segment))
		}
		texts = append(texts, unescaped(segment[:open]))
		segment = segment[end+1:]
	}
}

// Match finds the operation for a request and its escaped path (url.URL.EscapedPath) without any server prefix. Literal
// segments win over templated ones; "%2F" never splits a segment. It allocates nothing but Values. HEAD matches GET where no
// HEAD is declared (Operation is then the GET). Where several operations have the path and method ("/jobs#action=start"), the
// first of those whose query or header conditions are met most is found, else the first one.
func (d *Document) Match(r *http.Request, escapedPath string) Match {
	return d.MatchInto(nil, r, escapedPath)
}

// MatchInto is [Document.Match] with room for Values, so that it allocates nothing where that is large enough.
func (d *Document) MatchInto(room []PathValue, r *http.Request, escapedPath string) Match {
	if !strings.HasPrefix(escapedPath, "/") {
		return Match{}
	}
	w := walk{method: r.Method, request: r, plain: strings.IndexByte(escapedPath, '%') < 0}
	if w.visit(&d.router.root, escapedPath[1:]) {
		return Match{Operation: w.found.operation, Values: w.named(room[:0]), Allow: w.allow}
	}
	return Match{Allow: w.allow}
}

// variableLimit is the most variables that a path may have to be matched without allocation.
const variableLimit = 12

// walk is one search through the trie. It visits a node at most once, so its time is bounded by the trie.
type walk struct {
	method  string
	request *http.Request
	plain   bool // nothing of the path is escaped
	found   endpoint
	allow   []string
	n       int // values
	home    [variableLimit]string
	over    []string // values behind home
}

func (w *walk) keep(value string) {
	if w.n < variableLimit {
		w.home[w.n] = value
	} else {
		w.over = append(w.over[:w.n-variableLimit], value)
	}
	w.n++
}

func (w *walk) value(i int) string {
	if i < variableLimit {
		return w.home[i]
	}
	return w.over[i-variableLimit]
}

func (w *walk) unescaped(s string) string {
	if w.plain {
		return s
	}
	return unescaped(s)
}

func (w *walk) visit(n *node, rest string) bool {
	segment, tail, more := strings.Cut(rest, "/")
	if next := n.literal(w.unescaped(segment)); next != nil && w.enter(next, tail, more) {
		return true
	}
	depth := w.n
	for _, t := range n.templates {
		if w.capture(t.texts, segment) && w.enter(t.node, tail, more) {
			return true
		}
		w.n = depth
	}
	return false
}

func (w *walk) enter(n *node, tail string, more bool) bool {
	if more {
		return w.visit(n, tail)
	}
	for _, method := range [...]string{w.method, "GET"} {
		if e := n.endpoint(method, w.request); e != nil {
			w.found, w.allow = *e, n.allow
			return true
		}
		if w.method != "HEAD" {
			break
		}
	}
	if w.allow == nil { // the most literal path tells what is allowed
		w.allow = n.allow
	}
	return false
}

// capture appends the raw values of a segment's variables; each takes at least one character.
func (w *walk) capture(texts []string, segment string) bool {
	first, last := texts[0], texts[len(texts)-1]
	if len(segment) < len(first)+len(last)+1 || !strings.HasPrefix(segment, first) || !strings.HasSuffix(segment, last) {
		return false
	}
	segment = segment[len(first) : len(segment)-len(last)]
	for _, text := range texts[1 : len(texts)-1] {
		at := split(segment, text)
		if at < 1 || len(segment) < at+1+len(text) {
			return false
		}
		w.keep(segment[:at])
		segment = segment[at+len(text):]
	}
	w.keep(segment)
	return true
}

// split is where the text between two variables stands: the first place behind a character, but the last one of a dot, which
// separates extensions ("{position}.{ext}"). Where nothing is between them, the second variable begins with the last dot, else it is
// the last character.
func split(segment, text string) int {
	switch text {
	case ".":
		return strings.LastIndexByte(segment, '.')
	case "":
		if at := strings.LastIndexByte(segment, '.'); at > 0 {
			return at
		}
		return len(segment) - 1
	}
	if at := strings.Index(segment[1:], text); at >= 0 {
		return at + 1
	}
	return -1
}

// named appends the values with their names to a list.
func (w *walk) named(list []PathValue) []PathValue {
	if w.n == 0 {
		return nil
	}
	list = slices.Grow(list, w.n)
	for i := range w.n {
		raw := w.value(i)
		list = append(list, PathValue{w.found.names[i], w.unescaped(raw), raw})
	}
	return list
}

// unescaped percent-decodes a path segment; one that is malformed stays as it is.
func unescaped(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	if plain, err := url.PathUnescape(s); err == nil {
		return plain
	}
	return s
}

// PathMatch is a match of one path value as it stands in a URL, for judging a text without a request.
func PathMatch(name, text string) Match {
	return Match{Values: []PathValue{{Name: name, Value: text, raw: escapeSegment(text)}}}
}
