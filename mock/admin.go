package mock

import (
	"net/http"
	"strconv"
	"strings"

	"troth/openapi/refusal"
)

// AdminPrefix is where a server's own resources live: no document has such paths.
const AdminPrefix = "/_troth/"

// Admin is the handler of the server's own resources, below AdminPrefix:
//
//	GET    /_troth/health  200 while the server answers
//	GET    /_troth/state   what clients wrote, as JSON
//	PUT    /_troth/state   replaces it
//	DELETE /_troth/state   forgets it
//	POST   /_troth/webhooks/{name}?to=URL   sends a webhook of the document
//
// Refusals are problem details (RFC 9457).
func (s *Server) Admin() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc(AdminPrefix+"health", s.serveHealth)
	mux.HandleFunc(AdminPrefix+"state", s.serveState)
	mux.HandleFunc(AdminPrefix+"webhooks/{name}", s.serveWebhook)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		adminProblem(w, http.StatusNotFound, errUnknownAdmin(r.URL.Path))
	})
	return mux
}

type errUnknownAdmin string

func (e errUnknownAdmin) Error() string {
	return "no admin resource " + string(e) + ": want " + AdminPrefix + "health, " + AdminPrefix + "state, " + AdminPrefix + "webhooks/{name} or, of troth mock, " + AdminPrefix + "metrics"
}

func (s *Server) serveHealth(w http.ResponseWriter, _ *http.Request) { serveAdmin(w, s.health()) }

func (s *Server) health() map[string]any {
	return map[string]any{
		"status": "ok", "document": s.doc.Title, "version": s.doc.Version, "sha256": s.doc.SHA256, "operations": len(s.doc.Operations),
	}
}

func serveAdmin(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(append(appendJSON(nil, body), '\n'))
}

func adminProblem(w http.ResponseWriter, status int, err error) {
	body := appendJSON(nil, refusal.Problem(&Fault{Status: status, Detail: err.Error()}))
	w.Header().Set("Content-Type", problemType.String())
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// administers tells whether a request is one for the admin resources.
func (s *Server) administers(r *http.Request) bool {
	return s.options.admin && strings.HasPrefix(r.URL.Path, AdminPrefix)
}
