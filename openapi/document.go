// Package openapi loads an OpenAPI 3.0 or 3.1 document into a compiled form: operations, a router, parameters, media
// types, schemas, security requirements.
//
// A document is loaded once, immutable afterwards and safe for concurrent use. Loading reads and indexes; each operation
// is compiled when first asked for (Operation.Compile), so that a document of megabytes answers at once. The compiled form is
// troth's own, built straight from the text with its positions; kin-openapi's model is used for linting only (Lint).
package openapi

import (
	"io"

	"troth/openapi/schema"
	"troth/openapi/source"
)

// Document is a loaded document.
type Document struct {
	Title, Version string       // info.title, info.version
	OpenAPI        string       // "3.0.3", "3.1.0"
	SHA256         string       // hex, of the first file's bytes
	Name           string       // path or name of the first file
	Servers        []string     // server URLs with variables replaced by their defaults; at least one ("/")
	Operations     []*Operation // document order: paths, then methods as written
	Root           source.Place
	stub           int
}

// Option changes how a document is loaded.
type Option func(*options)

type options struct{}

// Load reads the document at path, YAML or JSON; relative file references resolve beside it.
func Load(path string, opts ...Option) (*Document, error) { panic("stub") }

// Parse reads a document from memory; name is what errors show. References to other files are errors.
func Parse(name string, data []byte, opts ...Option) (*Document, error) { panic("stub") }

// Read reads a document from r, as Parse does.
func Read(name string, r io.Reader, opts ...Option) (*Document, error) { panic("stub") }

// Operation returns the operation of that ID, nil where there is none.
func (d *Document) Operation(id string) *Operation { panic("stub") }

// SecuritySchemes lists components.securitySchemes in document order.
func (d *Document) SecuritySchemes() ([]*SecurityScheme, error) { panic("stub") }

// Compiler is the schema compiler of this document (to compile a schema at a place, or to ask what is unchecked).
func (d *Document) Compiler() *schema.Compiler { panic("stub") }

// CompileAll compiles every operation and returns every error, and every constraint that cannot be checked.
func (d *Document) CompileAll() (errs []error, unchecked []schema.Unchecked) { panic("stub") }

// Lint returns kin-openapi's findings about the document: warnings, never a gate, unless the user says --strict.
func (d *Document) Lint() []error { panic("stub") }
