package mock

import (
	"net/http/httptest"

	"troth/openapi"
)

// TB is the part of testing.TB that Start needs.
type TB interface {
	Helper()
	Fatalf(format string, args ...any)
	Cleanup(func())
}

// Running is a server that listens on loopback.
type Running struct {
	*Server
	URL string // "http://127.0.0.1:port"
}

// Start gives a test its own server on a loopback port and stops it when the test ends. A server that cannot be made fails the
// test.
func Start(t TB, doc *openapi.Document, opts ...Option) *Running {
	t.Helper()
	s, err := New(doc, opts...)
	if err != nil {
		t.Fatalf("%v", err)
	}
	listening := httptest.NewServer(s)
	t.Cleanup(listening.Close)
	return &Running{Server: s, URL: listening.URL}
}
