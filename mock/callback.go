package mock

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"troth/openapi"
	"troth/openapi/sample"
	"troth/openapi/schema"
)

// Delivery tells of a request that the server sent: a callback of an operation, or a webhook.
type Delivery struct {
	Time      time.Time
	Name      string // key of the callback or webhook
	Operation string // operationId of the operation that promised the callback, "" for a webhook
	Method    string
	URL       string
	Status    int // of the receiver's answer, 0 where there was none
	Duration  time.Duration
	Err       error // why it was not delivered, or what is wrong with the answer
}

// WithCallbacks sends the callbacks that operations declare (OpenAPI 3.1 §4.8.18), after each answer of success, in the background: the
// URL as the runtime expression says, the body made from its schema, with the members that the answer has in common. A nil client is one
// with a timeout of 10 seconds. report is called after each delivery and may be nil.
func WithCallbacks(client *http.Client, report func(Delivery)) Option {
	return func(o *options) error {
		o.callbacks, o.deliver = true, newDeliverer(client, report)
		return nil
	}
}

// WithWebhooks sends webhooks (see Server.SendWebhook) to a URL unless the caller names another. The client and report are as with
// WithCallbacks.
func WithWebhooks(to string, client *http.Client, report func(Delivery)) Option {
	return func(o *options) error {
		if _, err := receiver(to); err != nil {
			return err
		}
		o.webhooks, o.deliver = to, newDeliverer(client, report)
		return nil
	}
}

// deliverer sends requests, a few at a time.
type deliverer struct {
	client *http.Client
	report func(Delivery)
	slots  chan struct{}
}

// callbackTimeout is how long a receiver may take, callbackSlots how many receive at a time.
const (
	callbackTimeout = 10 * time.Second
	callbackSlots   = 16
)

func newDeliverer(client *http.Client, report func(Delivery)) *deliverer {
	if client == nil {
		client = &http.Client{Timeout: callbackTimeout}
	}
	if report == nil {
		report = func(Delivery) {}
	}
	return &deliverer{client, report, make(chan struct{}, callbackSlots)}
}

// Wait returns when every callback under way is delivered or given up.
func (s *Server) Wait() { s.sending.Wait() }

// callBack sends the callbacks of an answered call.
func (s *Server) callBack(call *Call, reply *Reply) {
	if !s.options.callbacks || call.plan == nil || reply.Status >= 300 {
		return
	}
	for _, cb := range call.plan.callbacks {
		e := &openapi.Exchange{
			Request: call.Request, URL: baseURL(call) + strings.TrimPrefix(call.Request.URL.RequestURI(), call.Prefix), Path: call.Match.Values,
			Body: call.Body, Status: reply.Status, Header: reply.Header, Response: reply.Body,
		}
		to, err := e.Expand(cb.Expression)
		to = strings.ReplaceAll(to, base, baseURL(call))
		seed := sample.Hash(s.options.seed, "callback", cb.Name, call.Request.URL.RequestURI())
		s.sending.Go(func() {
			d := Delivery{Name: cb.Name, Operation: call.Operation.ID, Method: cb.Operation.Method, URL: to, Err: err}
			if err == nil {
				s.options.deliver.slots <- struct{}{}
				s.deliver(context.WithoutCancel(call.Request.Context()), &d, cb.Operation, seed, known(call, reply))
				<-s.options.deliver.slots
			}
			s.options.deliver.report(d)
		})
	}
}

// known are members that a callback has in common with the answer and the request's path.
func known(call *Call, reply *Reply) map[string]any {
	values := map[string]any{}
	for _, v := range call.Match.Values {
		values[v.Name] = v.Value
	}
	for _, body := range []any{call.Body, reply.Body} {
		object, _ := body.(map[string]any)
		for name, v := range object {
			values[name] = v
		}
	}
	return values
}

// SendWebhook sends a webhook of the document (OpenAPI 3.1 §4.8.1) to a URL, that of WithWebhooks where it is "". The error names the
// webhooks that there are where the document lacks this one; a delivery that fails is told by Delivery.Err.
func (s *Server) SendWebhook(ctx context.Context, name, to string) (Delivery, error) {
	webhooks, err := s.doc.Webhooks()
	if err != nil {
		return Delivery{}, err
	}
	if to == "" {
		to = s.options.webhooks
	}
	if to == "" {
		return Delivery{}, errors.New("there is no URL to send the webhook to")
	}
	var names []string
	for _, op := range webhooks {
		if names = append(names, op.Path); op.Path != name {
			continue
		}
		d := Delivery{Name: name, Method: op.Method, URL: to}
		s.deliver(ctx, &d, op, sample.Hash(s.options.seed, "webhook", name), nil)
		s.options.deliver.report(d)
		return d, nil
	}
	return Delivery{}, fmt.Errorf("the document has no webhook %q, but %s", name, strings.Join(names, ", "))
}

// receiver checks where a request is to be sent.
func receiver(to string) (*url.URL, error) {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("URL %q: want http://… or https://…", to)
	}
	return u, nil
}

// deliver sends one request and notes what came of it.
func (s *Server) deliver(ctx context.Context, d *Delivery, op *openapi.Operation, seed uint64, members map[string]any) {
	d.Time = s.options.clock()
	r, err := s.outgoing(ctx, d, op, seed, members)
	if err != nil {
		d.Err = err
		return
	}
	answer, err := s.options.deliver.client.Do(r)
	d.Duration = s.options.clock().Sub(d.Time)
	if err != nil {
		d.Err = err
		return
	}
	defer func() { _ = answer.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, s.options.limits.Body))
	d.Status = answer.StatusCode
	if compiled, err := op.Compile(); err == nil && len(compiled.Responses) > 0 && compiled.Response(d.Status) == nil {
		d.Err = fmt.Errorf("the receiver answered %d, which %s does not declare", d.Status, compiled.Place)
	}
}

// outgoing makes the request of a callback or webhook.
func (s *Server) outgoing(ctx context.Context, d *Delivery, op *openapi.Operation, seed uint64, members map[string]any) (*http.Request, error) {
	to, err := receiver(d.URL)
	if err != nil {
		return nil, err
	}
	p := &prepared{operation: op}
	if err := p.ready(); err != nil {
		return nil, err
	}
	var body []byte
	contentType := ""
	if b := p.compiled.Body; b != nil && len(b.Content) > 0 && b.Content[0].Schema != nil {
		v, err := sample.Value(b.Content[0].Schema, seed, sample.For(schema.Either), sample.Members(members))
		if err != nil {
			return nil, err
		}
		if body, contentType, err = b.Content[0].Encode(v); err != nil {
			return nil, err
		}
	}
	r, err := http.NewRequestWithContext(ctx, op.Method, d.URL, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if err := s.ordinaryParameters(p, r); err != nil {
		return nil, err
	}
	if to.RawQuery != "" {
		r.URL.RawQuery = strings.Trim(to.RawQuery+"&"+r.URL.RawQuery, "&")
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	r.Header.Set("User-Agent", "troth")
	return r, nil
}

// serveWebhook is the admin resource that sends a webhook: POST /_troth/webhooks/{name}?to=URL tells what came of it.
func (s *Server) serveWebhook(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", "POST")
		adminProblem(w, http.StatusMethodNotAllowed, fmt.Errorf("method %s: want POST", r.Method))
		return
	}
	d, err := s.SendWebhook(r.Context(), r.PathValue("name"), r.URL.Query().Get("to"))
	switch {
	case err != nil:
		adminProblem(w, http.StatusNotFound, err)
	case d.Err != nil:
		adminProblem(w, http.StatusBadGateway, d.Err)
	default:
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(append(appendJSON(nil, map[string]any{"name": d.Name, "method": d.Method, "url": d.URL, "status": d.Status}), '\n'))
	}
}
