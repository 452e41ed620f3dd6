package mock

import (
	"sync"

	"troth/openapi"
)

// memo is a bounded store of replies. A write to any collection empties it.
type memo struct {
	mu         sync.RWMutex
	generation int
	bytes      int
	replies    map[memoKey]*Reply
}

type memoKey struct {
	plan        *prepared
	content     *openapi.Content
	path, query string
}

// memoBytes bounds the memory of encoded replies; a full memo starts anew.
const memoBytes = 8 << 20

func newMemo() *memo { return &memo{replies: map[memoKey]*Reply{}} }

// get returns a reply, nil where there is none, and the generation to put a new one with.
func (m *memo) get(key memoKey) (*Reply, int) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.replies[key], m.generation
}

// put keeps a reply unless something was written since its generation.
func (m *memo) put(key memoKey, generation int, r *Reply) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if generation != m.generation {
		return
	}
	size := len(r.Encoded) + len(key.path) + len(key.query) + 256
	if m.bytes+size > memoBytes {
		m.replies, m.bytes = map[memoKey]*Reply{}, 0
	}
	m.replies[key] = r
	m.bytes += size
}

func (m *memo) clear() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.generation++
	m.bytes = 0
	if len(m.replies) > memoKept {
		m.replies = map[memoKey]*Reply{}
	} else {
		clear(m.replies)
	}
}

// memoKept is how many replies a memo may have so that its table is worth keeping: clearing a table takes time by its size, not by what is
// in it.
const memoKept = 256
