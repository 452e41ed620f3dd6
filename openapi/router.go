package openapi

// Match is where a request's path leads.
type Match struct {
	Operation *Operation  // nil where no operation has this path and method
	Values    []PathValue // values of the template's parameters, percent-decoded, in template order
	Allow     []string    // methods that the path has, sorted, whatever the method asked for; empty: 404
}

// PathValue is one value of a path template.
type PathValue struct{ Name, Value string }

// Get returns the value of that name, "" where there is none.
func (m *Match) Get(name string) string { panic("stub") }

// Match finds the operation for a method and an escaped path (url.URL.EscapedPath), without any server prefix. Literal segments win over
// templated ones; "%2F" never splits a segment. It allocates nothing but Values. HEAD matches GET where no HEAD is declared (Operation is then the GET).
func (d *Document) Match(method, escapedPath string) Match { panic("stub") }
