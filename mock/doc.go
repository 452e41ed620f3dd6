// Package mock serves any operation of an OpenAPI document and keeps what the document promises: schemas, pagination,
// error shapes, authentication, content negotiation.
//
// New returns an http.Handler; Start gives a test its own loopback server. A request runs through a chain of behaviors
// (Behavior), outermost first:
//
//	[latency → error → rate limit →] authenticate → negotiate → validate → handler given for the operation | resource | example | sampled value
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
// Limits: a request body over 10 MiB is refused with 413; callbacks, webhooks and mutual TLS handshakes are not produced.
package mock
