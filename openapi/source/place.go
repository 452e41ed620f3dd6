package source

// File is one file of a document.
type File struct {
	Name string // as errors show it: the path as given, or as resolved from the referring file
	Root *Node
	Size int // bytes
	set  *Set
}

// Place is a node and the way there: what errors and findings name. The zero Place is absent.
type Place struct {
	File    *File
	Pointer string // RFC 6901, "" for the root
	Node    *Node
}

// Child is the member of that name; its Node is nil where there is none (Pointer still names it).
func (p Place) Child(name string) Place { panic("stub") }

// Item is the i-th item.
func (p Place) Item(i int) Place { panic("stub") }

// Exists tells whether there is a node.
func (p Place) Exists() bool { return p.Node != nil }

// Line is the line of the node, or of the nearest enclosing node that exists.
func (p Place) Line() int { panic("stub") }

// String is "file:line #/json/pointer".
func (p Place) String() string { panic("stub") }

// FileLine is "file:line".
func (p Place) FileLine() string { panic("stub") }

// Errorf makes an *Error at p.
func (p Place) Errorf(format string, args ...any) error { panic("stub") }

// Deref follows $ref from p to the value that it stands for; a place without $ref is returned as it is. Only an object
// whose "$ref" member is a string counts. Errors (*Error) name the reference: not found, a cycle of references only, a remote one.
func (p Place) Deref() (Place, error) { panic("stub") }

// Lookup resolves one reference (for example "#/components/schemas/Job" or "common.yaml#/Error") as seen from p's file, one step.
func (p Place) Lookup(ref string) (Place, error) { panic("stub") }

// Error is a fault at a place of a document. Its text is "file:line #/pointer: message".
type Error struct {
	File    string
	Line    int
	Column  int
	Pointer string
	Message string
	Err     error // what it wraps, may be nil
}

func (e *Error) Error() string { panic("stub") }

// Unwrap returns the wrapped error.
func (e *Error) Unwrap() error { return e.Err }
