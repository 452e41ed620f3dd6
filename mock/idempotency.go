package mock

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"sync"

	"troth/openapi/refusal"
)

// keyed carries out a request with an idempotency key once: sent again, it gets the first answer. What was refused keeps no key, as the client
// may mend what was wrong.
func (s *Server) keyed(next Handler) Handler {
	return func(ctx context.Context, call *Call) (*Reply, error) {
		p := call.Operation.IdempotencyKey()
		if p == nil || call.Request.Header.Get(p.Name) == "" || s.tweaks.keyUnread {
			return next(ctx, call)
		}
		content, err := call.fingerprint()
		if err != nil {
			return nil, err
		}
		name := keyName{call.plan, call.path(), call.Request.Header.Get(p.Name)}
		if s.tweaks.keyCut {
			name.key = name.key[:min(len(name.key), 32)]
		}
		if s.tweaks.oneKey {
			name.key, content = "", [sha256.Size]byte{}
		}
		for {
			first, mine := s.keys.claim(name, content)
			if mine {
				s.dawdle()
				return s.keys.carryOut(ctx, name, first, call, next)
			}
			if done, spoils := s.spoiltRepeat(first); spoils {
				reply, err := next(ctx, call)
				if err != nil || !done {
					return reply, err
				}
			}
			if reply, err := first.again(ctx, call, p.Name, content); reply != nil || err != nil {
				return reply, err
			}
		}
	}
}

// fingerprint tells bodies apart; the body can be read again afterwards.
func (c *Call) fingerprint() (sum [sha256.Size]byte, err error) {
	if c.Operation.Body == nil || c.Request.Body == nil {
		return sum, nil
	}
	data, err := io.ReadAll(c.Request.Body)
	if err != nil {
		return sum, refusal.Unreadable(c.Operation, err)
	}
	c.Request.Body = io.NopCloser(bytes.NewReader(data))
	return sha256.Sum256(data), nil
}

// keys are the idempotency keys of requests that were carried out, the last maxKeys of them, and of those under way. Safe for concurrent use.
type keys struct {
	mu     sync.Mutex
	known  map[keyName]*firstCall
	sorted []keyName // of those that were carried out, oldest first
	bytes  int       // of their answers
}

// maxKeys and keyBytes bound the memory of answers that are kept for requests sent again.
const (
	maxKeys  = 1000
	keyBytes = 8 << 20
)

type keyName struct {
	plan      *prepared
	path, key string
}

// firstCall is the first request with a key.
type firstCall struct {
	content [sha256.Size]byte
	over    chan struct{} // closed once it is answered
	reply   *Reply        // nil where it was refused; read it once it is over
}

// claim returns the first request with a key; mine tells that it is this one.
func (k *keys) claim(name keyName, content [sha256.Size]byte) (first *firstCall, mine bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if first = k.known[name]; first != nil {
		return first, false
	}
	if k.known == nil {
		k.known = map[keyName]*firstCall{}
	}
	first = &firstCall{content: content, over: make(chan struct{})}
	k.known[name] = first
	return first, true
}

// carryOut answers the first request with a key, and lets those that wait for it go on whatever becomes of it.
func (k *keys) carryOut(ctx context.Context, name keyName, first *firstCall, call *Call, next Handler) (reply *Reply, err error) {
	defer func() { k.settle(name, first, reply) }()
	return next(ctx, call)
}

// settle keeps the answer to the first request with a key, where it was no refusal and the state was not replaced meanwhile.
func (k *keys) settle(name keyName, first *firstCall, reply *Reply) {
	k.mu.Lock()
	defer k.mu.Unlock()
	defer close(first.over)
	if reply != nil && reply.Status < http.StatusBadRequest {
		first.reply = &Reply{Status: reply.Status, Header: reply.Header, Content: reply.Content, Encoded: reply.Encoded, contentType: reply.contentType, verified: true, Rule: "idempotency key"}
	}
	switch {
	case k.known[name] != first:
	case first.reply == nil:
		delete(k.known, name)
	default:
		k.keep(name, len(first.reply.Encoded))
	}
}

// keep makes room for an answer by forgetting the oldest. The lock is held.
func (k *keys) keep(name keyName, size int) {
	k.sorted, k.bytes = append(k.sorted, name), k.bytes+size
	for len(k.sorted) > maxKeys || k.bytes > keyBytes && len(k.sorted) > 1 {
		oldest := k.sorted[0]
		k.bytes -= len(k.known[oldest].reply.Encoded)
		delete(k.known, oldest)
		k.sorted = k.sorted[1:]
	}
}

// clear forgets all keys.
func (k *keys) clear() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.known, k.sorted, k.bytes = nil, nil, 0
}

// again is the answer to a request whose key another one had before; nil where that one was refused, so that this one is the first.
func (f *firstCall) again(ctx context.Context, call *Call, header string, content [sha256.Size]byte) (*Reply, error) {
	select {
	case <-f.over:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if f.reply != nil && f.content != content {
		return nil, keyReused(call, header)
	}
	call.repeated = f.reply != nil
	return f.reply, nil
}

// keyReused refuses a key that another body had: 422, else 409, where the document names it, else as an invalid request.
func keyReused(call *Call, header string) error {
	f := &Fault{Status: refusal.BadRequest(call.Operation), Situation: "invalid-parameter:header", Parameters: []any{header}}
	for _, status := range []int{http.StatusConflict, http.StatusUnprocessableEntity} {
		if r := call.Operation.Response(status); r != nil && r.Code == itoa(status) {
			f.Status = status
		}
	}
	if f.Status == http.StatusConflict {
		f.Situation = "conflict"
	}
	f.Detail = fmt.Sprintf("header %s: another request body had the key %s before", header, call.Request.Header.Get(header))
	return f
}
