package schema

import "troth/openapi/source"

// Direction tells which way a value travels: readOnly members are not required in a request, writeOnly members are not
// required in, and are a violation of, a response (OpenAPI 3.0.4 §4.7.24.2, 3.1 §4.8.24.2 and validation §9.4).
type Direction uint8

// The directions of a value.
const (
	Either Direction = iota
	Request
	Response
)

// Violation is one broken constraint.
type Violation struct {
	Pointer string       // where in the value, RFC 6901, "" for the whole
	Keyword string       // the JSON Schema keyword that is broken, for example "maximum"; "writeOnly" for a leaked member; "false" for the false schema
	Want    string       // what the schema demands, short: "at most 500", "one of automated, download, pointInTime"
	Got     string       // what was found, shortened: "501", "\"abc\"", "absent"
	Schema  source.Place // where the keyword is written
}

// String is "/pointer: keyword: want …, got …".
func (v Violation) String() string { panic("stub") }

// Validate returns every broken constraint of v, in document order of the instance, nil where v is valid. At most 100 are listed.
func (s *Schema) Validate(v any, dir Direction) []Violation { panic("stub") }

// Valid tells whether v breaks nothing; it stops at the first violation and does not allocate for usual schemas.
func (s *Schema) Valid(v any, dir Direction) bool { panic("stub") }
