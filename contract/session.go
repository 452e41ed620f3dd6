package contract

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/sync/singleflight"

	"troth/openapi"
	"troth/openapi/convention"
)

// session is one run against one target.
type session struct {
	doc     *openapi.Document
	conv    *convention.Conventions
	target  *Target
	seed    uint64
	shrinks int // requests that a finding may take to be made smaller
	workers int // requests that may be under way at a time
	bare    *http.Client
	usual   credentials     // the target's
	secret  map[string]bool // names of header fields that carry credentials
	schemes []*openapi.SecurityScheme
	ways    ways // that requests are sent by, nil where the target's usual credentials do for all
	each    ways // of all schemes that there are credentials for

	transport http.RoundTripper // without credentials
	timeout   time.Duration

	mu       sync.Mutex
	seen     map[string]*Exchange         // repeatable requests that read nothing, by what they send
	reads    map[string]*Exchange         // GET and HEAD, likewise, since the last write
	flights  singleflight.Group           // of requests under way, by the same
	history  map[string][]*Exchange       // by operation, until its last case is judged
	firsts   map[string]*Exchange         // first answers to ordinary requests, by operation and path values
	visits   map[string][]Visit           // by operation that was judged, until its last case is
	aliases  map[string]*Exchange         // known exchanges under other names
	mine     map[string]bool              // IDs of what the run created
	makers   map[string]*Exchange         // requests that made them, by the same
	several  map[string]*credentials      // of operations, by the schemes that they ask for
	made     []made                       // items that the run created and the document lets it delete
	stored   []stored                     // items that answers say were created, in their order
	touched  map[string]bool              // path values of requests that changed something
	gone     map[string]bool              // IDs that were deleted, behind the operation's path template
	created  map[string]map[string]string // path values of an item that the run created, by its list's path
	values   map[string]pathValue         // of path variables, by place of the variable
	largest  map[string]int               // page sizes, by operation and size that was wanted
	names    names
	bodies   bodies
	nonce    string // of the run: idempotency keys are made of it
	lastKey  int
	keys     map[string]bool // idempotency keys that were sampled
	requests int
	pauses   waits
	now      atomic.Pointer[string] // the case that is judged, for trace
	spoke    atomic.Bool            // the target answered some request
	trace    func(name string, x *Exchange)
	covered  map[string]ReportedOperation // what was exercised of each operation that is judged
}

func newSession(doc *openapi.Document, conv *convention.Conventions, t *Target, r *runner) (*session, error) {
	s := &session{
		doc: doc, conv: conv, target: t, seed: r.seed, shrinks: r.shrinks, workers: r.workers, pauses: waits{left: r.maxWait}, trace: r.trace, nonce: rand.Text(),
		seen: map[string]*Exchange{}, reads: map[string]*Exchange{}, history: map[string][]*Exchange{}, firsts: map[string]*Exchange{}, visits: map[string][]Visit{}, aliases: map[string]*Exchange{},
		mine: map[string]bool{}, makers: map[string]*Exchange{}, gone: map[string]bool{}, touched: map[string]bool{}, created: map[string]map[string]string{}, several: map[string]*credentials{},
		values: map[string]pathValue{}, largest: map[string]int{}, names: names{once: map[string]bool{}, ordinary: map[string]int{}}, covered: map[string]ReportedOperation{},
	}
	s.now.Store(new(string)) // no case yet
	schemes, err := doc.SecuritySchemes()
	if err != nil {
		return nil, err
	}
	s.secret = map[string]bool{"Authorization": true, "Cookie": true}
	for _, scheme := range schemes {
		if scheme.Type == "apiKey" && scheme.In == "header" {
			s.secret[http.CanonicalHeaderKey(scheme.Key)] = true
		}
	}
	bare := limited(t.transport, r.rate)
	s.schemes, s.transport, s.timeout = schemes, bare, t.timeout+r.queue()
	s.ways, s.each = t.ways, t.byScheme(schemes)
	if s.ways == nil && len(t.given) > 1 {
		s.ways = s.each
	}
	s.usual.login = t.shows(schemes, none)
	authed := bare
	if t.auth != nil {
		if authed, err = t.auth(doc, t.base, bare); err != nil {
			return nil, err
		}
	}
	s.usual.with, s.bare = client(authed, s.timeout), client(bare, s.timeout)
	for m, way := range t.wrong {
		if way.auth == nil {
			continue
		}
		mistaken, err := way.auth(doc, t.base, bare)
		if err != nil {
			return nil, err
		}
		s.usual.wrong[m], s.usual.mistake[m] = client(mistaken, s.timeout), t.shows(schemes, mistake(m))
	}
	return s, nil
}

// client never follows redirects: they are answers to judge.
func client(transport http.RoundTripper, timeout time.Duration) *http.Client {
	return &http.Client{Transport: transport, Timeout: timeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func clientContext(next http.RoundTripper) context.Context {
	return context.WithValue(context.Background(), oauth2.HTTPClient, &http.Client{Transport: next, Timeout: 30 * time.Second})
}

// Request is what a check wants to send.
type Request struct {
	Name          string // what it is, for reports
	Method        string
	URL           string
	Header        http.Header
	Body          string
	NoCredentials bool
	Wrong         mistake                   // of credentials that are nearly right, in place of the target's
	Alone         []*openapi.SecurityScheme // whose credentials are sent, and no others; nil for the usual ones
	Again         bool                      // send it even if it was sent before
	Provoked      bool                      // it asks for what HTTP itself lets a server refuse
	Aside         bool                      // it asks for a URL that the document may not have: general checks do not judge the answer
	Once          bool                      // what the server answers is taken, be it a failure that passes by itself
	Situation     Situation

	path     map[string]string                   // encoded path values by name
	tagging  func(ctx context.Context) *Exchange // reads what the request changes, for If-Match; nil where that is not asked for
	untagged string                              // If-Match of one that has no tag
	tagged   *Exchange                           // what it read
	key      *openapi.Parameter                  // that takes an idempotency key of the request's own, nil where none has to be sent
}

// alone names the schemes whose credentials are sent alone.
func (r *Request) alone() (names string) {
	for _, s := range r.Alone {
		names += s.Name + " "
	}
	return names
}

// leavesOut tells whether a header field of the target that carries credentials is not sent.
func (r *Request) leavesOut(field string) bool {
	if r.NoCredentials || r.Wrong != none && r.Wrong != lower && r.Wrong != upper {
		return true
	}
	return r.Alone != nil && !carries(r.Alone, field)
}

// maxBody is how much of a body is read.
const maxBody = 16 << 20

// NoMethod is a method that no API has: it changes nothing, and a server has to refuse it (RFC 9110 §9.1).
const NoMethod = "PROBE"

// errReadOnly is why a request was not sent.
var errReadOnly = errors.New("only GET, HEAD, OPTIONS and TRACE are sent without --write")

// do sends a request, once for each distinct one unless Again is set or it changes something.
func (s *session) do(ctx context.Context, r Request) (*Exchange, error) {
	safe := !changes(r.Method)
	if !safe && !s.target.write {
		return nil, errReadOnly
	}
	key := fmt.Sprint(r.Method, " ", r.URL, r.Header, r.NoCredentials, r.Wrong, r.alone(), r.Body)
	s.mu.Lock()
	known := s.answers(r.Method)[key]
	s.mu.Unlock()
	if known != nil && !r.Again {
		return s.named(known, key, r), nil
	}
	if r.Again || !safe {
		return s.sent(ctx, r, key, safe)
	}
	x, err, _ := s.flights.Do(key, func() (any, error) {
		s.mu.Lock()
		known := s.answers(r.Method)[key] // by a flight that landed after the look above
		s.mu.Unlock()
		if known != nil {
			return known, nil
		}
		return s.sent(ctx, r, key, safe)
	})
	if err != nil {
		return nil, err
	}
	return s.named(x.(*Exchange), key, r), nil
}

// named is an exchange under the name that a request asks for it by: which case sent it first must not show.
func (s *session) named(x *Exchange, key string, r Request) *Exchange {
	if x.Name == r.Name && x.Provoked == r.Provoked && x.asked.Situation == r.Situation {
		return x
	}
	key = fmt.Sprint(key, "\x00", r.Name, "\x00", r.Provoked, "\x00", r.Situation.Kind)
	s.mu.Lock()
	defer s.mu.Unlock()
	if y := s.aliases[key]; y != nil && y.of == x {
		return y
	}
	y := *x
	y.Name, y.Provoked, y.asked.Situation, y.of = r.Name, r.Provoked, r.Situation, x
	s.aliases[key] = &y
	return &y
}

func (s *session) sent(ctx context.Context, r Request, key string, safe bool) (*Exchange, error) {
	x, err := s.send(ctx, r)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	known := s.answers(r.Method)
	if old := known[key]; safe || old == nil || !old.OK() { // what was done once may be refused a second time: "exists already"
		known[key] = x
	}
	if !safe && (x.Status < 400 || x.Status >= 500) {
		s.reads = map[string]*Exchange{} // a write may have changed what was read; a refusal has not, or the checks of that tell
	}
	return x, nil
}

// sentSoFar is how many requests were sent.
func (s *session) sentSoFar() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

// record notes that a case of an operation saw an exchange.
func (s *session) record(operation string, x *Exchange) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Contains(s.history[operation], x) {
		s.history[operation] = append(s.history[operation], x)
	}
}

// recorded are the exchanges that the operation's cases saw so far.
func (s *session) recorded(operation string) []*Exchange {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.history[operation])
}

// maker is the request that made what has an ID, nil where the run did not make it.
func (s *session) maker(id string) *Exchange {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.makers[id]
}

// answers are those that are known of requests of a method. The lock is held.
func (s *session) answers(method string) map[string]*Exchange {
	if method == http.MethodGet || method == http.MethodHead {
		return s.reads
	}
	return s.seen
}

// send sends a request, and again after the pause that a 429 or 503 asks for. An idempotent request is sent once more where the server failed: that
// it did is told, and must not hide all else.
func (s *session) send(ctx context.Context, r Request) (*Exchange, error) {
	var waited []*Exchange
	for try := 0; ; try++ {
		if err := s.pauses.keep(ctx); err != nil {
			return nil, err
		}
		x, err := s.once(ctx, s.underKey(s.underCondition(ctx, r)))
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", r.Method, r.URL, err)
		}
		if s.trace != nil {
			s.trace(*s.now.Load(), x)
		}
		x.Waited = waited
		pause, asked := retryAfter(x, try)
		failed := x.Status >= 500 || x.NoAnswer != nil || x.BodyErr != nil
		passing := failed && !asked && try == 0 && idempotent(r.Method) && !r.Once
		if !passing && (!asked || try == patience || !s.pauses.pause(pause)) {
			if x.Status == http.StatusTooManyRequests {
				return nil, fmt.Errorf("%s %s: answered 429 after %d pauses; give more time to wait (--max-wait)", r.Method, r.URL, len(waited))
			}
			return x, nil
		}
		waited = append(waited, x)
	}
}

func (s *session) once(ctx context.Context, r Request) (*Exchange, error) {
	req, err := http.NewRequestWithContext(ctx, r.Method, r.URL, bytes.NewReader([]byte(r.Body)))
	if err != nil {
		return nil, err
	}
	if r.Body == "" {
		req.Body, req.GetBody = http.NoBody, nil
	}
	who, err := s.credentials(req)
	if r.Alone != nil {
		who, err = s.who(r.Alone)
	}
	if err != nil {
		return nil, err
	}
	c, auth := who.with, who.login
	switch {
	case r.NoCredentials:
		c, auth = s.bare, login{}
	case r.Wrong != none && who.wrong[r.Wrong] == nil:
		c, auth = s.bare, login{}
	case r.Wrong != none:
		c, auth = who.wrong[r.Wrong], who.mistake[r.Wrong]
	}
	sent := http.Header{}
	for _, name := range slices.Sorted(maps.Keys(s.target.header)) {
		values := s.target.header[name]
		switch {
		case harmless[name]:
			sent[name] = values
		case s.secret[name] && r.leavesOut(name), r.Header[name] != nil:
			continue
		default:
			auth.flags = strings.TrimSpace(auth.flags + fmt.Sprintf(` -H "%s: $%s"`, name, headerVariable(name)))
		}
		req.Header[name] = values
	}
	for name, values := range r.Header {
		req.Header[name], sent[name] = values, values
	}
	s.mu.Lock()
	s.requests++
	s.mu.Unlock()
	began := time.Now()
	x := &Exchange{Name: r.Name, Method: r.Method, URL: r.URL, Sent: sent, SentBody: r.Body, Provoked: r.Provoked, path: r.path, began: began, asked: r, auth: auth}
	resp, err := c.Do(req)
	if err != nil {
		if err = unwrapped(err); !hungUp(err) {
			return nil, err
		}
		x.NoAnswer, x.Header, x.Duration = err, http.Header{}, time.Since(began)
		return x, nil
	}
	defer resp.Body.Close()
	s.spoke.Store(true)
	x.Status, x.Header = resp.StatusCode, resp.Header
	x.Body, err = readAll(resp)
	if x.Duration = time.Since(began); err != nil {
		if ctx.Err() != nil || isTimeout(err) {
			return nil, fmt.Errorf("reading the body: %w", err)
		}
		x.BodyErr = fmt.Errorf("the body breaks off after %d bytes: %w", len(x.Body), err)
	}
	x.decode()
	if x.BodyErr != nil {
		return x, nil
	}
	known := s.bodies.of(x.Body)
	x.Body, x.decoded = known.body, known
	return x, nil
}

// hungUp tells whether a server took a request and then closed the connection, or sent what is no HTTP: that is an answer to judge. A server
// that cannot be reached, or that takes too long, is none.
func hungUp(err error) bool {
	var dial *net.OpError
	if isTimeout(err) || errors.Is(err, context.Canceled) || errors.As(err, &dial) && dial.Op == "dial" {
		return false
	}
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) || strings.Contains(err.Error(), "malformed HTTP") || strings.Contains(err.Error(), "malformed MIME header") ||
		strings.Contains(err.Error(), "server closed idle connection")
}

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &t) && t.Timeout()
}

// unwrapped drops net/http's repetition of method and URL.
func unwrapped(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
