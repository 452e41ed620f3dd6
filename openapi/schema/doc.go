// Package schema compiles the schemas of a document, OpenAPI 3.0's dialect and JSON Schema 2020-12, into one internal
// form and validates values against it.
//
// A value is plain JSON: nil, bool, string, json.Number (int, int64, float64 are accepted too), []any and
// map[string]any. Formats are asserted. A compiled schema is immutable and safe for concurrent use; schemas may be
// recursive. What cannot be checked (a pattern that no engine here can run, an unknown format is only an annotation) is
// reported by Compiler.Unchecked, never skipped in silence.
package schema
