package gen

import (
	"bytes"
	"errors"
	"fmt"
	"go/format"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/oapi-codegen/oapi-codegen/v2/pkg/codegen"

	"troth/openapi"
)

// File is one file of code.
type File struct {
	Name string // its path below the directory of the code, with slashes
	Data []byte // formatted as gofmt does
}

// Write writes the code for the document into the directory dir, as package pkg, and returns the names of all its files.
// A file is written only where its content changed, so that a build that looks at times does not start over; the file of
// a part that is left out is removed. An error of type *Unsupported lists what the document holds that code cannot be
// written for; nothing is written then (WithLeftOut: the rest is written).
func Write(doc *openapi.Document, dir, pkg string, opts ...Option) ([]string, error) {
	files, err := Files(doc, pkg, opts...)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, f := range files {
		if err := writeChanged(filepath.Join(dir, filepath.FromSlash(f.Name)), f.Data); err != nil {
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
	found, err := unsupported(doc, s)
	if err != nil {
		return nil, err
	}
	if s.leftOut == nil {
		if found != nil {
			return nil, &Unsupported{Problems: found}
		}
		return build(doc, pkg, s)
	}
	return narrow(doc, pkg, s, found)
}

// build makes all files, of the operations that the settings name.
func build(doc *openapi.Document, pkg string, s settings) ([]File, error) {
	var files []File
	s.defined = new([]codegen.OperationDefinition)
	for _, p := range parts(doc, s) {
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
	if err := mend(files, s.split != ""); err != nil {
		return nil, fmt.Errorf("generate from %s: %w", doc.Name, err)
	}
	files, err := withUnwritten(doc, pkg, files)
	if err != nil {
		return nil, fmt.Errorf("generate %s from %s: %w", unwrittenFile, doc.Name, err)
	}
	if files, err = withMock(doc, pkg, s, files); err != nil {
		return nil, err
	}
	if err := declaredOnce(files); err != nil {
		return nil, fmt.Errorf("generate from %s: %w", doc.Name, err)
	}
	if s.split != "" {
		if files, err = split(files, pkg, s.split); err != nil {
			return nil, fmt.Errorf("generate from %s: %w", doc.Name, err)
		}
	}
	if err := compiles(s.split, files); err != nil {
		return nil, fmt.Errorf("generate from %s: %w", doc.Name, err)
	}
	return files, nil
}

// mend wraps the bodies of the server's responses; the types have to be known for that.
func mend(files []File, apart bool) error {
	server := slices.IndexFunc(files, func(f File) bool { return f.Name == serverFile })
	if server < 0 {
		return nil
	}
	data, err := wrapBodies(files[server].Data, files[0].Data, apart)
	if err != nil {
		return err
	}
	files[server].Data, err = format.Source(data)
	return err
}

// part is one file and what makes its code.
type part struct {
	name string
	make func(doc *openapi.Document, pkg string, s settings) (string, error)
}

// The files that Write may write.
const (
	typesFile     = "types.gen.go"
	serverFile    = "server.gen.go"
	binderFile    = "binder.gen.go"
	routesFile    = "routes.gen.go"
	refusalFile   = "refusal.gen.go"
	unwrittenFile = "unwritten.gen.go"
	clientFile    = "client.gen.go"
	specFile      = "spec.gen.go"
	mockFile      = "mock.gen.go"
)

// parts lists the files that are wanted, in the order written.
func parts(doc *openapi.Document, s settings) []part {
	list := []part{{typesFile, typesCode}}
	if s.server {
		list = append(list, part{serverFile, serverCode}, part{binderFile, binderCode}, part{refusalFile, refusalCode})
		if needsRoutes(doc, s) {
			list = append(list, part{routesFile, routesCode})
		}
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
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o666)
}

// removeStale removes what an earlier run with other options left; it never touches a file that Write did not write.
func removeStale(dir string, names []string) error {
	for _, file := range []string{serverFile, binderFile, routesFile, refusalFile, unwrittenFile, clientFile, mockFile} {
		for _, name := range []string{file, home(file) + "/" + file} {
			path := filepath.Join(dir, filepath.FromSlash(name))
			if slices.Contains(names, name) || !generated(path) {
				continue
			}
			if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}

func generated(path string) bool {
	data, err := os.ReadFile(path)
	return err == nil && bytes.HasPrefix(data, []byte(headerStart))
}
