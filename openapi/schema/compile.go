package schema

import "troth/openapi/source"

// Dialect is the vocabulary that a document's schemas are written in.
type Dialect uint8

// The dialects.
const (
	OpenAPI30        Dialect = iota // OpenAPI 3.0's Schema Object
	JSONSchema202012                // OpenAPI 3.1 and later
)

// Compiler compiles schemas, each place once. Safe for concurrent use.
type Compiler struct {
	dialect Dialect
	stub    int
}

type compiled struct{}

// NewCompiler returns a compiler for one document.
func NewCompiler(d Dialect) *Compiler { panic("stub") }

// Compile compiles the schema at p and what it refers to. A malformed schema is a *source.Error that names the place,
// what was found and what was expected.
func (c *Compiler) Compile(p source.Place) (*Schema, error) { panic("stub") }

// Unchecked lists the constraints met so far that cannot be checked, sorted by place.
func (c *Compiler) Unchecked() []Unchecked { panic("stub") }

// Unchecked is a constraint that Validate cannot check.
type Unchecked struct {
	Place   source.Place
	Keyword string
	Reason  string
}
