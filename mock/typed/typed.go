// Package typed is what generated typed mocks (mock.gen.go, written by troth gen) are made of: a running mock whose operations are
// overridden, expected and looked at in the types of the generated package.
//
// Tests use the generated package; nothing here has to be called by hand. A generated package describes itself once (Package), and each
// test starts a mock of it (Package.Start). Requests are read by the package's own strict server, so an override sees exactly what the
// generated server would, and what it answers is judged by the document before it is sent.
package typed

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"troth/mock"
	"troth/openapi"
	"troth/openapi/convention"
)

// Package describes a generated package. Its mocks share the loaded document.
type Package struct {
	Name        string // of the document's file
	Document    func() []byte
	Conventions string // the text of the troth.yaml beside the document, "" where there is none
	Binder      echo.Binder
	Routes      map[string]echo.HandlerFunc // the strict server's reading of each operation, by operationId; it ends in Answer

	once sync.Once
	doc  *openapi.Document
	conv *convention.Conventions
	echo *echo.Echo
	err  error
}

func (p *Package) load() error {
	p.once.Do(func() {
		p.echo = echo.New()
		p.echo.Binder = p.Binder
		if p.doc, p.err = openapi.Parse(p.Name, p.Document()); p.err != nil {
			return
		}
		if p.conv = convention.Infer(p.doc); p.Conventions != "" {
			p.conv, p.err = convention.Parse(p.doc, convention.FileName, []byte(p.Conventions))
		}
	})
	return p.err
}

// Start gives a test a mock of the package: see mock.Start. Options go over the package's conventions.
func (p *Package) Start(t mock.TB, opts ...mock.Option) *Mock {
	t.Helper()
	if err := p.load(); err != nil {
		t.Fatalf("%v", err)
	}
	running := mock.Start(t, p.doc, append([]mock.Option{mock.WithConventions(p.conv)}, opts...)...)
	return &Mock{Server: running, of: p, t: t, faults: map[string][]mock.Disturbance{}}
}

// Mock is a running mock that generated code gives its types.
type Mock struct {
	Server *mock.Running // for what has no types: handlers, the log, state as JSON

	of     *Package
	t      mock.TB
	mu     sync.Mutex
	faults map[string][]mock.Disturbance // by operationId, "" for all
}

// URL is where the mock listens: "http://127.0.0.1:port". The paths of the document stand below it as they are, and below the path of
// its server URL.
func (m *Mock) URL() string { return m.Server.URL }

// HTTPClient is a client whose requests carry credentials that the mock takes.
func (m *Mock) HTTPClient() *http.Client { return m.Server.Client() }

// Calls lists what was asked of the operations, oldest first: see mock.Running.Calls. Each operation has a method that lists its calls
// in types.
func (m *Mock) Calls(operationIDs ...string) []*mock.Exchange { return m.Server.Calls(operationIDs...) }

// State is what clients wrote. Each list of the document has a method that returns its items in types.
func (m *Mock) State() mock.State { return m.Server.State() }

// Reset forgets what clients and Seed wrote.
func (m *Mock) Reset() { m.Server.Reset() }

// Fault makes answers slow, failing or broken from now on, in place of what Fault asked for before; without arguments no longer. Each
// operation has a method that does so for it alone.
func (m *Mock) Fault(faults ...mock.Disturbance) {
	m.t.Helper()
	m.FaultFor("", faults...)
}

// FaultFor is Fault for one operation.
func (m *Mock) FaultFor(operation string, faults ...mock.Disturbance) {
	m.t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range faults {
		if operation != "" {
			faults[i].Operations = []string{operation}
		}
	}
	m.faults[operation] = faults
	var all []mock.Disturbance
	for _, list := range m.faults {
		all = append(all, list...)
	}
	m.check(m.Server.Disturb(all...))
}

// Must is v; an error ends the test.
func Must[T any](m *Mock, v T, err error) T {
	m.t.Helper()
	m.check(err)
	return v
}

func (m *Mock) check(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatalf("%v", err)
	}
}

// key is the context's key for what a request in types is handed to.
type key struct{}

// Answer is the end of the strict server's reading of a request: it hands the request in types to the override at hand. A generated
// package's Routes lead here.
func Answer(c echo.Context, request any) (any, error) {
	answer, ok := c.Request().Context().Value(key{}).(func(any) (any, error))
	if !ok {
		return nil, errors.New("the request was not sent by a mock")
	}
	return answer(request)
}

// read has the strict server read a request of an operation and hand it to answer; what is written of the result is returned.
func (p *Package) read(ctx context.Context, call *mock.Call, r *http.Request, answer func(any) (any, error)) (*httptest.ResponseRecorder, error) {
	route := p.Routes[call.Match.Operation.ID]
	if route == nil {
		return nil, fmt.Errorf("the generated package has no operation %s", call.Match.Operation.ID)
	}
	w := httptest.NewRecorder()
	r = r.WithContext(context.WithValue(ctx, key{}, answer))
	r.URL = plain(r.URL)
	c := p.echo.NewContext(r, w)
	names, values := make([]string, 0, len(call.Match.Values)), make([]string, 0, len(call.Match.Values))
	for _, v := range call.Match.Values {
		names, values = append(names, v.Name), append(values, v.Value)
	}
	c.SetParamNames(names...)
	c.SetParamValues(values...)
	return w, route(c)
}

// plain is a URL without its escaped path: the generated code takes parameters as decoded then.
func plain(u *url.URL) *url.URL {
	decoded := *u
	decoded.RawPath = ""
	return &decoded
}

// handler answers an operation by a function in types. An error that is a *mock.Fault is answered in the document's error shape; so is
// an *echo.HTTPError, any other as 500.
func (p *Package) handler(f func(ctx context.Context, request any) (any, error)) mock.Handler {
	return func(ctx context.Context, call *mock.Call) (*mock.Reply, error) {
		none := false
		w, err := p.read(ctx, call, call.Request, func(request any) (any, error) {
			response, err := f(ctx, request)
			none = err == nil && response == nil
			return response, err
		})
		var refused *echo.HTTPError
		switch {
		case errors.As(err, &refused):
			return nil, &mock.Fault{Status: refused.Code, Detail: fmt.Sprint(refused.Message)}
		case err != nil:
			return nil, err
		case none:
			return nil, &mock.BrokenReply{Operation: call.Operation.ID, Reason: "the override returned neither a response nor an error"}
		}
		return mock.ReplyOf(call, w.Code, w.Header(), w.Body.Bytes())
	}
}

// errRead ends the reading of a request that only was to be looked at.
var errRead = errors.New("read")

// requestOf reads a logged request again; ok is false where it does not fit the operation's types.
func (p *Package) requestOf(e *mock.Exchange) (request any, ok bool) {
	r := e.Request.Clone(context.Background())
	r.Body = http.NoBody
	if len(e.Body) > 0 {
		r.Body = readCloser{strings.NewReader(string(e.Body))}
	}
	r.ContentLength = int64(len(e.Body))
	_, err := p.read(r.Context(), e.Call, r, func(v any) (any, error) {
		request, ok = v, true
		return nil, errRead
	})
	return request, ok && errors.Is(err, errRead)
}

type readCloser struct{ *strings.Reader }

func (readCloser) Close() error { return nil }
