// Package source reads the text of a document, YAML or JSON, into a tree of nodes that remember where they were written,
// and follows $ref from one place to another, across files.
//
// It knows JSON values, JSON pointers (RFC 6901) and references; it does not know OpenAPI or JSON Schema. A tree is
// immutable after reading and safe for concurrent use. Remote references (http, https) are never fetched: they are
// errors that name the reference.
package source
