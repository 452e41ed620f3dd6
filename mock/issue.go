package mock

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"troth/openapi"
	"troth/openapi/sample"
	"troth/openapi/schema"
)

// issue notes the ID that the answer to a POST tells, where the path is no collection that keeps items: what was issued exists from then on.
func (w *world) issue(call *Call, reply *Reply) {
	r := w.resources[openapi.Unnamed(call.Operation.Route)]
	_, ok := reply.Body.(map[string]any)
	if r == nil || r.create != call.Operation.Operation || r.idParam == "" || !ok || reply.Content == nil {
		return
	}
	echoSent(reply, call, func(string, any) bool { return false })
	if len(r.members) == 0 {
		return
	}
	variable := r.variable()
	id := w.unissued(call, reply, namedID(reply, r.idParam, variable))
	if id == "" {
		id = r.calledID(reply)
	}
	if id != "" && accepts(variable, id) {
		w.noteIssued(r, call, reply, id)
	}
}

// calledID is the ID in the member of an answer that is called as the items are: {"source": {"sourceName": …}} for {sourceName}.
func (r *resource) calledID(reply *Reply) string {
	object, _ := reply.Body.(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(object)) {
		inner, is := object[name].(map[string]any)
		if !is || !r.calls(name) {
			continue
		}
		if of := reply.Content.Schema.Find(name); of != nil {
			return text(inner[namedID(&Reply{Body: inner, Content: &openapi.Content{Schema: of}}, r.idParam, r.variable())])
		}
	}
	return ""
}

// variable is what the first operation of the item path says of its variable, nil where there is none.
func (r *resource) variable() *schema.Schema {
	if len(r.members) == 0 {
		return nil
	}
	if p := r.server.prepare(r.members[0]); p != nil && p.compiled.Parameter("path", r.idParam) != nil {
		return p.compiled.Parameter("path", r.idParam).Schema
	}
	return nil
}

// noteIssued notes an ID that is new.
func (w *world) noteIssued(r *resource, call *Call, reply *Reply, id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.issuedIDs == nil || len(w.issuedIDs) >= maxIssued {
		w.issuedIDs = map[string]IssuedItem{}
	}
	if r.read != nil && declares(call.Response, "Location") && reply.Header != nil && reply.Header.Get("Location") == "" {
		reply.Header.Set("Location", base+strings.TrimPrefix(call.path(), call.Prefix)+"/"+escapeSegment(id))
	}
	item := IssuedItem{Path: call.Operation.Route, Parents: valuesOf(call.Match.Values), Item: Item{id, knownOf(call, reply)}}
	w.issuedIDs[issuedKey(openapi.Unnamed(item.Path), item.Parents, id)] = item
	w.issuings++
	w.server.memo.clear()
}

// namedID is the member of an answer that a variable names and takes: one that the schema declares, else one that the answer has where the schema
// leaves open what it has.
func namedID(reply *Reply, param string, variable *schema.Schema) string {
	object, _ := reply.Body.(map[string]any)
	for member := range idCandidates(reply.Content.Schema, param) {
		if accepts(variable, text(object[member])) {
			return member
		}
	}
	if !formless(reply.Content, param) {
		return ""
	}
	for _, name := range idNames(param) {
		for _, member := range slices.Sorted(maps.Keys(object)) {
			if plain(member) == name {
				return member
			}
		}
	}
	return ""
}

// knownOf is what is known of an item that was issued: what its answer shows, and what was sent.
func knownOf(call *Call, reply *Reply) any {
	all := map[string]any{}
	if sent, ok := call.Body.(map[string]any); ok {
		maps.Copy(all, sent)
	}
	shown, _ := reply.Body.(map[string]any)
	maps.Copy(all, shown)
	return all
}

// unissued is the ID that an answer tells, made anew where it was issued before: an example of the document is the same each time.
func (w *world) unissued(call *Call, reply *Reply, member string) (id string) {
	object, _ := reply.Body.(map[string]any)
	id = text(object[member])
	w.mu.Lock()
	n := w.issuings
	w.mu.Unlock()
	taken := func(id string) bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		_, known := w.issuedIDs[issuedKey(openapi.Unnamed(call.Operation.Route), valuesOf(call.Match.Values), id)]
		return known
	}
	r := w.resources[openapi.Unnamed(call.Operation.Route)]
	if r != nil && r.usable() {
		kept := w.collection(r, call.Match.Values)
		issued := taken
		taken = func(id string) bool { return issued(id) || kept.lookup(id) != unknown } // what was deleted is not given out again
	}
	s := reply.Content.Schema.Find(member)
	if s == nil && r != nil {
		s = r.shape.idSchema // where nothing is said of the member, the path's variable tells what it may be
	}
	for try := 0; id != "" && s != nil && taken(id); try++ {
		if try == maxTries {
			return id
		}
		made, err := sample.Value(s, sample.Hash(w.server.options.seed, "issued", id, itoa(n), itoa(try)), sample.Named(member))
		if err != nil || text(made) == "" {
			return id
		}
		object = maps.Clone(object)
		object[member] = made
		id, reply.Body, reply.Encoded = text(made), object, nil
	}
	return id
}

// reissue gives what a change is answered with, which may be an example, the ID that the path names the item by; what a POST issued is that from then on.
func (w *world) reissue(call *Call, reply *Reply) {
	r, values := call.plan.resource, call.Match.Values
	object, ok := reply.Body.(map[string]any)
	change := call.Request.Method == http.MethodPut || call.Request.Method == http.MethodPatch
	if r == nil || !call.plan.isItem || !change || !ok || len(values) == 0 || reply.Content == nil || reply.Content.Schema == nil {
		return
	}
	member := namedID(reply, r.idParam, r.variable())
	if _, has := object[member]; !has {
		return
	}
	id, ok := reading(reply.Content.Schema.Find(member), values[len(values)-1].Value)
	if object = maps.Clone(object); ok {
		object[member] = id
	}
	if !reply.Content.Schema.Valid(object, schema.Response) {
		return
	}
	reply.Body, reply.Encoded = object, nil
	last := len(values) - 1
	key := issuedKey(openapi.Unnamed(r.path), valuesOf(values[:last]), values[last].Value)
	w.mu.Lock()
	defer w.mu.Unlock()
	if item, ok := w.issuedIDs[key]; ok {
		echoSent(reply, call, func(string, any) bool { return false })
		item.Value = reply.Body
		w.issuedIDs[key] = item
		w.server.memo.clear()
	}
}

// maxTries bounds how often an ID is made until it is a new one.
const maxTries = 20

// issuedItems are what was issued, sorted.
func (w *world) issuedItems() []IssuedItem {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.SortedFunc(maps.Values(w.issuedIDs), func(a, b IssuedItem) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), slices.Compare(a.Parents, b.Parents), cmp.Compare(a.ID, b.ID))
	})
}

// reissued is what was issued elsewhere, by issuedKey. What the document has no place for is dropped and told.
func (w *world) reissued(items []IssuedItem) (kept map[string]IssuedItem, dropped []drop) {
	kept = map[string]IssuedItem{}
	for _, item := range items {
		r := w.resources[openapi.Unnamed(item.Path)]
		if r == nil || r.create == nil || len(r.members) == 0 || len(variables(r.path)) != len(item.Parents) {
			reason := fmt.Errorf("issued %s: the document has no POST of %s with %d parents and operation on what it names", item.ID, item.Path, len(item.Parents))
			dropped = append(dropped, drop{reason: reason, issued: &item})
			continue
		}
		kept[issuedKey(openapi.Unnamed(item.Path), item.Parents, item.ID)] = item
	}
	return kept, dropped
}

// issued answers an operation on what a POST named: a read by the body that the POST was answered with, where that fits; a deletion forgets
// it. nil where nothing was issued.
func (w *world) issued(call *Call) *Reply {
	vars := call.plan.variables
	if len(vars) == 0 || len(vars) != len(call.Match.Values) || !vars[len(vars)-1].item {
		return nil
	}
	last := len(vars) - 1
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.issuedIDs) == 0 {
		return nil
	}
	key := issuedKey(vars[last].collection, valuesOf(call.Match.Values[:last]), call.Match.Values[last].Value)
	item, ok := w.issuedIDs[key]
	switch {
	case !ok:
	case call.Operation.Method == http.MethodDelete:
		delete(w.issuedIDs, key)
	case call.Operation.Method == http.MethodGet && call.Content != nil && call.Content.Schema != nil:
		shown := pruned([]*schema.Schema{call.Content.Schema}, item.Value)
		if object, ok := shown.(map[string]any); ok && !call.Content.Schema.Valid(shown, schema.Response) {
			shown, _ = sample.Value(call.Content.Schema, sample.Hash(w.server.options.seed, "issued", key), sample.Like(object))
		}
		if call.Content.Schema.Valid(shown, schema.Response) {
			return &Reply{Status: call.Status, Header: http.Header{}, Content: call.Content, Body: shown, Rule: "issued"}
		}
	}
	return nil
}

// maxIssued bounds how many issued IDs are remembered.
const maxIssued = 10_000

func (w *world) wasIssued(v variable, parents []openapi.PathValue, id string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, ok := w.issuedIDs[issuedKey(v.collection, valuesOf(parents), id)]
	return ok
}

func issuedKey(collection string, parents []string, id string) string {
	return strings.Join(slices.Concat([]string{collection}, parents, []string{id}), "\x00")
}

func valuesOf(path []openapi.PathValue) []string {
	texts := make([]string, len(path))
	for i, v := range path {
		texts[i] = v.Value
	}
	return texts
}
