package gen

import (
	_ "embed" // the template
	"fmt"
	"go/ast"
	"path/filepath"
	"slices"
	"strings"
	"text/template"

	"troth/openapi"
	"troth/openapi/convention"
)

//go:embed mock.tmpl
var mockTemplate string

// mockData is what the template of mock.gen.go shows.
type mockData struct {
	Package, Subject string
	Imports          []string // import specs that parameter and item types need
	Name             string   // of the mock's type
	File             string   // base name of the document
	Conventions      string
	Binder, Client   bool
	Operations       []mockOperation
	Routes           []mockOperation // Operations, and those that are aliases of one
}

// mockOperation is one operation in the names of the generated code.
type mockOperation struct {
	ID, Go, Title     string // Title is the operation's method and path
	Handler           string // of the server's wrapper
	Request, Response string
	Parents           []field // what the path of its list names; set where Item is
	Item              string  // type of the items that it lists, "" where it lists none, or they have no type
}

// field is a parameter.
type field struct{ Name, Type string }

// withMock adds the typed mock to the generated files, in whose types it speaks. It needs those of the server.
func withMock(doc *openapi.Document, pkg string, s settings, files []File) ([]File, error) {
	if !s.mock || !s.server {
		return files, nil
	}
	code, err := mockCode(doc, pkg, s, files)
	if err == nil {
		var data []byte
		if data, err = polish(mockFile, doc, pkg, code); err == nil {
			return append(files, File{mockFile, data}), nil
		}
	}
	return nil, fmt.Errorf("generate %s from %s: %w", mockFile, doc.Name, err)
}

func mockCode(doc *openapi.Document, pkg string, s settings, files []File) (string, error) {
	if s.conventions == nil {
		var err error
		if s.conventions, err = convention.Beside(doc); err != nil {
			return "", err
		}
	}
	written, err := readDeclarations(files)
	if err != nil {
		return "", err
	}
	defined, err := definitions(doc, pkg, s)
	if err != nil {
		return "", err
	}
	d := mockData{
		Package: pkg, Subject: subject(doc), Name: written.free("Mock", "MockServer", "TypedMock", "TrothMock"), File: filepath.Base(doc.Name),
		Conventions: string(s.conventionsText()), Binder: written.has("Binder"), Client: s.client && written.has("NewClientWithResponses"),
	}
	if d.Name == "" {
		return "", fmt.Errorf("no name is left for the mock's type: give one of the schemas Mock, MockServer, TypedMock, TrothMock x-go-name")
	}
	m := &mockMaker{doc: doc, conv: s.conventions, written: written, defined: defined, imports: map[string]bool{}}
	for _, def := range defined {
		if o, ok := m.operation(def); ok {
			d.Routes = append(d.Routes, o)
			if !def.IsAlias {
				d.Operations = append(d.Operations, o)
			}
		}
	}
	d.Imports = m.specs()
	var b strings.Builder
	b.WriteString("\n")
	t, err := template.New(mockFile).Funcs(template.FuncMap{"quote": quoted, "lines": lines}).Parse(mockTemplate)
	if err != nil {
		return "", err
	}
	if err := t.Execute(&b, d); err != nil {
		return "", err
	}
	return b.String(), nil
}

// declarations are the package-level names of the generated files.
type declarations struct {
	names   map[string]bool
	types   map[string]ast.Expr
	methods map[string]map[string]*ast.FuncType // of interfaces
	imports map[string]string                   // import spec by the name that the code uses
}

func (d *declarations) has(name string) bool { return d.names[name] }

// free is the first of the names that can be a type with a constructor, "" where there is none.
func (d *declarations) free(names ...string) string {
	i := slices.IndexFunc(names, func(name string) bool { return !d.names[name] && !d.names["New"+name] })
	if i < 0 {
		return ""
	}
	return names[i]
}
