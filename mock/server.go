package mock

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"troth/openapi"
	"troth/openapi/convention"
	"troth/openapi/refusal"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// Server answers requests as a document promises. It is an http.Handler, safe for concurrent use.
type Server struct {
	doc      *openapi.Document
	conv     *convention.Conventions
	options  *options
	world    *world
	plans    map[*openapi.Operation]*prepared
	chain    Handler
	tokens   *issuer
	memo     *memo
	keys     keys
	prefixes []string // paths of the document's server URLs, longest first
	tweaks   tweaks
	variant  variant
	front    http.Handler // the variations around the server, nil for none
	admin    http.Handler
	refusals *refusal.Renderer
	sending  *sync.WaitGroup // callbacks under way

	handlers atomic.Pointer[map[string]Handler] // by operationId; replaced as a whole, so that requests read it without a lock
	handling sync.Mutex

	journal *journal // nil: none is kept
}

// New returns a server for a loaded document. Operations are compiled when they are first asked for; what cannot be compiled
// is answered 500 with the place in the document, so check the document with openapi's CompileAll first.
func New(doc *openapi.Document, opts ...Option) (*Server, error) {
	o, err := newOptions(opts)
	if err != nil {
		return nil, fmt.Errorf("mock: %w", err)
	}
	if err := o.checkHandlers(func(id string) bool { return doc.Operation(id) != nil }); err != nil {
		return nil, fmt.Errorf("mock: %w", err)
	}
	for _, name := range slices.Sorted(maps.Keys(o.params)) {
		if err := doc.CheckName(name); err != nil {
			return nil, fmt.Errorf("mock: %w", err)
		}
	}
	if o.conv == nil {
		if o.conv, err = convention.Beside(doc); err != nil {
			return nil, fmt.Errorf("mock: %w", err)
		}
	}
	s := &Server{doc: doc, conv: o.conv, options: o, memo: newMemo(), prefixes: openapi.ServerPaths(doc.Servers), sending: &sync.WaitGroup{}}
	s.handlers.Store(&o.handlers)
	s.vary()
	for _, d := range o.defects {
		d.plant(&s.tweaks)
	}
	s.plans = make(map[*openapi.Operation]*prepared, len(doc.Operations))
	for _, op := range doc.Operations {
		s.plans[op] = &prepared{operation: op}
	}
	if err := s.planDisturbances(o.disturbances); err != nil {
		return nil, fmt.Errorf("mock: %w", err)
	}
	s.refusals = s.renderer()
	s.world = newWorld(s)
	for op, p := range s.plans {
		p.resource, p.isItem = s.world.home(op)
	}
	s.admin = s.Admin()
	return s, s.assemble()
}

// assemble builds the chain of behaviors, outermost first.
func (s *Server) assemble() error {
	auth, err := newAuthenticator(s.doc, s.conv, s.options.creds, s.options.clock, s.options.seed)
	if err != nil {
		return fmt.Errorf("mock: %w", err)
	}
	auth.blank = s.tweaks.blankOpens
	d, t := auth.digest, &s.tweaks
	d.anyUser, d.anyURI, d.anyNonce, d.ofGet, d.oneCase, d.nobody, d.guess = t.anyUser, t.anyURI, t.anyNonce, t.ofGet, t.oneCase, t.nobody, t.guess
	auth.digest.single = s.variant.nonceOnce
	s.tokens, auth.tweaks = auth.tokens, &s.tweaks
	behaviors := []Behavior{auth.behavior, s.negotiate, s.validate, s.override, s.existing, s.prefer, s.keyed, s.remember, s.verify, s.resource, s.example}
	if s.options.authOff || s.tweaks.noAuth {
		behaviors = behaviors[1:]
	}
	if s.tweaks.lateAuth {
		behaviors = slices.Insert(behaviors[1:], 4, auth.behavior)
	}
	s.chain = Chain(s.sampled, append(s.disturbing(), behaviors...)...)
	return nil
}

// Prefixes are the paths of the document's server URLs that requests may have in front of the document's paths, longest first.
func (s *Server) Prefixes() []string { return slices.Clone(s.prefixes) }

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case s.administers(r):
		s.admin.ServeHTTP(w, r)
	case s.front != nil:
		s.front.ServeHTTP(w, r)
	default:
		s.serve(w, r)
	}
}

// serve answers a request of the document.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	tells := s.options.log != nil || s.journal != nil
	var started time.Time
	if tells {
		started = s.options.clock()
	}
	out := counters.Get().(*counter)
	*out = counter{ResponseWriter: w}
	var body *copied
	if s.journal != nil && r.Body != nil && r.Body != http.NoBody {
		body = &copied{ReadCloser: r.Body}
		r.Body = body
	}
	call, err := s.answer(out, r)
	if tells {
		s.tell(s.entry(started, out, call, err), call, body)
	}
	if out.aborted {
		panic(http.ErrAbortHandler) // net/http resets the stream or closes the connection
	}
	out.ResponseWriter = nil
	counters.Put(out) // nothing keeps it once the answer is written
}

// entry tells what was answered.
func (s *Server) entry(started time.Time, out *counter, call *Call, err error) Entry {
	r := call.Request
	e := Entry{
		Time: started, Method: r.Method, URL: r.URL.RequestURI(), Status: out.status, Bytes: out.bytes, Duration: s.options.clock().Sub(started),
		Request: r, ContentType: out.Header().Get("Content-Type"),
	}
	if call.Match.Operation != nil {
		e.Operation = call.Match.Operation.ID
	}
	if err != nil {
		e.Reason = err.Error()
	}
	e.Reason = call.disturbed.reason(e.Reason)
	var fault *Fault
	if errors.As(err, &fault) {
		e.Violations = fault.Broken()
	}
	_ = errors.As(err, &e.broken)
	return e
}

// tell hands an entry to whoever wants to know.
func (s *Server) tell(e Entry, call *Call, body *copied) {
	if s.options.log != nil {
		s.options.log(e)
	}
	if s.journal == nil {
		return
	}
	exchange := &Exchange{Entry: e, Call: call}
	if body != nil {
		body.rest(call.Request.ContentLength)
		exchange.Body = body.data.Bytes()
	}
	s.journal.add(exchange)
}

// answer writes the response and returns what became of the request.
func (s *Server) answer(w http.ResponseWriter, r *http.Request) (*Call, error) {
	call := &Call{Request: r}
	if s.issuesTokens(r) {
		s.tokens.ServeHTTP(w, r)
		return call, nil
	}
	reply, err := s.guarded(call)
	if err != nil {
		reply = s.refuse(call, err)
	}
	s.write(w, call, reply)
	if !call.repeated {
		s.callBack(call, reply)
		s.notify(call, reply)
	}
	return call, err
}

// issuesTokens tells whether a request is one for the token endpoint: where the document describes that path itself, only what has the form
// of such a request (RFC 6749 §4.4.2).
func (s *Server) issuesTokens(r *http.Request) bool {
	if !slices.Contains(s.tokens.paths, r.URL.Path) {
		return false
	}
	if len(s.doc.Match(r, r.URL.EscapedPath()).Allow) == 0 {
		return true
	}
	return !s.options.authOff && strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
}

// guarded is route; a panic becomes an error that says where, so that no document and no request stops the process.
func (s *Server) guarded(call *Call) (reply *Reply, err error) {
	defer func() {
		if problem := recover(); problem != nil {
			if problem == http.ErrAbortHandler {
				panic(problem)
			}
			reply, err = nil, fmt.Errorf("this is a defect of troth, please report it: %v\n%s", problem, debug.Stack())
		}
	}()
	return s.route(call)
}

// route finds the operation and runs the chain.
func (s *Server) route(call *Call) (*Reply, error) {
	if err := s.options.limits.oversized(call.Request); err != nil {
		return nil, err
	}
	if err := strangeHost(call.Request); err != nil {
		return nil, err
	}
	if s.tweaks.asked != nil {
		call.Request = call.Request.Clone(call.Request.Context())
		s.tweaks.asked(s, call.Request)
	}
	s.match(call)
	if call.Match.Operation == nil {
		return s.unmatched(call)
	}
	call.plan = s.plans[call.Match.Operation]
	if err := call.plan.ready(); err != nil {
		return nil, fmt.Errorf("the document's operation cannot be served: %w", err)
	}
	call.Operation, call.Response, call.Status = call.plan.compiled, call.plan.response, call.plan.status
	if call.plan.embedded {
		call.unwrap()
	}
	if err := s.admitted(call); err != nil {
		return nil, err
	}
	return s.chain(call.Request.Context(), call)
}

// unwrap reads path values that are JSON texts.
func (c *Call) unwrap() {
	for i, v := range c.Match.Values {
		if p := c.Operation.Parameter("path", v.Name); p != nil && p.Content.IsJSON() {
			decoded, err := source.DecodeJSON([]byte(v.Value))
			if t := text(decoded); err == nil && t != "" { // arrays and objects stay as they were sent
				c.Match.Values[i].Value = t
			}
		}
	}
}

// match tries the path behind each server prefix, then as it is.
func (s *Server) match(call *Call) {
	path := call.path()
	for _, prefix := range s.prefixes {
		rest, ok := strings.CutPrefix(path, prefix)
		if !ok || !strings.HasPrefix(rest, "/") {
			continue
		}
		if m := s.doc.MatchInto(call.room[:], call.Request, rest); len(m.Allow) > 0 {
			call.Match, call.Prefix = m, prefix
			return
		}
	}
	call.Match = s.doc.MatchInto(call.room[:], call.Request, path)
	for s.tweaks.anyPath && len(call.Match.Allow) == 0 && strings.LastIndexByte(path, '/') > 0 {
		path = path[:strings.LastIndexByte(path, '/')]
		call.Match = s.doc.MatchInto(call.room[:], call.Request, path)
	}
}

// unmatched answers a path or method that the document lacks (RFC 9110 §15.5.5, §15.5.6, §9.3.7).
func (s *Server) unmatched(call *Call) (*Reply, error) {
	r := call.Request
	if len(call.Match.Allow) == 0 {
		return nil, &Fault{
			Status: http.StatusNotFound, Situation: "unknown-path", Parameters: []any{r.URL.Path},
			Detail: fmt.Sprintf("the document has no path %s", r.URL.Path), Undeclared: s.undeclared("path", "paths", "a path of the document", r.URL.Path),
		}
	}
	allow := http.Header{"Allow": {strings.Join(call.Match.Allow, ", ")}}
	if r.Method == http.MethodOptions {
		s.acceptsPatch(call, allow)
		return &Reply{Status: http.StatusNoContent, Header: allow}, nil
	}
	return nil, &Fault{
		Status: http.StatusMethodNotAllowed, Situation: "unknown-method", Header: allow, Parameters: []any{r.Method},
		Detail:     fmt.Sprintf("path %s has no method %s, but %s", r.URL.Path, r.Method, allow.Get("Allow")),
		Undeclared: s.undeclared("method", "paths", allow.Get("Allow"), r.Method),
	}
}

func (s *Server) undeclared(in, keyword, want, got string) []openapi.Violation {
	return []openapi.Violation{{In: in, Violation: schema.Violation{Keyword: keyword, Want: want, Got: got, Schema: s.doc.Root.Child("paths")}}}
}

// acceptsPatch tells in an answer to OPTIONS which patches a path takes (RFC 5789 §3.1).
func (s *Server) acceptsPatch(call *Call, header http.Header) {
	if !slices.Contains(call.Match.Allow, http.MethodPatch) {
		return
	}
	asked := &Call{Request: call.Request.Clone(call.Request.Context())}
	asked.Request.Method = http.MethodPatch
	if s.match(asked); asked.Match.Operation == nil {
		return
	}
	if p := s.prepare(asked.Match.Operation); p != nil && p.compiled.Body != nil {
		for _, c := range p.compiled.Body.Content {
			header.Add("Accept-Patch", c.Type.String())
		}
	}
}

// refuse turns an error into a reply: a Fault as it says, anything else into a 500.
func (s *Server) refuse(call *Call, err error) *Reply {
	var fault *Fault
	if !errors.As(err, &fault) {
		fault = &Fault{Status: http.StatusInternalServerError, Situation: "server-error", Detail: err.Error()}
		if errors.Is(err, context.Canceled) {
			fault.Detail = "the client went away"
		}
	}
	if len(s.variant.fault) > 0 {
		other := *fault
		for _, vary := range s.variant.fault {
			vary(call, &other)
		}
		fault = &other
	}
	if s.tweaks.blame != nil {
		other := *fault
		s.tweaks.blame(call, &other)
		fault = &other
	}
	return s.renderFault(call, fault)
}

// counter notes what was sent.
type counter struct {
	http.ResponseWriter
	status, bytes int
	aborted       bool // the answer is to be broken off
}

var counters = sync.Pool{New: func() any { return new(counter) }}

func (c *counter) WriteHeader(status int) {
	if c.status == 0 {
		c.status = status
	}
	c.ResponseWriter.WriteHeader(status)
}

func (c *counter) Write(b []byte) (int, error) {
	if c.status == 0 {
		c.status = http.StatusOK
	}
	n, err := c.ResponseWriter.Write(b)
	c.bytes += n
	return n, err
}

// Unwrap gives http.ResponseController the writer underneath.
func (c *counter) Unwrap() http.ResponseWriter { return c.ResponseWriter }
