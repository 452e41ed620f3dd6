// Package scaffold makes a new project from an OpenAPI document: the document and its conventions, generated code, a server that
// answers 501 until it is written, a typed mock, a contract test, a program, a Makefile and a CI workflow. The project belongs to
// whoever made it; only what troth gen writes is ever written again.
package scaffold

import (
	"bytes"
	"embed"
	"fmt"
	"go/format"
	"net/url"
	"path"
	"strings"
	"text/template"

	"troth/gen"
	"troth/openapi"
	"troth/openapi/convention"
)

// Project is what a project is made from.
type Project struct {
	Document    *openapi.Document
	Conventions *convention.Conventions
	Module      string                    // path of the new module
	Command     string                    // name of the program
	Troth       string                    // directory of troth's own module, which the new one requires
	Selection   gen.Selection             // the operations that code is generated for
	LeftOut     func(problem gen.Problem) // told of operations that no code can be written for; nil: they are an error
}

// templates are the files of a project that depend on it, by their place.
//
//go:embed project
var templates embed.FS

var places = []struct{ template, place string }{
	{"Makefile", "Makefile"},
	{"README.md", "README.md"},
	{"gitignore", ".gitignore"},
	{"ci.yml", ".github/workflows/ci.yml"},
	{"troth.gen.yaml", "openapi/troth.gen.yaml"},
	{"server.go", "server/server.go"},
	{"api.go", "server/api.go"},
	{"server_test.go", "server/server_test.go"},
	{"mock.go", "mock/mock.go"},
	{"mock_test.go", "mock/mock_test.go"},
	{"contract_test.go", "contract/contract_test.go"},
	{"main.go", "cmd/{{.Command}}/main.go"},
}

// generatedDir is where generated code stands in the project.
const generatedDir = "gen/api"

// Files returns the project's files, by their paths with slashes below its directory.
func (p *Project) Files() ([]gen.File, error) {
	text := conventionsText(p.Document, p.Conventions)
	conv, err := convention.Parse(p.Document, convention.FileName, text) // as make generate will read them
	if err != nil {
		return nil, fmt.Errorf("init: %w", err)
	}
	made := *p
	made.Conventions = conv
	return made.files(text)
}

func (p *Project) files(conventions []byte) ([]gen.File, error) {
	opts, err := p.options()
	if err != nil {
		return nil, err
	}
	code, err := gen.Files(p.Document, "api", opts...)
	if err != nil {
		return nil, err
	}
	data, err := p.facts(code)
	if err != nil {
		return nil, err
	}
	var files []gen.File
	for _, f := range code {
		files = append(files, gen.File{Name: path.Join(generatedDir, f.Name), Data: f.Data})
	}
	documents, err := p.closure()
	if err != nil {
		return nil, err
	}
	files = append(append(files, documents...), gen.File{Name: "openapi/" + convention.FileName, Data: conventions})
	module, err := p.module()
	if err != nil {
		return nil, err
	}
	files = append(files, module...)
	for _, at := range places {
		f, err := render(at.template, at.place, data)
		if err != nil {
			return nil, fmt.Errorf("init: %s: %w", at.place, err)
		}
		files = append(files, f)
	}
	return files, nil
}

func (p *Project) options() ([]gen.Option, error) {
	opts := []gen.Option{gen.WithConventions(p.Conventions), gen.WithSplit(path.Join(p.Module, generatedDir))}
	if p.LeftOut != nil {
		opts = append(opts, gen.WithLeftOut(p.LeftOut))
	}
	if p.Selection.All() {
		return opts, nil
	}
	ids, err := p.Selection.Operations(p.Document)
	return append(opts, gen.WithOperations(ids...)), err
}

// render fills in a template, and the name of its file.
func render(name, place string, data *facts) (gen.File, error) {
	functions := template.FuncMap{"quote": quote, "yaml": inYAML}
	t, err := template.New(name+".tmpl").Funcs(functions).ParseFS(templates, "project/"+name+".tmpl")
	if err != nil {
		return gen.File{}, err
	}
	var text bytes.Buffer
	if err := t.Execute(&text, data); err != nil {
		return gen.File{}, err
	}
	out := text.Bytes()
	if path.Ext(place) == ".go" {
		if out, err = format.Source(out); err != nil {
			return gen.File{}, err
		}
	}
	return gen.File{Name: strings.ReplaceAll(place, "{{.Command}}", data.Command), Data: out}, nil
}

// basePath is the path of the document's first server, "" for the root.
func basePath(doc *openapi.Document) string {
	u, err := url.Parse(doc.Servers[0])
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(u.Path, "/")
}
