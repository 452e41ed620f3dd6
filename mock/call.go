package mock

import (
	"context"
	"net/http"
	"slices"

	"troth/openapi"
)

// Call is one request on its way through the chain.
type Call struct {
	Request    *http.Request
	Prefix     string // of a server URL in the document, in front of the operation's path; "" where the request has none
	Match      openapi.Match
	Operation  *openapi.Compiled
	Values     openapi.Values // decoded parameters, once the request is validated
	Body       any            // decoded body in plain JSON, nil where there is none
	HasBody    bool
	Response   *openapi.Response // the success response that will be answered, once negotiated
	Status     int               // its status
	Content    *openapi.Content  // the content that was negotiated, nil where the response declares none
	sent       *openapi.Content  // that Body is of, nil where it is none that is declared
	plan       *prepared
	listed     string               // which selection of a collection this is
	cursors    *cursors             // of the list; nil: signed ones
	item       any                  // that the call wrote or deleted, nil where it is of no collection
	unmet      error                // refuses what is carried out all the same, by a defect
	seed       uint64               // changes the values made for this call
	disturbed  *disturbed           // nil: nothing is asked for
	room       [4]openapi.PathValue // of Match.Values
	escaped    string               // the request's path as it stands in its URL, once it was asked for
	length     [1]string            // the answer's Content-Length
	repeated   bool                 // it was carried out before, by its idempotency key
	overlapped bool                 // a planted defect saw another write meanwhile
}

// bodies are the contents that the request's body may be of: the one that was sent, where it is known.
func (c *Call) bodies() []*openapi.Content {
	switch {
	case c.sent != nil:
		return []*openapi.Content{c.sent}
	case c.Operation.Body == nil:
		return nil
	}
	return c.Operation.Body.Content
}

// path is the request's path as it stands in its URL.
func (c *Call) path() string {
	if c.escaped == "" {
		c.escaped = c.Request.URL.EscapedPath()
	}
	return c.escaped
}

// Reply is an answer that is not yet encoded.
type Reply struct {
	Status  int
	Header  http.Header
	Content *openapi.Content // what Body is; nil: no body
	Body    any              // plain JSON (or a string for text); may be nil where Encoded is set
	Encoded []byte           // the body's bytes where they are known already; wins over Body

	Rule string // what made it: for X-Troth-Explain

	verified    bool     // Body was validated already
	contentType []string // the field's lines, once they are known
}

// A Handler answers a call. The reply is non-nil if and only if the error is nil.
type Handler func(context.Context, *Call) (*Reply, error)

// A Behavior wraps a handler to change how calls are answered.
type Behavior func(next Handler) Handler

// Chain composes behaviors; the first is the outermost.
func Chain(h Handler, behaviors ...Behavior) Handler {
	for _, b := range slices.Backward(behaviors) {
		h = b(h)
	}
	return h
}
