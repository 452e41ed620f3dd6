package mock

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"sync"

	"troth/openapi"
	"troth/openapi/sample"
)

// world knows which resources the document's paths imply and which values of path parameters exist.
type world struct {
	server    *Server
	resources map[string]*resource             // by collection path with unnamed variables
	apart     map[*openapi.Operation]*resource // lists of a path that has another list already: what stands behind "?" or "#" tells them apart
	mu        sync.Mutex
	kept      map[string]*collection // by resource and parent values
	links     linkTargets
	issuedIDs map[string]IssuedItem // by issuedKey
	issuings  int                   // how often something was issued
	params    sync.Map              // []string by name: values that fixtures made exist
	receivers receivers
	aside     aside
}

// keep is how many collections that nobody wrote to stay in memory; more are computed anew when asked for.
const keep = 256

func newWorld(s *Server) *world {
	w := &world{server: s, resources: map[string]*resource{}, apart: map[*openapi.Operation]*resource{}, kept: map[string]*collection{}}
	for _, op := range s.doc.Operations {
		w.infer(op)
	}
	return w
}

// infer notes what an operation says about a resource: GET of a collection path or anything of an item path ("/jobs/{id}").
func (w *world) infer(op *openapi.Operation) {
	if parent, id, ok := itemPath(op.Route); ok {
		r := w.at(parent)
		r.idParam, r.members = cmp.Or(r.idParam, id), append(r.members, op)
		switch {
		case op.Method == "GET" && r.read == nil:
			r.read, r.idParam = op, id // of two that differ in the variable's name ("{id}", "{path}") the first is the one that requests reach
			w.at(op.Route).paged = op
		case op.Method == "POST":
			list := w.at(op.Route)
			list.posted = cmp.Or(list.posted, op)
		}
		return
	}
	r := w.at(op.Route)
	switch {
	case op.Method == "GET" && r.list == nil:
		r.list = op
	case op.Method == "GET":
		w.apart[op] = &resource{server: w.server, path: op.Route, key: openapi.Unnamed(op.Path), list: op}
	case op.Method == "POST" && r.create == nil:
		r.create = op
	}
}

func (w *world) at(path string) *resource {
	key := openapi.Unnamed(path)
	r := w.resources[key]
	if r == nil {
		r = &resource{server: w.server, path: path, key: key}
		w.resources[key] = r
	}
	return r
}

// home is the resource that an operation acts on, nil where there is none, and whether on one item of it.
func (w *world) home(op *openapi.Operation) (r *resource, isItem bool) {
	if r = w.apart[op]; r != nil {
		return r, false
	}
	parent, _, isItem := itemPath(op.Route)
	if !isItem {
		parent = op.Route
	}
	return w.resources[openapi.Unnamed(parent)], isItem
}

// itemPath splits "/jobs/{id}" into "/jobs" and "id".
func itemPath(path string) (parent, id string, ok bool) {
	i := strings.LastIndexByte(path, '/')
	if i <= 0 {
		return "", "", false
	}
	last := path[i+1:]
	if !strings.HasPrefix(last, "{") || strings.IndexByte(last, '}') != len(last)-1 {
		return "", "", false
	}
	return path[:i], last[1 : len(last)-1], true
}

// variable is one variable of a path template and the collection that it picks an item of.
type variable struct {
	name       string
	collection string // unnamed template in front of its segment
	item       bool   // it is the path's whole last segment
	examples   []string
}

func variables(path string) []variable {
	var vars []variable
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		for rest := segment; ; {
			open, end := strings.IndexByte(rest, '{'), strings.IndexByte(rest, '}')
			if open < 0 || end < open {
				break
			}
			v := variable{name: rest[open+1 : end]}
			if open == 0 && rest == segment {
				v.collection = openapi.Unnamed(strings.Join(segments[:i], "/"))
				v.item = i == len(segments)-1 && end == len(segment)-1
			}
			vars = append(vars, v)
			rest = rest[end+1:]
		}
	}
	return vars
}

// missing returns the index of the first path value that stands for nothing here, -1 where all exist.
func (w *world) missing(p *prepared, values []openapi.PathValue) int {
	for i, v := range p.variables {
		if i >= len(values) || !w.exists(p, v, values[:i], values[i].Value) {
			return i
		}
	}
	return -1
}

func (w *world) exists(p *prepared, v variable, parents []openapi.PathValue, value string) bool {
	r := w.resources[v.collection]
	if r != nil && r.usable() {
		switch w.collection(r, parents).lookup(value) {
		case present:
			return true
		case deleted:
			return v.item && p.upserts(r) || !v.item && w.server.tweaks.childrenStay
		}
		if v.item && r.addressable() && w.picks(p, v, r, parents) {
			return p.upserts(r) || slices.Contains(w.server.options.params[v.name], value) || slices.Contains(v.examples, value) || w.wasIssued(v, parents, value) ||
				r.list == nil && w.links.leads(w.server.doc, p.operation, v.name)
		}
		if w.collection(r, parents).shows(v.name, value) {
			return true
		}
	}
	return w.server.options.open || slices.Contains(w.known(p, v, parents), value) || selfEvident(p.compiled.Parameter("path", v.name)) ||
		w.links.leads(w.server.doc, p.operation, v.name) || v.item && w.wasIssued(v, parents, value) || !v.item && w.knownBeside(p, v, parents, value)
}

// knownBeside tells whether a parent exists for another operation on the same items, or on those that stand between: operations have examples of
// their own, and what a list shows below its own is asked for there.
func (w *world) knownBeside(p *prepared, v variable, parents []openapi.PathValue, value string) bool {
	if p.resource != nil && w.knownOf(p.resource, p, v, parents, value) {
		return true
	}
	for _, inner := range p.variables[len(parents)+1:] {
		if r := w.resources[inner.collection]; r != nil && r != p.resource && w.knownOf(r, p, v, parents, value) {
			return true
		}
	}
	return false
}

// knownOf is knownBeside for the operations of one resource.
func (w *world) knownOf(r *resource, p *prepared, v variable, parents []openapi.PathValue, value string) bool {
	i := len(parents)
	for _, op := range append([]*openapi.Operation{r.list, r.create}, r.members...) {
		other := w.server.prepare(op)
		if other == nil || other == p {
			continue
		}
		if i < len(other.variables) && other.variables[i].collection == v.collection && slices.Contains(w.known(other, other.variables[i], parents), value) {
			return true
		}
	}
	return false
}

// picks tells whether the parameter of a variable can hold the IDs of a collection's items: two operations may have paths that differ in
// the name of a variable only, and mean different things.
func (w *world) picks(p *prepared, v variable, r *resource, parents []openapi.PathValue) bool {
	param, first := p.compiled.Parameter("path", v.name), w.collection(r, parents).first()
	return param == nil || first == "" || accepts(param.Schema, first)
}

// wasDeleted tells whether a client deleted the item that a variable names.
func (w *world) wasDeleted(v variable, parents []openapi.PathValue, value string) bool {
	r := w.resources[v.collection]
	return r != nil && r.usable() && w.collection(r, parents).lookup(value) == deleted
}

// selfEvident tells whether the document itself lists or bounds the values of a path parameter, so that each of them exists.
func selfEvident(p *openapi.Parameter) bool {
	if p == nil {
		return false
	}
	s := p.Schema
	return s.Enum != nil || s.Format == "date" || s.Format == "date-time" || s.Name == "" && s.Types == boolean
}

// given are the values of a path parameter that exist because the test or the user says so.
func (w *world) given(name string) []string {
	values := w.server.options.params[name]
	if more, ok := w.params.Load(name); ok {
		return slices.Concat(values, more.([]string))
	}
	return values
}

// admit makes a value of a path parameter exist.
func (w *world) admit(name, value string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var values []string
	if more, ok := w.params.Load(name); ok {
		values = more.([]string)
	}
	w.params.Store(name, append(slices.Clone(values), value))
}

// known lists the values of a path parameter that exist without being an item of a collection: those given to the server, the
// document's examples, else one made from the schema.
func (w *world) known(p *prepared, v variable, parents []openapi.PathValue) []string {
	given := w.given(v.name)
	param := p.compiled.Parameter("path", v.name)
	switch {
	case param == nil || len(v.examples) == 0 && len(given) > 0:
		return given
	case len(given) == 0 && len(v.examples) > 0:
		return v.examples
	case len(given) > 0:
		return slices.Concat(given, v.examples)
	}
	var known []string
	if r := w.resources[v.collection]; r != nil && r.usable() {
		if first := w.collection(r, parents).first(); first != "" && accepts(param.Schema, first) {
			known = append(known, first)
		}
		if r.addressable() && r.shape.shown && len(known) > 0 { // else no client can learn it, and the usual one exists, too
			return known
		}
	}
	made, err := sample.Usual(param.Schema, v.name)
	if t := pathText(param, made); err == nil && t != "" {
		known = append(known, t)
	}
	return known
}

// pathText is a value as it stands in a path, percent-decoded.
func pathText(p *openapi.Parameter, v any) string {
	if t := text(v); t != "" {
		return t
	}
	encoded, err := p.Encode(v)
	if err != nil {
		return ""
	}
	decoded, err := url.PathUnescape(encoded)
	if err != nil {
		return encoded
	}
	return decoded
}

// exampleTexts are the valid examples of a parameter, as text.
func exampleTexts(p *openapi.Parameter) []string {
	var values []any
	for _, e := range p.Examples {
		values = append(values, e.Value)
	}
	values = append(values, p.Schema.Examples...)
	var texts []string
	for _, v := range values {
		if t := pathText(p, v); t != "" && p.Schema.Valid(v, 0) && !slices.Contains(texts, t) {
			texts = append(texts, t)
		}
	}
	return texts
}

// collection returns the collection of a resource under the given parents.
func (w *world) collection(r *resource, parents []openapi.PathValue) *collection {
	if w.server.tweaks.shared {
		parents = slices.Clone(parents)
		for i := range parents {
			parents[i].Value = "shared"
		}
	}
	var room [128]byte
	at := appendKey(room[:0], r, parents)
	w.mu.Lock()
	c := w.kept[string(at)]
	w.mu.Unlock()
	if c != nil {
		return c
	}
	key := string(at)
	newborn := w.newborn(r, parents) // outside the lock: it looks into the collections of the parents
	w.mu.Lock()
	defer w.mu.Unlock()
	if c := w.kept[key]; c != nil {
		return c
	}
	if len(w.kept) >= keep {
		w.forget()
	}
	c = &collection{resource: r, parents: slices.Clone(parents), newborn: newborn, seed: sample.Hash(w.server.options.seed, "collection", key)}
	w.kept[key] = c
	return c
}

func collectionKey(r *resource, parents []openapi.PathValue) string {
	return string(appendKey(nil, r, parents))
}

func appendKey(key []byte, r *resource, parents []openapi.PathValue) []byte {
	key = append(key, r.key...)
	for _, p := range parents {
		key = append(append(key, 0), p.Value...)
	}
	return key
}

// newborn tells whether a client created one of the parents: what is new has nothing in it yet.
func (w *world) newborn(r *resource, parents []openapi.PathValue) bool {
	for i, v := range variables(r.path) {
		if i >= len(parents) {
			break
		}
		if of := w.resources[v.collection]; of != nil && of.usable() && w.collection(of, parents[:i]).madeByClient(parents[i].Value) {
			return true
		}
	}
	return false
}

// orphan forgets the collections under an item that was deleted.
func (w *world) orphan(c *collection, id string) {
	if w.server.tweaks.childrenStay {
		return
	}
	w.aside.orphan(c, id)
	prefix := openapi.Unnamed(c.resource.path) + "/{}/"
	values := append(slices.Clone(c.parents), openapi.PathValue{Value: id})
	w.mu.Lock()
	defer w.mu.Unlock()
	for key, kept := range w.kept {
		if strings.HasPrefix(openapi.Unnamed(kept.resource.path), prefix) && under(kept.parents, values) {
			delete(w.kept, key)
		}
	}
}

// under tells whether the first of a collection's parents have these values.
func under(parents, values []openapi.PathValue) bool {
	return len(parents) >= len(values) && slices.EqualFunc(parents[:len(values)], values, func(a, b openapi.PathValue) bool { return a.Value == b.Value })
}

// pin returns the collection that the world keeps in the place of c, and keeps it until it is released: else another collection that is
// asked for meanwhile could make it forgotten, and the write with it.
func (w *world) pin(c *collection) (kept *collection, release func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	key := collectionKey(c.resource, c.parents)
	if kept = w.kept[key]; kept == nil {
		kept = c
		w.kept[key] = c
	}
	kept.pins++
	return kept, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		kept.pins--
	}
}

// write is the collection that a write goes to, kept and locked until it is done.
func (c *collection) write() (kept *collection, done func()) {
	kept, release := c.resource.server.world.pin(c)
	kept.writing.Lock()
	return kept, func() {
		kept.writing.Unlock()
		release()
	}
}

// forget drops the collections that can be computed anew. The lock is held.
func (w *world) forget() {
	for key, c := range w.kept {
		if c.pins == 0 && !c.written() {
			delete(w.kept, key)
		}
	}
}
