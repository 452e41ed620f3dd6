// Package mock serves any operation of an OpenAPI document and keeps what the document promises: schemas, pagination,
// error shapes, authentication, content negotiation.
//
// New returns an http.Handler, Transport an http.RoundTripper that needs no socket. Start gives a test its own loopback server:
//
//	m := mock.Start(t, doc)                        // stops with the test
//	m.Expect("createOrder").Times(1)               // judged when the test ends
//	client := NewClient(m.URL, m.Client())         // m.Client sends credentials that the mock takes
//
// It keeps a log of requests (Running.Calls), and fails the test for a request that breaks the document, with the parameter and the
// line of the document, unless WithInvalidRequests says that the test means it. Lists are given their items by Server.Seed, operations
// are answered by hand by Server.Handle and WithHandler (HTTP takes an http.Handler), and such answers are judged like all others.
// Generated code (troth gen) has the same in types: package typed.
//
// A request runs through a chain of behaviors (Behavior), outermost first:
//
//	[faults on request →] authenticate → negotiate → validate → handler given for the operation → known parents → Prefer →
//	answers kept in memory → verify → resource | example | sampled value
//
// A behavior refuses by returning a *Fault, which one place renders in the error schema that the document declares. Every
// reply is validated against its own schema before it is sent: a reply that would break the document is a 500 that says
// so, in the log and in the body.
//
// Answers are slow, failing or broken where that is asked for: WithDisturbances, Server.Disturb, or FaultHeader in a request.
//
// State is per server. An answer is a function of document, seed, state and request: the same on every machine and in any
// order. Lists are virtual collections: item i is computed from the seed, the path and i, so a server holds only what clients
// wrote.
//
// Callbacks and webhooks are sent where that is asked for (WithCallbacks, SendWebhook). A Group serves several documents and replaces one
// while requests run.
//
// Limits: requests over Limits are refused; mutual TLS handshakes are not produced; a stream of events ends after a few.
package mock
