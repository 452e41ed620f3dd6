package mock

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"troth/openapi/refusal"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// createdRenewed sets instants by the name of a creation anew where an item is replaced.
func createdRenewed(c *collection, call *Call, object map[string]any) {
	for name, v := range object {
		if _, isText := v.(string); isText && call.Operation.Method == http.MethodPut && strings.HasPrefix(plain(name), "created") {
			replace(c.resource.shape.base, object, name, "2031-03-04T05:06:07Z")
		}
	}
}

// emptyClears takes away what may be taken away where a PATCH names nothing.
func emptyClears(c *collection, call *Call, object map[string]any) {
	sent, isObject := call.Body.(map[string]any)
	if call.Operation.Method != http.MethodPatch || !isObject || len(sent) > 0 {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if !c.settable(call, name) || name == c.resource.shape.idMember {
			continue
		}
		v := object[name]
		if delete(object, name); !c.resource.shape.base.Valid(object, schema.Response) {
			object[name] = v
		}
	}
}

// dropInvalid takes the members that a refusal names out of a body, and tells whether something is left of it.
func (c *Call) dropInvalid(refused error) bool {
	var fault *Fault
	object, ok := source.Clone(c.Body).(map[string]any)
	if !errors.As(refused, &fault) || !ok {
		return false
	}
	for _, v := range fault.Violations {
		name, _, _ := strings.Cut(strings.TrimPrefix(v.Pointer, "/"), "/")
		delete(object, name)
	}
	c.Body = object
	return len(object) > 0
}

// putCopies adds what PUT sent as another item.
func putCopies(c *collection, call *Call, _, r *record) {
	if call.Operation.Method == http.MethodPut {
		c.addCopy(call, r)
	}
}

// addCopy adds an item that is another one's copy, but for its ID.
func (c *collection) addCopy(call *Call, r *record) {
	object, ok := source.Clone(r.value).(map[string]any)
	if !ok || c.resource.list == nil {
		return
	}
	delete(object, c.resource.shape.idMember)
	_, _ = c.add(func(n int) (*record, error) { return c.newRecord(call, object, n) })
}

// changesNeighbour makes the same change to the item that stands beside the one that is changed.
func changesNeighbour(c *collection, call *Call, _, r *record) {
	sent, _ := call.Body.(map[string]any)
	c.mu.Lock()
	all := slices.Clone(c.alive())
	c.mu.Unlock()
	for _, other := range all {
		if other.id == "" || other.id == r.id {
			continue
		}
		shown, _, err := c.as(other, c.resource.shape.base)
		object, ok := source.Clone(shown).(map[string]any)
		if err != nil || !ok {
			return
		}
		for name, v := range sent {
			if name != c.resource.shape.idMember && v != nil && c.settable(call, name) {
				replace(c.resource.shape.base, object, name, v)
			}
		}
		if !schema.Equal(object, shown) {
			c.set(&record{id: other.id, value: object})
			return
		}
	}
}

// changeReorders shows lists in the reverse order from each change to the next.
func changeReorders(t *tweaks) {
	var turned atomic.Bool
	onWritten(func(*collection, *Call, *record, *record) { turned.Store(!turned.Load()) })(t)
	onRecords(func(_ window, all []*record) []*record {
		if turned.Load() {
			all = slices.Clone(all)
			slices.Reverse(all)
		}
		return all
	})(t)
}

// changeUnlisted shows items in lists as they were before they were changed first.
func changeUnlisted(t *tweaks) {
	var mu sync.Mutex
	old := map[string]*record{}
	onWritten(func(_ *collection, _ *Call, was, now *record) {
		mu.Lock()
		defer mu.Unlock()
		if old[now.id] == nil {
			old[now.id] = was
		}
	})(t)
	onRecords(func(_ window, all []*record) []*record {
		mu.Lock()
		defer mu.Unlock()
		shown := slices.Clone(all)
		for i, r := range all {
			if was := old[r.id]; was != nil {
				shown[i] = was
			}
		}
		return shown
	})(t)
}

// refusedKeptLast carries out what is refused, where lists are in the order of their creation.
func refusedKeptLast(t *tweaks) {
	t.keepRefused, t.noMemo = true, true
	onRecords(func(_ window, all []*record) []*record {
		all = slices.Clone(all)
		slices.Reverse(all)
		return all
	})(t)
}

func postRefused(call *Call) error {
	if call.Operation.Method != http.MethodPost {
		return nil
	}
	return &Fault{Status: http.StatusMethodNotAllowed, Situation: "unknown-method", Detail: "planted: POST is refused", Header: http.Header{"Allow": {"GET"}}, Parameters: []any{http.MethodPost}}
}

func changesRefused(call *Call) error {
	if call.Operation.Method != http.MethodPut && call.Operation.Method != http.MethodPatch {
		return nil
	}
	return &Fault{Status: refusal.BadRequest(call.Operation), Situation: "invalid-body", Detail: "planted: no change is taken"}
}

// deletesUndeclared deletes the item that a DELETE names where the document has none.
func deletesUndeclared(s *Server, r *http.Request) {
	if r.Method != http.MethodDelete {
		return
	}
	read := r.Clone(r.Context())
	read.Method = http.MethodGet
	declared, item := &Call{Request: r}, &Call{Request: read}
	s.match(declared)
	s.match(item)
	op, values := item.Match.Operation, item.Match.Values
	if declared.Match.Operation != nil || op == nil || !s.plans[op].isItem {
		return
	}
	s.world.collection(s.plans[op].resource, values[:len(values)-1]).remove(values[len(values)-1].Value)
}
