package mock

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"

	"troth/openapi"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// State is what clients wrote: everything else of a server's world is computed from the document and the seed.
type State struct {
	Collections []CollectionState // sorted by path and parents
	Issued      []IssuedItem      // what POSTs named that no list keeps; sorted by path, parents and ID
}

// IssuedItem is what the answer to a POST named, where the path is no collection.
type IssuedItem struct {
	Path    string   // template of the POST's path
	Parents []string // values of the template's variables, in order
	Item             // its ID, and the body of the answer
}

// CollectionState is what clients wrote to one collection.
type CollectionState struct {
	Path    string   // template of the collection's path: "/shops/{shopId}/orders"
	Parents []string // values of the template's variables, in order
	Created []Item   // newest first
	Changed []Item   // seeded items that were changed, sorted by ID
	Deleted []string // IDs of seeded items that were deleted, sorted
	Writes  int      // how many writes there were: what a new item's generated members depend on
	Only    bool     // Created is all there is: none of the seeded items exist
}

// Item is one item of a collection in plain JSON.
type Item struct {
	ID    string
	Value any
}

// State returns what clients wrote so far.
func (s *Server) State() State {
	state := State{Issued: s.world.issuedItems()}
	for _, c := range s.world.all() {
		if c.written() {
			state.Collections = append(state.Collections, c.state())
		}
	}
	slices.SortFunc(state.Collections, func(a, b CollectionState) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), slices.Compare(a.Parents, b.Parents))
	})
	return state
}

func (w *world) all() []*collection {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Collect(maps.Values(w.kept))
}

func (c *collection) state() CollectionState {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := CollectionState{Path: c.resource.path, Parents: []string{}, Created: []Item{}, Changed: []Item{}, Writes: c.counter, Only: c.only}
	for _, p := range c.parents {
		out.Parents = append(out.Parents, p.Value)
	}
	for _, r := range c.created {
		out.Created = append(out.Created, Item{r.id, r.value})
	}
	for _, id := range slices.Sorted(maps.Keys(c.changed)) {
		out.Changed = append(out.Changed, Item{id, c.changed[id].value})
	}
	out.Deleted = slices.Sorted(maps.Keys(c.gone))
	return out
}

// Reset forgets what clients wrote.
func (s *Server) Reset() { _ = s.SetState(State{}) }

// SetState replaces what clients wrote. A collection that the document does not have, and an item that its schema refuses, are errors
// that name them; the state is then as it was.
func (s *Server) SetState(state State) error {
	kept, issued, dropped := s.restored(state)
	if len(dropped) > 0 {
		return errors.Join(reasons(dropped)...)
	}
	s.world.replace(kept, issued)
	s.world.aside.lay(nil)
	s.world.inherit(nil)
	return nil
}

// Adopt takes over what clients wrote to another server, whose document may have been an older one. What does not fit this document is
// dropped; each drop is told, once. The server that adopts this one has it back where it fits, unless its ID was written or deleted meanwhile.
func (s *Server) Adopt(old *Server) (dropped []error) {
	state, known := old.world.aside.added(old.State())
	kept, issued, lost := s.restored(state)
	s.world.replace(kept, issued)
	s.world.inherit(old.world)
	s.world.aside.lay(lost)
	return reasons(slices.DeleteFunc(lost, func(d drop) bool { return known[d.key()] }))
}

// restored builds the collections of a state; parents come before what they hold, so that what is new has nothing in it.
func (s *Server) restored(state State) (kept []*collection, issued map[string]IssuedItem, dropped []drop) {
	sorted := slices.SortedStableFunc(slices.Values(state.Collections), func(a, b CollectionState) int { return cmp.Compare(len(a.Parents), len(b.Parents)) })
	w := newWorld(s)
	for _, from := range sorted {
		r := w.resources[openapi.Unnamed(from.Path)]
		if r == nil || !r.usable() || len(variables(r.path)) != len(from.Parents) {
			reason := fmt.Errorf("collection %s: the document has no such collection with %d parents", from.Path, len(from.Parents))
			dropped = append(dropped, drop{reason: reason, of: newLaid(from)})
			continue
		}
		c := w.collection(r, parentValues(r, from.Parents))
		dropped = append(dropped, c.restore(from)...)
	}
	issued, lost := w.reissued(state.Issued)
	return w.all(), issued, append(dropped, lost...)
}

func parentValues(r *resource, texts []string) []openapi.PathValue {
	values := make([]openapi.PathValue, len(texts))
	for i, v := range variables(r.path) {
		values[i] = openapi.PathValue{Name: v.name, Value: texts[i]}
	}
	return values
}

func (c *collection) restore(from CollectionState) (dropped []drop) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.only = from.Only
	c.fill()
	c.counter = max(from.Writes, 1)
	all := newLaid(from)
	keep := func(items []Item, part func(Item) *laid, add func(*record)) {
		for _, item := range items {
			if broken := c.resource.shape.base.Validate(item.Value, schema.Response); len(broken) > 0 {
				dropped = append(dropped, drop{reason: fmt.Errorf("collection %s, item %s: %s", from.Path, item.ID, broken[0]), of: part(item)})
				continue
			}
			add(&record{id: item.ID, value: item.Value})
		}
	}
	c.changed, c.gone = map[string]*record{}, map[string]bool{}
	keep(from.Created, all.created, func(r *record) { c.created = append(c.created, r) })
	keep(from.Changed, all.changed, func(r *record) {
		if _, seeded := c.index[r.id]; seeded {
			c.changed[r.id] = r
		} else {
			c.created = append(c.created, r)
		}
	})
	for _, id := range from.Deleted {
		c.gone[id] = true
	}
	c.live = nil
	return dropped
}

// replace makes these the only collections that clients wrote to, and this all that was issued.
func (w *world) replace(kept []*collection, issued map[string]IssuedItem) {
	w.mu.Lock()
	w.issuedIDs, w.issuings = issued, len(issued)
	w.kept = map[string]*collection{}
	for _, c := range kept {
		w.kept[collectionKey(w.resources[openapi.Unnamed(c.resource.path)], c.parents)] = c
		c.resource = w.resources[openapi.Unnamed(c.resource.path)]
	}
	w.mu.Unlock()
	w.server.memo.clear()
	w.server.keys.clear()
}

// maxState is the largest state, in bytes, that is read.
const maxState = 64 << 20

// serveState is the admin resource of the state: GET exports it, PUT imports it, DELETE resets it.
func (s *Server) serveState(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(append(appendJSON(nil, s.State().plain()), '\n'))
	case http.MethodDelete:
		s.Reset()
		w.WriteHeader(http.StatusNoContent)
	case http.MethodPut:
		if err := s.importState(http.MaxBytesReader(w, r.Body, maxState)); err != nil {
			adminProblem(w, http.StatusBadRequest, err)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	default:
		w.Header().Set("Allow", "DELETE, GET, HEAD, PUT")
		adminProblem(w, http.StatusMethodNotAllowed, fmt.Errorf("method %s: want DELETE, GET, HEAD or PUT", r.Method))
	}
}

func (s *Server) importState(body io.Reader) error {
	data, err := io.ReadAll(body)
	if err != nil {
		return fmt.Errorf("state: %w", err)
	}
	v, err := source.DecodeJSON(data)
	if err != nil {
		return fmt.Errorf("state: %w", err)
	}
	state, err := stateOf(v)
	if err != nil {
		return fmt.Errorf("state: %w", err)
	}
	return s.SetState(state)
}
