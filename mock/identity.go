package mock

import (
	"strconv"
	"strings"

	"troth/openapi/sample"
	"troth/openapi/schema"
)

// identities are the IDs of a collection's virtual part, unlike each other. Nothing changes them: the mocks of one document share them.
type identities struct {
	ids   []string // "" for each where items have none
	index map[string]int
}

// identity is all that the IDs of a virtual part depend on.
type identity struct {
	seed           uint64 // of the collection: server, path and parents
	size           int
	member, forced string
	base, id       *schema.Schema
}

// sharedIDs is up to how many IDs are kept for other mocks of the document.
const sharedIDs = 10_000

// identities are the IDs of the virtual part; making 250 of them takes longer than answering a page.
func (c *collection) identities() *identities {
	shape := &c.resource.shape
	n := c.size()
	if n > sharedIDs {
		return c.newIdentities(n)
	}
	key := identity{c.seed, n, shape.idMember, strings.Join(shape.forced, "\x00"), shape.base, shape.idSchema}
	return c.resource.server.doc.Shared(key, func() any { return c.newIdentities(n) }).(*identities)
}

func (c *collection) newIdentities(n int) *identities {
	list := &identities{index: make(map[string]int, n)}
	for _, id := range c.resource.shape.forced {
		list.admit(id)
	}
	for i := len(list.ids); i < n; i++ {
		if !list.admitNew(c, i) {
			break // the schema has no more IDs
		}
	}
	return list
}

func (l *identities) admitNew(c *collection, i int) bool {
	if c.resource.shape.idMember == "" && c.resource.shape.idSchema == nil {
		l.ids = append(l.ids, "")
		return true
	}
	for try := range 20 {
		id := c.resource.newID(sample.Hash(c.seed, "id", strconv.Itoa(i), strconv.Itoa(try)), l.has)
		if id != "" && l.admit(id) {
			return true
		}
	}
	return false
}

func (l *identities) has(id string) bool {
	_, ok := l.index[id]
	return ok
}

func (l *identities) admit(id string) bool {
	if _, ok := l.index[id]; ok {
		return false
	}
	l.index[id] = len(l.ids)
	l.ids = append(l.ids, id)
	return true
}
