package mock

import (
	"maps"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// overlap is how long a planted defect holds a request, for others to overlap with it.
const overlap = 4 * time.Millisecond

// answersMixed keeps the answer that is made in one place for all requests of an operation, as a handler does whose state is the server's.
func answersMixed(t *tweaks) {
	t.noMemo = true
	var latest sync.Map // Reply by operation and content
	onReply(func(_ *Server, call *Call, reply *Reply) error {
		if call.Request.Method != http.MethodGet || reply.Status != http.StatusOK {
			return nil
		}
		key := [2]any{call.plan, call.Content}
		latest.Store(key, *reply)
		time.Sleep(overlap)
		last, _ := latest.Load(key)
		*reply = last.(Reply)
		reply.Header = maps.Clone(reply.Header)
		return nil
	})(t)
}

// onOverlap marks the writes during which another one arrives, and holds each as long as that takes.
func onOverlap(more func(*tweaks)) func(*tweaks) {
	return func(t *tweaks) {
		var arrived atomic.Int64
		onRequest(func(call *Call) error {
			if call.Request.Method != http.MethodGet && call.Request.Method != http.MethodHead {
				n := arrived.Add(1)
				time.Sleep(overlap)
				call.overlapped = arrived.Load() != n
			}
			return nil
		})(t)
		more(t)
	}
}

// namesRaced takes each name once, and looks for it some time before it notes it.
func namesRaced(t *tweaks) {
	var taken sync.Map // by key
	t.again = true
	onRequest(func(call *Call) error {
		key, name := namedOnce(call)
		if key == "" {
			return nil
		}
		if _, known := taken.Load(key); known {
			return nameTaken(name)
		}
		time.Sleep(overlap)
		taken.Store(key, true)
		return nil
	})(t)
}
