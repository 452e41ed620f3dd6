package gen

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strings"

	"troth/openapi"
)

// registration is where the server names an operation's method and its ID.
var registration = regexp.MustCompile(`wrapper\.(\w+), options\.OperationMiddlewares\[("[^"]*")\]`)

// withUnwritten adds the type that answers each operation with 501, for the server to embed: an operation that the document
// gains compiles before it is written.
func withUnwritten(doc *openapi.Document, pkg string, files []File) ([]File, error) {
	for _, f := range files {
		if f.Name != serverFile {
			continue
		}
		code, err := unwrittenCode(pkg, f)
		if err != nil {
			return nil, err
		}
		data, err := polish(unwrittenFile, doc, pkg, code)
		if err != nil {
			return nil, err
		}
		return append(files, File{unwrittenFile, data}), nil
	}
	return files, nil
}

func unwrittenCode(pkg string, server File) (string, error) {
	tree, err := parser.ParseFile(token.NewFileSet(), server.Name, server.Data, parser.SkipObjectResolution)
	if err != nil {
		return "", fmt.Errorf("the code does not parse: %w", err)
	}
	ids := map[string]string{}
	for _, m := range registration.FindAllStringSubmatch(string(server.Data), -1) {
		ids[m[1]] = m[2]
	}
	var b strings.Builder
	fmt.Fprintf(&b, `
package %s

import (
	"context"
	"net/http"
)

// Unwritten answers every operation with 501, in the error shape that the document declares. A server embeds it and has a
// method of its own for each operation that is written.
type Unwritten struct{}

var _ StrictServerInterface = Unwritten{}

func unwritten(operation string) error {
	return &Refusal{Status: http.StatusNotImplemented, Detail: "The operation " + operation + " is not written yet."}
}
`, pkg)
	for name, f := range strictMethods(tree) {
		fmt.Fprintf(&b, "\n// %s answers 501.\nfunc (Unwritten) %[1]s(context.Context, %s) (%s, error) {\n\treturn nil, unwritten(%s)\n}\n",
			name, typeName(f.Params.List[1].Type), typeName(f.Results.List[0].Type), ids[name])
	}
	return b.String(), nil
}

// strictMethods yields the methods of the strict server's interface.
func strictMethods(tree *ast.File) func(yield func(string, *ast.FuncType) bool) {
	return func(yield func(string, *ast.FuncType) bool) {
		for _, d := range tree.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, s := range g.Specs {
				t, ok := s.(*ast.TypeSpec)
				if !ok || t.Name.Name != "StrictServerInterface" {
					continue
				}
				for _, m := range t.Type.(*ast.InterfaceType).Methods.List {
					if f, ok := m.Type.(*ast.FuncType); ok && len(m.Names) == 1 && !yield(m.Names[0].Name, f) {
						return
					}
				}
			}
		}
	}
}
