package source

// Set is a document's files: the first one and those its references reach, read once each, when first needed.
// Safe for concurrent use.
type Set struct {
	stub int
}

// Open reads the file at path; relative references resolve beside it.
func Open(path string) (*Set, error) { panic("stub") }

// Read takes the text of a document that has no path; name is what errors show. A reference to another file is an error.
func Read(name string, data []byte) (*Set, error) { panic("stub") }

// Root is the first file's root.
func (s *Set) Root() Place { panic("stub") }

// Files lists the files read so far, the first one first, the others by name.
func (s *Set) Files() []*File { panic("stub") }

// Parse reads one YAML or JSON text (told apart by its first byte after white space: '{' or '[' is tried as JSON first).
// Errors (*Error) name line and column. YAML anchors, aliases and merge keys are resolved; duplicate keys, more than one
// YAML document, a cycle of aliases and numbers that JSON cannot write (.nan, .inf) are errors.
func Parse(name string, data []byte) (*Node, error) { panic("stub") }

// DecodeJSON reads one strict JSON text into plain form (nil, bool, json.Number, string, []any, map[string]any):
// UTF-8 only, no duplicate names, nothing behind the value, nesting of at most 1000. Errors tell the byte offset and JSON pointer.
func DecodeJSON(data []byte) (any, error) { panic("stub") }
