package mock

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"sync"
)

// Exchange is one request to a running mock and what became of it.
type Exchange struct {
	Entry
	Body []byte // of the request, at most the first 1 MiB
	Call *Call  // how the request was understood; its Operation is nil where it was not
}

// keptExchanges is how many exchanges a log keeps, the newest; keptBody how much of each body.
const (
	keptExchanges = 10_000
	keptBody      = 1 << 20
)

// journal is the request log of a running mock. Safe for concurrent use.
type journal struct {
	mu     sync.Mutex
	list   []*Exchange
	counts map[string]int // by operation, exact also for exchanges that are no longer kept
	lost   int            // exchanges that are no longer kept
	added  func(*Exchange)
}

func newJournal(added func(*Exchange)) *journal {
	return &journal{counts: map[string]int{}, added: added}
}

func (j *journal) add(e *Exchange) {
	j.mu.Lock()
	if len(j.list) == keptExchanges {
		j.list = append(j.list[:0], j.list[keptExchanges/2:]...)
		j.lost += keptExchanges / 2
	}
	j.list = append(j.list, e)
	if e.counts() {
		j.counts[e.Operation]++
	}
	j.mu.Unlock()
	j.added(e)
}

// counts tells whether an exchange counts as a call: not the one that a digest client sends to be challenged.
func (e *Exchange) counts() bool { return e.Status != http.StatusUnauthorized }

// calls are the kept exchanges of these operations that count as calls, all where none is named.
func (j *journal) calls(operations []string) (list []*Exchange) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, e := range j.list {
		if len(operations) == 0 || e.counts() && slices.Contains(operations, e.Operation) {
			list = append(list, e)
		}
	}
	return list
}

func (j *journal) count(operation string) int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.counts[operation]
}

// copied keeps what is read of a request's body.
type copied struct {
	io.ReadCloser
	data bytes.Buffer
}

func (c *copied) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	c.data.Write(p[:min(n, keptBody-c.data.Len())])
	return n, err
}

// rest reads what the server did not, where that is little.
func (c *copied) rest(length int64) {
	if length > 0 && length <= keptBody {
		_, _ = io.Copy(io.Discard, c) // what cannot be read any more is not in the log
	}
}
