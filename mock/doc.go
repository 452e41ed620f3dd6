// Package mock serves any operation of an OpenAPI document and keeps what the document promises: schemas, pagination,
// error shapes, authentication, content negotiation.
//
// New returns an http.Handler; Start gives a test its own loopback server. A request runs through a chain of behaviors
// (Behavior), outermost first:
//
//	[faults on request →] authenticate → negotiate → validate → known parents → Prefer → answers kept in memory → verify →
//	handler given for the operation | resource | example | sampled value
//
// A behavior refuses by returning a *Fault, which one place renders in the error schema that the document declares. Every
// reply is validated against its own schema before it is sent: a reply that would break the document is a 500 that says
// so, in the log and in the body.
//
// Answers are slow, failing or broken where that is asked for: WithDisturbances, or FaultHeader in a request.
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
