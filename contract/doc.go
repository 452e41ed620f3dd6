// Package contract judges any implementation of an OpenAPI document over HTTP.
//
// A Check is one promise as a value; package checks lists them. Run makes a case of each check and each operation that it
// applies to, sends requests, and reports verdicts: pass, fail with findings, skip with the reason, error where a case could
// not be judged. A finding says that a promise is broken; an error says that nobody knows. The two stay apart up to the exit code.
//
// In a Go test, Test makes each case a subtest:
//
//	contract.Test(t, doc, target, checks.All())
//
// where target is NewTarget(url, …) for a server, or InProcess(handler, …) for an http.Handler.
//
// The same request is sent once in a run, however many checks look at it. Only GET, HEAD, OPTIONS and TRACE are sent unless the
// target allows writing. Secrets are never printed.
//
// Limits: bodies over 16 MiB are not read to their end; mutual TLS is up to the client that the target is given.
package contract
