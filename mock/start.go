package mock

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"

	"troth/openapi"
)

// TB is the part of testing.TB that Start needs.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Cleanup(func())
}

// Running is a server that listens on loopback, with a log of what it was asked.
type Running struct {
	*Server
	URL string // "http://127.0.0.1:port"

	t         TB
	transport http.RoundTripper // of this server's clients, closed with it
	journal   *journal
	mu        sync.Mutex
	wanted    []*Expectation
}

// Start gives a test its own server on a loopback port and stops it when the test ends.
//
// A request that breaks the document fails the test: the error names the parameter, what was wanted and found, and the line of the
// document; WithInvalidRequests lets a test send such requests on purpose. So does a handler whose answer breaks the document, and an
// expectation that is not met. A server that cannot be made ends the test.
func Start(t TB, doc *openapi.Document, opts ...Option) *Running {
	t.Helper()
	s, err := New(doc, opts...)
	if err != nil {
		t.Fatalf("%v", err)
	}
	r := &Running{Server: s, t: t}
	r.journal = newJournal(r.judge)
	s.journal = r.journal
	listening := httptest.NewServer(s)
	r.URL, r.transport = listening.URL, listening.Client().Transport
	t.Cleanup(func() {
		listening.Close()
		r.settle()
	})
	return r
}

// judge tells the test of what should not have been asked or answered.
func (r *Running) judge(e *Exchange) {
	if !r.options.invalidRequests && len(e.Violations) > 0 {
		reasons := make([]string, len(e.Violations))
		for i, v := range e.Violations {
			reasons[i] = v.Explain()
		}
		r.t.Errorf("the request breaks the document: %s %s: %s; mock.WithInvalidRequests lets a test send such requests on purpose",
			e.Method, e.URL, strings.Join(reasons, "; "))
	}
	if e.broken != nil {
		r.t.Errorf("%s %s: %v", e.Method, e.URL, e.broken)
	}
}

// settle tells the test of expectations that were not met.
func (r *Running) settle() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range r.wanted {
		if text := e.unmet(r.journal); text != "" {
			r.t.Errorf("%s", text)
		}
	}
}

// Calls lists what was asked of the operations, oldest first; without operations every request, also those that no operation matched
// and those refused for their credentials. The last 10,000 are kept.
func (r *Running) Calls(operationIDs ...string) []*Exchange { return r.journal.calls(operationIDs) }

// Expect wants an operation to be called, once or more where nothing else is said. An operation that the document does not have ends
// the test.
func (r *Running) Expect(operationID string) *Expectation {
	r.t.Helper()
	if r.doc.Operation(operationID) == nil {
		r.t.Fatalf("expect: operation %q: want one of %s", operationID, similar([]*openapi.Document{r.doc}, operationID))
	}
	e := newExpectation(operationID)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.wanted = append(r.wanted, e)
	return e
}
