package source

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// Set is a document's files: the first one and those its references reach, read once each, when first needed.
// Safe for concurrent use.
type Set struct {
	first *File
	path  string // of the first file, "" where it has none
	mu    sync.Mutex
	files map[string]*File // by cleaned path
}

// Open reads the file at path; relative references resolve beside it.
func Open(path string) (*Set, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	s := &Set{path: filepath.Clean(path), files: map[string]*File{}}
	return s.start(path, data)
}

// Read takes the text of a document that has no path; name is what errors show. A reference to another file is an error.
func Read(name string, data []byte) (*Set, error) {
	s := &Set{files: map[string]*File{}}
	return s.start(name, data)
}

func (s *Set) start(name string, data []byte) (*Set, error) {
	root, err := Parse(name, data)
	if err != nil {
		return nil, err
	}
	s.first = &File{Name: name, Root: root, Data: data, set: s, uri: uriOf(s.path, name)}
	s.files[s.path] = s.first
	return s, nil
}

// With is the same set with another text of the first file. References still resolve beside it.
func (s *Set) With(data []byte) (*Set, error) {
	other := &Set{path: s.path, files: map[string]*File{}}
	if _, err := other.start(s.first.Name, data); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for key, f := range s.files {
		if f != s.first {
			f.set = other
			other.files[key] = f
		}
	}
	return other, nil
}

// Root is the first file's root.
func (s *Set) Root() Place { return Place{File: s.first, Node: s.first.Root} }

// Files lists the files read so far, the first one first, the others by name.
func (s *Set) Files() []*File {
	s.mu.Lock()
	defer s.mu.Unlock()
	files := slices.SortedFunc(maps.Values(s.files), func(a, b *File) int { return strings.Compare(a.Name, b.Name) })
	files = slices.DeleteFunc(files, func(f *File) bool { return f == s.first })
	return append([]*File{s.first}, files...)
}

// beside returns the file that a reference from another file names.
func (s *Set) beside(from *File, name string) (*File, error) {
	if strings.Contains(name, "://") {
		if f := from.Added(name); f != nil {
			return f, nil
		}
		return nil, errors.New("remote references are not fetched: keep a copy and name it with --resource URI=FILE, or refer to the copy")
	}
	if s.path == "" {
		return nil, errors.New("the document was read without a path, so it cannot refer to other files: load it by its path")
	}
	path := filepath.Clean(filepath.Join(filepath.Dir(from.Name), filepath.FromSlash(name)))
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.files[path]; f != nil {
		return f, nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	root, err := Parse(path, data)
	if err != nil {
		return nil, err
	}
	f := &File{Name: path, Root: root, Data: data, set: s, uri: uriOf(path, path)}
	s.files[path] = f
	return f, nil
}

// Add gives the text that references to an absolute URI mean: they are never fetched.
func (s *Set) Add(uri, name string, data []byte) error {
	root, err := Parse(name, data)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files[uri] = &File{Name: name, Root: root, Data: data, set: s, uri: uri}
	return nil
}

// Added is the file that was given for an absolute URI, nil where none was.
func (f *File) Added(uri string) *File {
	f.set.mu.Lock()
	defer f.set.mu.Unlock()
	return f.set.files[uri]
}

// URI is what references from the file are relative to.
func (f *File) URI() string { return f.uri }

// uriOf is the URI of a path, or one that nothing else has of a text without a path.
func uriOf(path, name string) string {
	if absolute, err := filepath.Abs(path); path != "" && err == nil {
		return (&url.URL{Scheme: "file", Path: filepath.ToSlash(absolute)}).String()
	}
	return (&url.URL{Scheme: "memory", Path: "/" + name}).String()
}

// Parse reads one YAML or JSON text (told apart by its first byte behind white space: '{' or '[' is tried as JSON first).
// Errors (*Error) name line and column. YAML anchors, aliases and merge keys are resolved; duplicate keys, more than one
// YAML document, a cycle of aliases and numbers that JSON cannot write (.nan, .inf) are errors.
func Parse(name string, data []byte) (*Node, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	trimmed := bytes.TrimLeft(data, " \t\r\n")
	if len(trimmed) == 0 {
		return nil, &Error{File: name, Line: 1, Message: "the text is empty: want a YAML or JSON document"}
	}
	if trimmed[0] != '{' && trimmed[0] != '[' {
		return parseYAML(name, data)
	}
	root, jsonErr := parseJSON(name, data)
	if jsonErr == nil {
		return root, nil
	}
	if root, err := parseYAML(name, data); err == nil { // YAML's flow style begins alike
		return root, nil
	}
	return nil, jsonErr
}

// fault makes an *Error of a reader's error.
func fault(name string, line, column int, format string, args ...any) error {
	return &Error{File: name, Line: line, Column: column, Message: fmt.Sprintf(format, args...)}
}
