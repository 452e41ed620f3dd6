package mock

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
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
// URL as the runtime expression says, the body made from its schema, with the members that the answer has in common. Webhooks go to the
// receivers that clients registered (see WithWebhooks). A nil client is one with a timeout of 10 seconds. report is called after each
// delivery and may be nil.
func WithCallbacks(client *http.Client, report func(Delivery)) Option {
	return func(o *options) error {
		o.callbacks, o.deliver = true, newDeliverer(client, report)
		return nil
	}
}

// WithWebhooks sends the document's webhooks (OpenAPI 3.1 §4.8.1) to a URL after each successful write that they tell of: a webhook that
// carries the schema of what was written, or names its resource; one that says created, updated or deleted is sent for that only. Other
// webhooks are sent by Server.SendWebhook. The client and report are as with WithCallbacks.
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
	queued atomic.Int64
}

// callbackTimeout is how long a receiver may take, callbackSlots how many receive at a time.
const (
	callbackTimeout = 10 * time.Second
	callbackSlots   = 16
	callbackQueue   = 1000 // what waits for a slot; more is given up
)

func newDeliverer(client *http.Client, report func(Delivery)) *deliverer {
	if client == nil {
		client = &http.Client{Timeout: callbackTimeout}
	}
	if report == nil {
		report = func(Delivery) {}
	}
	return &deliverer{client: client, report: report, slots: make(chan struct{}, callbackSlots)}
}

// later sends a request in the background, where a slot is free, and reports it.
func (s *Server) later(ctx context.Context, d Delivery, op *openapi.Operation, seed uint64, members map[string]any) {
	out := s.options.deliver
	if out.queued.Add(1) > callbackQueue && d.Err == nil {
		d.Err = fmt.Errorf("given up: %d others wait to be delivered", callbackQueue)
	}
	s.sending.Go(func() {
		defer out.queued.Add(-1)
		if d.Err == nil {
			out.slots <- struct{}{}
			s.deliver(context.WithoutCancel(ctx), &d, op, seed, members)
			<-out.slots
		}
		out.report(d)
	})
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
		d := Delivery{Time: s.options.clock(), Name: cb.Name, Operation: call.Operation.ID, Method: cb.Operation.Method, URL: to, Err: err}
		s.later(call.Request.Context(), d, cb.Operation, seed, known(call, reply))
	}
}

// known are members that a callback has in common with the answer and the request's path.
func known(call *Call, reply *Reply) map[string]any {
	values := map[string]any{}
	for _, v := range call.Match.Values {
		values[v.Name] = v.Value
	}
	for _, body := range []any{call.item, call.Body, reply.Body} {
		object, _ := body.(map[string]any)
		for name, v := range object {
			values[name] = v
		}
	}
	return values
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
