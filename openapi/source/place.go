package source

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// File is one file of a document.
type File struct {
	Name string // as errors show it: the path as given, or as resolved from the referring file
	Root *Node
	Data []byte // the text
	set  *Set
	uri  string
}

// Place is a node and the way there: what errors and findings name. The zero Place is absent.
type Place struct {
	File    *File
	Pointer string // RFC 6901, "" for the root
	Node    *Node
}

// Child is the member of that name; its Node is nil where there is none (Pointer still names it).
func (p Place) Child(name string) Place {
	return Place{p.File, p.Pointer + "/" + Escape(name), p.Node.Get(name)}
}

// Item is the i-th item.
func (p Place) Item(i int) Place {
	return Place{p.File, p.Pointer + "/" + strconv.Itoa(i), p.Node.Item(i)}
}

// Exists tells whether there is a node.
func (p Place) Exists() bool { return p.Node != nil }

// Line is the line of the node, or of the nearest enclosing node that exists.
func (p Place) Line() int {
	if p.Node != nil || p.File == nil {
		return p.Node.Line()
	}
	n := p.File.Root
	line := n.Line()
	for _, token := range Tokens(p.Pointer) {
		if n = step(n, token); n == nil {
			break
		}
		line = n.Line()
	}
	return line
}

// String is "file:line #/json/pointer".
func (p Place) String() string {
	if p.File == nil {
		return "nowhere"
	}
	return p.FileLine() + " #" + p.Pointer
}

// FileLine is "file:line".
func (p Place) FileLine() string {
	if p.File == nil {
		return ""
	}
	return p.File.Name + ":" + strconv.Itoa(p.Line())
}

// Errorf makes an *Error at p.
func (p Place) Errorf(format string, args ...any) error {
	wrapped := fmt.Errorf(format, args...)
	e := &Error{Line: p.Line(), Column: p.Node.Column(), Pointer: p.Pointer, Message: wrapped.Error(), Err: wrapped}
	if p.File != nil {
		e.File = p.File.Name
	}
	return e
}

// maxHops bounds a chain of references that lead to references.
const maxHops = 100

// Deref follows $ref from p to the value that it stands for; a place without $ref is returned as it is. Only an object
// whose "$ref" member is a string counts. Errors (*Error) name the reference: not found, a cycle of references only, a
// remote one.
func (p Place) Deref() (Place, error) {
	at := p
	for range maxHops {
		ref, ok := at.Node.Get("$ref").Str()
		if !ok {
			return at, nil
		}
		next, err := at.Lookup(ref)
		if err != nil {
			return Place{}, err
		}
		at = next
	}
	return Place{}, p.Errorf("$ref %q leads to references only", p.Node.Get("$ref").Text())
}

// Lookup resolves one reference (for example "#/components/schemas/Job" or "common.yaml#/Error") as seen from p's file,
// one step.
func (p Place) Lookup(ref string) (Place, error) {
	name, fragment, _ := strings.Cut(ref, "#")
	file := p.File
	if name != "" {
		other, err := p.File.set.beside(p.File, name)
		if err != nil {
			return Place{}, p.Child("$ref").Errorf("$ref %q: %w", ref, err)
		}
		file = other
	}
	pointer, err := url.PathUnescape(fragment)
	if err != nil || pointer != "" && pointer[0] != '/' {
		return Place{}, p.Child("$ref").Errorf("$ref %q: want a JSON pointer (\"#/…\") behind #", ref)
	}
	target := file.At(pointer)
	if !target.Exists() {
		return Place{}, p.Child("$ref").Errorf("$ref %q leads to nothing in %s", ref, file.Name)
	}
	return target, nil
}

// At is the place of a JSON pointer.
func (f *File) At(pointer string) Place {
	n := f.Root
	for _, token := range Tokens(pointer) {
		n = step(n, token)
	}
	return Place{f, pointer, n}
}

func step(n *Node, token string) *Node {
	if n.Kind() != Array {
		return n.Get(token)
	}
	i, err := strconv.Atoi(token)
	if err != nil || token != strconv.Itoa(i) {
		return nil
	}
	return n.Item(i)
}

// Error is a fault at a place of a document. Its text is "file:line #/pointer: message".
type Error struct {
	File    string
	Line    int
	Column  int
	Pointer string
	Message string
	Err     error // what it wraps, may be nil
}

func (e *Error) Error() string {
	at := e.File
	if e.Line > 0 {
		at += ":" + strconv.Itoa(e.Line)
	}
	if e.Pointer != "" {
		at += " #" + e.Pointer
	}
	return at + ": " + e.Message
}

// Unwrap returns the wrapped error.
func (e *Error) Unwrap() error { return e.Err }
