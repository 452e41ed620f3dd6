package mock

import (
	"slices"
	"sync"

	"troth/openapi"
	"troth/openapi/schema"
)

// collection holds the items of a resource under one chain of parents: a virtual part, computed from the seed item by item,
// overlaid by what clients wrote. Safe for concurrent use.
type collection struct {
	resource *resource
	parents  []openapi.PathValue
	seed     uint64

	writing sync.Mutex // one writer at a time: what it read is still true when it writes
	newborn bool       // a client created a parent: there is no virtual part
	pins    int        // writes under way; the world's lock guards it

	mu      sync.Mutex
	only    bool           // a fixture took the place of the virtual part
	ids     []string       // of the virtual part; "" for each where items have none
	index   map[string]int // of ids
	virtual []*record      // computed when first needed
	created []*record      // newest first
	changed map[string]*record
	gone    map[string]bool
	counter int
	live    []*record // the list as clients see it; nil after a write

	frames frames
}

// record is one item, in the form of the resource's base schema and in those of other schemas that show it.
type record struct {
	id    string
	value any
	mu    sync.Mutex
	views []*view
}

// view never changes once it is made.
type view struct {
	schema *schema.Schema
	value  any
	text   any // raw: an interface already, so that pages share it
	valid  bool
}

// presence is what a collection knows of an ID.
type presence int

const (
	unknown presence = iota
	present
	deleted
)

// unpaged is how many items a list without paging parameters holds: such lists are short in practice.
const unpaged = 10

// bare tells whether there is no virtual part.
func (c *collection) bare() bool {
	return c.newborn || c.only || slices.ContainsFunc(c.parents, func(v openapi.PathValue) bool {
		return slices.Contains(c.resource.server.options.empty[v.Name], v.Value)
	})
}

func (c *collection) size() int {
	if c.bare() {
		return 0
	}
	n := c.resource.server.options.items
	if c.resource.shape.page == nil {
		n = min(n, unpaged)
	}
	if most := c.resource.shape.most; most > 0 {
		n = min(n, most)
	}
	return max(n, len(c.resource.shape.forced))
}

// fill makes the IDs of the virtual part, once. The lock is held.
func (c *collection) fill() {
	if c.index != nil {
		return
	}
	list := &identities{index: map[string]int{}}
	if !c.bare() {
		list = c.identities()
	}
	c.ids, c.index, c.virtual = list.ids, list.index, make([]*record, len(list.ids))
}

func (c *collection) lookup(id string) presence {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fill()
	if c.made(id) != nil {
		return present
	}
	if c.gone[id] {
		return deleted
	}
	if _, ok := c.index[id]; ok && id != "" {
		return present
	}
	return unknown
}

// shows tells whether an item of a list has the value of a path variable that is not the list's own ("/users/{name}/keys" beside
// "/users/{group}/{name}").
func (c *collection) shows(variable, value string) bool {
	base, r := c.resource.shape.base, c.resource
	member := idMember(base, variable)
	if r.list == nil || member == "" || member == r.shape.idMember || !accepts(base.Find(member), value) {
		return false
	}
	c.mu.Lock()
	all := c.alive()
	c.mu.Unlock()
	for _, record := range all {
		shown, _, err := c.as(record, base)
		if err != nil {
			return false
		}
		if object, ok := shown.(map[string]any); ok && text(object[member]) == value {
			return true
		}
	}
	return false
}

// first is the ID of the first item that exists, "" where there is none; rather a seeded one, which has items of its own, than a
// created one.
func (c *collection) first() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := c.alive()
	if len(all) > len(c.created) {
		return all[len(c.created)].id
	}
	if len(all) > 0 {
		return all[0].id
	}
	return ""
}

func (c *collection) written() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.counter > 0
}

// alive lists the items in order: created ones, newest first, then the virtual part. The lock is held; the caller must not change the list.
func (c *collection) alive() []*record {
	c.fill()
	if c.live != nil {
		return c.live
	}
	live := append(make([]*record, 0, len(c.created)+len(c.ids)), c.created...)
	c.complete()
	for i, id := range c.ids {
		if id != "" && c.gone[id] {
			continue
		}
		live = append(live, c.at(i))
	}
	c.live = live
	return live
}

// complete makes the records of the virtual part that are not yet there, together.
func (c *collection) complete() {
	missing := 0
	for _, r := range c.virtual {
		missing += b2n(r == nil)
	}
	made := make([]record, missing)
	for i, id := range c.ids {
		if c.virtual[i] == nil {
			made[0].id = id
			c.virtual[i], made = &made[0], made[1:]
		}
	}
}

// at is the i-th virtual record; its value is made when first looked at (record.as).
func (c *collection) at(i int) *record {
	if changed := c.changed[c.ids[i]]; changed != nil {
		return changed
	}
	if c.virtual[i] == nil {
		c.virtual[i] = &record{id: c.ids[i]}
	}
	return c.virtual[i]
}

// get returns the record of an ID, nil where there is none.
func (c *collection) get(id string) *record {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fill()
	if r := c.made(id); r != nil {
		return r
	}
	if i, ok := c.index[id]; ok && !c.gone[id] {
		return c.at(i)
	}
	return nil
}

// made is the record of an ID that a client created, nil where there is none. The lock is held. What was deleted of the virtual part stays
// gone, even where a client creates its ID anew.
func (c *collection) made(id string) *record {
	for _, r := range c.created {
		if r.id == id && id != "" {
			return r
		}
	}
	return nil
}

// add puts a new record in front. It belongs to a write (collection.write); the record is made without the lock of readers, since it may lead
// to items of this collection or of others.
func (c *collection) add(make func(n int) (*record, error)) (*record, error) {
	c.mu.Lock()
	c.fill()
	n := c.counter + 1
	c.mu.Unlock()
	r, err := make(n)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changes(r.id)
	c.created = slices.Insert(c.created, 0, r)
	return r, nil
}

// madeByClient tells whether a client created the item of an ID.
func (c *collection) madeByClient(id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.made(id) != nil
}

// set replaces the record of an ID, or adds it where there is none (PUT of a new item).
func (c *collection) set(r *record) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changes(r.id)
	for i, old := range c.created {
		if old.id == r.id {
			c.created[i] = r
			return
		}
	}
	if _, virtual := c.index[r.id]; !virtual || c.gone[r.id] {
		c.created = slices.Insert(c.created, 0, r)
		return
	}
	if c.changed == nil {
		c.changed = map[string]*record{}
	}
	c.changed[r.id] = r
}

// remove deletes the record of an ID that exists.
func (c *collection) remove(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changes(id)
	c.created = slices.DeleteFunc(c.created, func(r *record) bool { return r.id == id })
	if c.gone == nil {
		c.gone = map[string]bool{}
	}
	c.gone[id] = true
}

// changes notes a write of an item.
func (c *collection) changes(id string) {
	c.counter++
	c.live = nil
	c.resource.server.world.aside.forget(c, id)
	c.resource.server.memo.clear()
}
