package contract

import (
	"net/http"
	"slices"
	"strings"
)

// Created is an item that a request of the run created.
type Created struct {
	ID      string
	Answer  *Exchange
	Deleted bool // with success
}

// stored is a created item and the operation that created it.
type stored struct {
	id, operation string
	answer        *Exchange
}

// noteStored keeps what an answer says was created, once. The lock is held.
func (c *Case) noteStored(x *Exchange, id string) {
	same := func(s stored) bool { return s.answer == x && s.id == id }
	if x.Status != http.StatusAccepted && !slices.ContainsFunc(c.session.stored, same) {
		c.session.stored = append(c.session.stored, stored{id, c.Op.ID, x})
	}
}

// noteTouched keeps the path values of a request that changed something: what they name may not be as it was created.
func (c *Case) noteTouched(x *Exchange) {
	if !changes(x.Method) || !x.OK() || x.Method == http.MethodDelete {
		return
	}
	c.session.mu.Lock()
	defer c.session.mu.Unlock()
	for _, value := range x.path {
		c.session.touched[unescaped(value)] = true
	}
}

// Created are the items that requests of the operation created, in their order, but for those that anything but a deletion may have touched since.
func (c *Case) Created() (list []Created) {
	c.session.mu.Lock()
	defer c.session.mu.Unlock()
	deleted := map[string]bool{}
	for key := range c.session.gone {
		_, id, _ := strings.Cut(key, " ")
		deleted[id] = true
	}
	for _, s := range c.session.stored {
		below := false // what was deleted
		for _, value := range s.answer.path {
			below = below || deleted[unescaped(value)]
		}
		if s.operation == c.Op.ID && !below && !c.session.touched[s.id] {
			list = append(list, Created{s.id, s.answer, deleted[s.id]})
		}
	}
	return list
}
