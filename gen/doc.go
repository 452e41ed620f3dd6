// Package gen writes Go code from an OpenAPI document: types, strict server stubs for echo v4, a client, a typed mock for tests, and
// the document itself. oapi-codegen does the writing, as a library; this package loads the document's model for it, brings the model
// into forms that it can write code for, routes the paths that echo's router cannot tell apart, type-checks what came out, and keeps
// the files deterministic. A Settings file says what is generated from which document.
//
// The code written depends on echo v4 and on oapi-codegen's runtime. Only the typed mock (mock.gen.go) needs troth, too; WithoutMock
// leaves it out.
//
// Limits: what no code can be written for is refused with the place, the operations and the way out (Unsupported), or left
// out (WithLeftOut). Constraints of a schema (pattern, minimum, maxLength) are no part of a Go type: the code written does
// not check them. References to other hosts are never followed.
package gen
