package mock

import (
	"slices"
	"strings"
	"sync"

	"troth/openapi"
)

// aside is what clients wrote and the document has no place for: a document that is being edited may have it again. Safe for concurrent use.
type aside struct {
	mu          sync.Mutex
	collections map[string]*laid // by stateKey
	issued      []IssuedItem
	size        int // how many items there are
}

// laid is the part of a collection that was laid aside.
type laid struct {
	CollectionState
	order []string // IDs of all items that clients had created, newest first
}

// maxAside bounds how many items are laid aside; what is beyond it is lost.
const maxAside = 10_000

// drop is what does not fit a document: an item of a collection, all of a collection or what was issued.
type drop struct {
	reason error
	of     *laid
	issued *IssuedItem
}

// key tells what was dropped.
func (d *drop) key() string {
	if d.issued != nil {
		return "issued\x00" + stateKey(d.issued.Path, append(slices.Clone(d.issued.Parents), d.issued.ID))
	}
	key := stateKey(d.of.Path, d.of.Parents)
	for _, item := range slices.Concat(d.of.Created, d.of.Changed) {
		key += "\x00" + item.ID
	}
	return key
}

func reasons(dropped []drop) (list []error) {
	for _, d := range dropped {
		list = append(list, d.reason)
	}
	return list
}

// stateKey is collectionKey for a state's path and parents.
func stateKey(path string, parents []string) string {
	return strings.Join(append([]string{openapi.Unnamed(path)}, parents...), "\x00")
}

// lay puts aside what was dropped. What lay there before is no longer there.
func (a *aside) lay(dropped []drop) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.collections, a.issued, a.size = map[string]*laid{}, nil, 0
	for _, d := range dropped {
		more := 1
		if d.of != nil {
			more = len(d.of.Created) + len(d.of.Changed) + len(d.of.Deleted)
		}
		if a.size+more > maxAside {
			continue
		}
		if a.size += more; d.issued != nil {
			a.issued = append(a.issued, *d.issued)
			continue
		}
		key := stateKey(d.of.Path, d.of.Parents)
		if with := a.collections[key]; with != nil {
			with.Created, with.Changed = append(with.Created, d.of.Created...), append(with.Changed, d.of.Changed...)
		} else {
			first := *d.of
			a.collections[key] = &first
		}
	}
}

// added is a state with what lies aside, and the keys of that.
func (a *aside) added(state State) (all State, known map[string]bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	known = map[string]bool{}
	for key, l := range a.collections {
		i := slices.IndexFunc(state.Collections, func(c CollectionState) bool { return stateKey(c.Path, c.Parents) == key })
		if i < 0 {
			whole := l.CollectionState
			whole.Created, whole.Changed = slices.Clone(l.Created), slices.Clone(l.Changed)
			state.Collections = append(state.Collections, whole)
			known[(&drop{of: l}).key()] = true
		} else {
			l.join(&state.Collections[i])
		}
		for _, item := range l.Created {
			known[(&drop{of: l.created(item)}).key()] = true
		}
		for _, item := range l.Changed {
			known[(&drop{of: l.changed(item)}).key()] = true
		}
	}
	for _, item := range a.issued {
		known[(&drop{issued: &item}).key()] = true
		if !slices.ContainsFunc(state.Issued, func(other IssuedItem) bool { return (&drop{issued: &other}).key() == (&drop{issued: &item}).key() }) {
			state.Issued = append(state.Issued, item)
		}
	}
	return state, known
}

// newLaid is all of a collection.
func newLaid(from CollectionState) *laid {
	l := &laid{CollectionState: from}
	for _, item := range from.Created {
		l.order = append(l.order, item.ID)
	}
	return l
}

// created and changed are the parts of a collection that an item is.
func (l *laid) created(item Item) *laid { return l.part([]Item{item}, nil) }
func (l *laid) changed(item Item) *laid { return l.part(nil, []Item{item}) }

func (l *laid) part(created, changed []Item) *laid {
	return &laid{CollectionState{Path: l.Path, Parents: l.Parents, Created: created, Changed: changed, Writes: l.Writes, Only: l.Only}, l.order}
}

// join puts the items where they were in their collection: behind what was created since.
func (l *laid) join(c *CollectionState) {
	c.Created, c.Changed = slices.Concat(c.Created, l.Created), slices.Concat(c.Changed, l.Changed)
	at := make(map[string]int, len(l.order))
	for i, id := range l.order {
		at[id] = i + 1
	}
	slices.SortStableFunc(c.Created, func(a, b Item) int { return at[a.ID] - at[b.ID] })
}

// forget loses an item that a client wrote or deleted since.
func (a *aside) forget(c *collection, id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.collections) == 0 {
		return
	}
	l := a.collections[collectionKey(c.resource, c.parents)]
	if l == nil {
		return
	}
	is := func(item Item) bool { return item.ID == id && id != "" }
	l.Created, l.Changed = slices.DeleteFunc(l.Created, is), slices.DeleteFunc(l.Changed, is)
}

// forgetAll loses all of a collection.
func (a *aside) forgetAll(c *collection) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.collections, collectionKey(c.resource, c.parents))
}

// orphan loses what is under an item that was deleted.
func (a *aside) orphan(c *collection, id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	prefix := openapi.Unnamed(c.resource.path) + "/{}/"
	parents := append(valuesOf(c.parents), id)
	for key, l := range a.collections {
		if strings.HasPrefix(openapi.Unnamed(l.Path), prefix) && len(l.Parents) >= len(parents) && slices.Equal(l.Parents[:len(parents)], parents) {
			delete(a.collections, key)
		}
	}
}
