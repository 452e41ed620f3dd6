package cli

import (
	"fmt"
	"hash/fnv"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"sync"
)

// answers are the requests that a server got with what it answered, in whatever order.
type answers struct {
	mu   sync.Mutex
	seen map[uint64]bool
}

// of is the server, listened to.
func (a *answers) of(server http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sum, sent := fnv.New64a(), lacking(r.Header, "Authorization", "Idempotency-Key") // no two runs send the same
		r.Body = io.NopCloser(io.TeeReader(r.Body, sum))
		answer := httptest.NewRecorder()
		defer func() {
			fmt.Fprint(sum, r.Method, r.URL, sent, answer.Code, lacking(answer.Header(), "WWW-Authenticate"), answer.Body) // no two nonces are the same
			a.note(sum.Sum64())
		}()
		server.ServeHTTP(answer, r)
		maps.Copy(w.Header(), answer.Header())
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	})
}

func (a *answers) note(exchange uint64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.seen == nil {
		a.seen = map[uint64]bool{}
	}
	a.seen[exchange] = true
}

// equal tells whether both servers got the same requests and answered them alike.
func (a *answers) equal(b *answers) bool { return maps.Equal(a.seen, b.seen) }

// lacking is a copy of a header that lacks some fields.
func lacking(h http.Header, names ...string) http.Header {
	h = h.Clone()
	for _, name := range names {
		h.Del(name)
	}
	return h
}
