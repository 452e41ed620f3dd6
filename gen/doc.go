// Package gen writes Go code from an OpenAPI document: types, strict server stubs for echo v4, a client, a typed mock for tests, and
// the document itself. oapi-codegen does the writing, as a library; this package loads the document's model for it, chooses its options,
// says which constructs it cannot express before it stumbles over them, and keeps the files deterministic.
//
// The code written depends on echo v4 and on oapi-codegen's runtime. Only the typed mock (mock.gen.go) needs troth, too; WithoutMock
// leaves it out.
//
// Limits: what oapi-codegen cannot express is refused with the place and the way out (Unsupported). Constraints of a schema
// (pattern, minimum, maxLength) are no part of a Go type: the code written does not check them. References to other hosts
// are never followed.
package gen
