package gen

import (
	"bytes"
	"errors"
	"fmt"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"troth/openapi"
)

// File is one file of code.
type File struct {
	Name string // its base name
	Data []byte // formatted as gofmt does
}

// Write writes the code for the document into the directory dir, as package pkg, and returns the names of all its files.
// A file is written only where its content changed, so that a build that looks at times does not start over; the file of
// a part that is left out is removed. An error of type *Unsupported lists what the document holds that code cannot be
// written for; nothing is written then.
func Write(doc *openapi.Document, dir, pkg string, opts ...Option) ([]string, error) {
	files, err := Files(doc, pkg, opts...)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("generate into %s: %w", dir, err)
	}
	var names []string
	for _, f := range files {
		if err := writeChanged(filepath.Join(dir, f.Name), f.Data); err != nil {
			return nil, fmt.Errorf("generate into %s: %w", dir, err)
		}
		names = append(names, f.Name)
	}
	if err := removeStale(dir, names); err != nil {
		return nil, fmt.Errorf("generate into %s: %w", dir, err)
	}
	return names, nil
}

// Files returns what Write writes.
func Files(doc *openapi.Document, pkg string, opts ...Option) ([]File, error) {
	s := settingsOf(opts)
	if !token.IsIdentifier(pkg) || pkg == "_" {
		return nil, fmt.Errorf("generate: %q is no Go package name", pkg)
	}
	for _, id := range s.operations {
		if doc.Operation(id) == nil {
			return nil, fmt.Errorf("generate: %s has no operation %q", doc.Name, id)
		}
	}
	if err := unsupported(doc, s); err != nil {
		return nil, err
	}
	var files []File
	for _, p := range parts(s) {
		code, err := p.make(doc, pkg, s)
		if err != nil {
			return nil, fmt.Errorf("generate %s from %s: %w", p.name, doc.Name, err)
		}
		data, err := polish(p.name, doc, pkg, code)
		if err != nil {
			return nil, fmt.Errorf("generate %s from %s: %w", p.name, doc.Name, err)
		}
		files = append(files, File{p.name, data})
	}
	files, err := withMock(doc, pkg, s, files)
	if err != nil {
		return nil, err
	}
	if err := declaredOnce(files); err != nil {
		return nil, fmt.Errorf("generate from %s: %w", doc.Name, err)
	}
	return files, nil
}

// part is one file and what makes its code.
type part struct {
	name string
	make func(doc *openapi.Document, pkg string, s settings) (string, error)
}

// The files that Write may write.
const (
	typesFile  = "types.gen.go"
	serverFile = "server.gen.go"
	binderFile = "binder.gen.go"
	clientFile = "client.gen.go"
	specFile   = "spec.gen.go"
	mockFile   = "mock.gen.go"
)

// parts lists the files that are wanted, in the order written.
func parts(s settings) []part {
	list := []part{{typesFile, typesCode}}
	if s.server {
		list = append(list, part{serverFile, serverCode}, part{binderFile, binderCode})
	}
	if s.client {
		list = append(list, part{clientFile, clientCode})
	}
	return append(list, part{specFile, specCode})
}

func writeChanged(path string, data []byte) error {
	old, err := os.ReadFile(path)
	if err == nil && bytes.Equal(old, data) {
		return nil
	}
	return os.WriteFile(path, data, 0o666)
}

// removeStale removes what an earlier run with other options left; it never touches a file that Write did not write.
func removeStale(dir string, names []string) error {
	kept := strings.Join(names, " ")
	for _, name := range []string{serverFile, binderFile, clientFile, mockFile} {
		path := filepath.Join(dir, name)
		if strings.Contains(kept, name) || !generated(path) {
			continue
		}
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func generated(path string) bool {
	data, err := os.ReadFile(path)
	return err == nil && bytes.HasPrefix(data, []byte(headerStart))
}
