package mock

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"

	"troth/openapi"
)

// ErrFaked is what a handler returns as its error to have a call answered as if there were no handler.
var ErrFaked = errors.New("to be answered without the handler")

// Handle answers an operation by h from now on, as WithHandler does from the start; nil takes the handler away. It is safe while
// requests are served. An operation that the document does not have is an error.
func (s *Server) Handle(operationID string, h Handler) error {
	if s.doc.Operation(operationID) == nil {
		return fmt.Errorf("mock: handler for operation %q: want one of %s", operationID, similar([]*openapi.Document{s.doc}, operationID))
	}
	s.handling.Lock()
	defer s.handling.Unlock()
	next := maps.Clone(*s.handlers.Load())
	if h == nil {
		delete(next, operationID)
	} else {
		next[operationID] = h
	}
	s.handlers.Store(&next)
	return nil
}

// handler is the handler that was given for an operation, nil where there is none.
func (s *Server) handler(op *openapi.Operation) Handler { return (*s.handlers.Load())[op.ID] }

// override answers an operation by the handler that the user gave for it. Whether what the path names exists is the handler's to say.
func (s *Server) override(next Handler) Handler {
	return func(ctx context.Context, call *Call) (*Reply, error) {
		h := s.handler(call.Operation.Operation)
		if h == nil {
			return next(ctx, call)
		}
		reply, err := s.verify(handled(h))(ctx, call)
		if errors.Is(err, ErrFaked) {
			return next(ctx, call)
		}
		return reply, err
	}
}

// handled judges what a handler answers.
func handled(h Handler) Handler {
	return func(ctx context.Context, call *Call) (*Reply, error) {
		reply, err := h(ctx, call)
		switch {
		case err != nil:
			return nil, err
		case reply == nil:
			return nil, &BrokenReply{Operation: call.Operation.ID, Reason: "the handler returned neither a reply nor an error"}
		}
		if reply.Rule == "" {
			reply.Rule = "handler"
		}
		if reply.verified {
			return reply, nil
		}
		if err := checkHandled(call, reply); err != nil {
			return nil, err
		}
		reply.verified = true
		return reply, nil
	}
}

// checkHandled is check, and more: that there is a body where one is declared, and the headers that were set.
func checkHandled(call *Call, reply *Reply) error {
	broken := &BrokenReply{Operation: call.Operation.ID}
	if err := check(call, reply); err != nil {
		broken.Reason = err.Error()
		return broken
	}
	declared := call.Operation.Response(reply.Status)
	if declared == nil {
		return nil
	}
	if reply.Content == nil && len(declared.Content) > 0 && reply.Status != http.StatusNoContent && reply.Status != http.StatusNotModified {
		broken.Reason = "status " + declared.Code + " without a body: " + declared.Place.String() + " declares one"
		return broken
	}
	for _, h := range declared.Headers {
		if lines := reply.Header.Values(h.Name); len(lines) > 0 {
			for _, v := range h.Decode(lines) {
				broken.Violations = append(broken.Violations, openapi.Violation{In: "header", Name: h.Name, Violation: v})
			}
		}
	}
	if broken.Violations != nil {
		return broken
	}
	return nil
}

// BrokenReply is the error for a handler's reply that would break the document; the client is answered 500.
type BrokenReply struct {
	Operation  string
	Violations []openapi.Violation
	Reason     string // where there are no violations
}

// Error names each violation and the document's line.
func (b *BrokenReply) Error() string {
	reasons := []string{}
	if b.Reason != "" {
		reasons = append(reasons, b.Reason)
	}
	for _, v := range b.Violations {
		reasons = append(reasons, v.Explain())
	}
	return fmt.Sprintf("the handler's answer to %s breaks the document: %s", b.Operation, strings.Join(reasons, "; "))
}

// HTTP makes a Handler of an http.Handler, which may read the request's body again. What it writes is validated against the document
// like any other answer.
func HTTP(h http.Handler) Handler {
	return func(ctx context.Context, call *Call) (*Reply, error) {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, call.Request.WithContext(ctx))
		return ReplyOf(call, w.Code, w.Header(), w.Body.Bytes())
	}
}

// ReplyOf makes the reply to a call of what was written for it. What breaks the document is a *BrokenReply.
func ReplyOf(call *Call, status int, header http.Header, body []byte) (*Reply, error) {
	if broken := brokenBy(call.Operation, status, header, body); len(broken) > 0 {
		return nil, &BrokenReply{Operation: call.Operation.ID, Violations: broken}
	}
	reply := &Reply{Status: status, Header: header.Clone(), Rule: "handler", verified: true}
	reply.Header.Del("Content-Type")
	reply.Header.Del("Content-Length")
	field := header.Get("Content-Type")
	declared := call.Operation.Response(status)
	if len(body) == 0 && field == "" || status == http.StatusNoContent || status == http.StatusNotModified {
		return reply, nil
	}
	sent, err := openapi.ParseMediaType(field)
	if err != nil {
		return nil, &BrokenReply{Operation: call.Operation.ID, Reason: err.Error()}
	}
	if reply.Content = declaredContent(declared, sent); reply.Content.Type.IsJSON() {
		if value, _, broken := openapi.DecodeBody(reply.Content, sent, body); broken == nil { // encoded anew, for envelope and indentation
			reply.Body = value
			return reply, nil
		}
	}
	reply.Encoded, reply.contentType = append([]byte{}, body...), []string{field}
	return reply, nil
}

// declaredContent is what the response declares for a media type, else content of that type and no schema.
func declaredContent(r *openapi.Response, sent openapi.MediaType) *openapi.Content {
	if r != nil {
		if c := r.ContentFor(sent); c != nil {
			return c
		}
	}
	return &openapi.Content{Type: sent}
}

// brokenBy lists what an answer breaks. An absent header is none: the server fills in those that the document declares.
func brokenBy(op *openapi.Compiled, status int, header http.Header, body []byte) []openapi.Violation {
	return slices.DeleteFunc(op.CheckResponse(status, header, body, false), func(v openapi.Violation) bool {
		return v.In == "header" && v.Keyword == "required" && header.Get(v.Name) == ""
	})
}
