package gen

import "slices"

// Option changes what Write writes.
type Option func(*settings)

// settings is what the options say.
type settings struct {
	server, client bool
	operations     []string // operation IDs; nil: all
}

// WithoutServer leaves out the server stubs (and the binder that they need).
func WithoutServer() Option { return func(s *settings) { s.server = false } }

// WithoutClient leaves out the client.
func WithoutClient() Option { return func(s *settings) { s.client = false } }

// WithOperations restricts the code to the operations of those IDs and to the components that they reach: the server and
// client of a document of hundreds of operations take minutes and gigabytes to compile.
func WithOperations(ids ...string) Option {
	return func(s *settings) { s.operations = append(slices.Clip(s.operations), ids...) }
}

func settingsOf(opts []Option) settings {
	s := settings{server: true, client: true}
	for _, o := range opts {
		o(&s)
	}
	return s
}
