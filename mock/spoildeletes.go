package mock

import (
	"net/http"
	"path"
	"slices"
	"sync"
	"sync/atomic"
)

// removesNeighbour removes the first of the other items.
func removesNeighbour(c *collection, r *record) {
	c.mu.Lock()
	all := slices.Clone(c.alive())
	c.mu.Unlock()
	for _, other := range all {
		if other.id != "" && other.id != r.id {
			c.remove(other.id)
			return
		}
	}
}

// deletedListed lists what was deleted of a collection in front of all else.
func deletedListed(t *tweaks) {
	var mu sync.Mutex
	removed := map[*collection][]*record{}
	onRemoved(func(c *collection, r *record) {
		mu.Lock()
		defer mu.Unlock()
		removed[c] = append(removed[c], r)
	})(t)
	onListed(func(c *collection, all []*record) []*record {
		mu.Lock()
		defer mu.Unlock()
		return slices.Concat(removed[c], all)
	})(t)
}

// deletedCounted adds what was deleted to totals.
func deletedCounted(t *tweaks) {
	var count atomic.Int64
	onRemoved(func(*collection, *record) { count.Add(1) })(t)
	onReply(func(s *Server, call *Call, reply *Reply) error {
		return retellTotal(s.conv.Pagination(call.Operation), reply, func(n int) int { return n + int(count.Load()) })
	})(t)
}

// childrenListed refuses to read what stands below an item that was deleted, and lists it all the same.
func childrenListed(t *tweaks) {
	var deleted sync.Map // paths
	t.childrenStay = true
	onRequest(func(call *Call) error {
		if call.Request.Method == http.MethodDelete {
			deleted.Store(call.path(), true)
		}
		list, _ := path.Split(call.path())
		if _, gone := deleted.Load(path.Dir(path.Clean(list))); gone && call.plan.isItem && call.Request.Method == http.MethodGet {
			return &Fault{Status: http.StatusNotFound, Situation: "unknown-item", Detail: "planted by the defect children-listed"}
		}
		return nil
	})(t)
}
