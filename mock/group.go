package mock

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"

	"troth/openapi"
)

// Group serves one or more documents as one handler and lets each be replaced while requests run. A request goes to the first document
// that has its path, below the path of one of its server URLs or as it is; one that none has is refused by the first. It is an
// http.Handler, safe for concurrent use.
type Group struct {
	servers []*atomic.Pointer[Server]
	writing sync.RWMutex // no write is answered by a server whose state was handed on already
}

// NewGroup makes a group of servers, at least one.
func NewGroup(first *Server, others ...*Server) *Group {
	g := &Group{}
	for _, s := range append([]*Server{first}, others...) {
		p := &atomic.Pointer[Server]{}
		p.Store(s)
		g.servers = append(g.servers, p)
	}
	return g
}

// Server is the i-th server as it is now.
func (g *Group) Server(i int) *Server { return g.servers[i].Load() }

// Documents are those that are served now, in their order.
func (g *Group) Documents() []*openapi.Document {
	docs := make([]*openapi.Document, len(g.servers))
	for i := range docs {
		docs[i] = g.Server(i).doc
	}
	return docs
}

// Replace makes another server the i-th one, at once for every request that comes in from then on; requests under way end with the old
// one. What clients wrote is kept (see Server.Adopt); what does not fit the new document is dropped and told.
func (g *Group) Replace(i int, s *Server) (dropped []error) {
	g.writing.Lock()
	defer g.writing.Unlock()
	dropped = s.Adopt(g.Server(i))
	g.servers[i].Store(s)
	return dropped
}

// Wait returns when the callbacks of every server are delivered or given up.
func (g *Group) Wait() {
	for _, p := range g.servers {
		p.Load().Wait()
	}
}

// ServeHTTP answers one request.
func (g *Group) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodOptions {
		g.writing.RLock()
		defer g.writing.RUnlock()
	}
	g.of(r).ServeHTTP(w, r)
}

func (g *Group) of(r *http.Request) *Server {
	first := g.Server(0)
	if len(g.servers) == 1 {
		return first
	}
	for _, p := range g.servers {
		if s := p.Load(); s.Serves(r) {
			return s
		}
	}
	return first
}

// Serves tells whether the document has the request's path, whatever its method, or the path is that of its token endpoint.
func (s *Server) Serves(r *http.Request) bool {
	call := &Call{Request: r}
	s.match(call)
	return len(call.Match.Allow) > 0 || s.issuesTokens(r)
}

// Admin is the handler of the servers' own resources (see Server.Admin). Where there are several, the query parameter document names the
// one that is meant, by its place in the list or its file; without it health is told, and the state forgotten, of all of them.
func (g *Group) Admin() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(g.servers) > 1 && r.URL.Query().Get("document") == "" && g.administer(w, r) {
			return
		}
		s, err := g.named(r.URL.Query().Get("document"))
		if err != nil {
			adminProblem(w, http.StatusBadRequest, err)
			return
		}
		s.admin.ServeHTTP(w, r)
	})
}

// administer answers what is meant for all documents, false where it is not.
func (g *Group) administer(w http.ResponseWriter, r *http.Request) bool {
	switch {
	case r.URL.Path == AdminPrefix+"health":
		var list []any
		for i := range g.servers {
			list = append(list, g.Server(i).health())
		}
		serveAdmin(w, map[string]any{"status": "ok", "documents": list})
	case r.URL.Path == AdminPrefix+"state" && r.Method == http.MethodDelete:
		for i := range g.servers {
			g.Server(i).Reset()
		}
		w.WriteHeader(http.StatusNoContent)
	default:
		return false
	}
	return true
}

func (g *Group) named(name string) (*Server, error) {
	if name == "" && len(g.servers) == 1 {
		return g.Server(0), nil
	}
	var names []string
	for i, p := range g.servers {
		s := p.Load()
		if name == itoa(i) || name == s.doc.Name {
			return s, nil
		}
		names = append(names, itoa(i)+" ("+s.doc.Name+")")
	}
	return nil, fmt.Errorf("query parameter document is %q: want one of %s", name, strings.Join(names, ", "))
}
