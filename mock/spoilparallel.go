package mock

import (
	"maps"
	"net/http"
	"sync"
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
