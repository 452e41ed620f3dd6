package gen

import (
	"slices"

	"github.com/oapi-codegen/oapi-codegen/v2/pkg/codegen"

	"troth/openapi/convention"
)

// Option changes what Write writes.
type Option func(*settings)

// settings is what the options say.
type settings struct {
	server, client, mock bool
	operations           []string // operation IDs; nil: all
	conventions          *convention.Conventions
	leftOut              func(Problem)
	defined              *[]codegen.OperationDefinition // what the server's run named; filled while building
	split                string                         // import path of the types' package; "": all is one package
}

// WithoutServer leaves out the server stubs (and the binder that they need).
func WithoutServer() Option { return func(s *settings) { s.server = false } }

// WithoutClient leaves out the client.
func WithoutClient() Option { return func(s *settings) { s.client = false } }

// WithoutMock leaves out the typed mock, which needs troth's own packages; so does WithoutServer, whose types it speaks.
func WithoutMock() Option { return func(s *settings) { s.mock = false } }

// WithConventions gives the conventions that the typed mock keeps; without it those of the troth.yaml beside the document, else the
// inferred ones.
func WithConventions(c *convention.Conventions) Option {
	return func(s *settings) { s.conventions = c }
}

// WithOperations restricts the code to the operations of those IDs and to the components that they reach: the server and
// client of a document of hundreds of operations take minutes and gigabytes to compile.
func WithOperations(ids ...string) Option {
	return func(s *settings) { s.operations = append(slices.Clip(s.operations), ids...) }
}

// WithLeftOut leaves out the operations that code cannot be written for, and writes the rest: report is told why, once for
// each construct. Without it they are an error.
func WithLeftOut(report func(Problem)) Option { return func(s *settings) { s.leftOut = report } }

// WithSplit writes server, client and mock into packages of those names below the directory, whose own package, at importPath, holds
// the types and the document: a program compiles only what it uses.
func WithSplit(importPath string) Option { return func(s *settings) { s.split = importPath } }

func settingsOf(opts []Option) settings {
	s := settings{server: true, client: true, mock: true}
	for _, o := range opts {
		o(&s)
	}
	return s
}

// conventionsText is the text of the troth.yaml that the conventions were read from, nil where there is none.
func (s *settings) conventionsText() []byte {
	if f := s.conventions.Source.File; f != nil {
		return f.Data
	}
	return nil
}
