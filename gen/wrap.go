package gen

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
)

// wrapBodies mends the strict server's responses whose bodies are no structs. oapi-codegen declares a response of a body of
// any JSON type as an interface, which can have no methods: it becomes a struct with the member Body, as responses with
// headers are. And it embeds a component's body, which encoding/json writes as a member where it is no struct.
func wrapBodies(server, typesCode []byte) ([]byte, error) {
	set := token.NewFileSet()
	tree, err := parser.ParseFile(set, serverFile, server, parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("the code does not parse: %w", err)
	}
	models, err := parser.ParseFile(token.NewFileSet(), typesFile, typesCode, parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("the code does not parse: %w", err)
	}
	w := wrapper{set: set, server: server, types: map[string]*ast.TypeSpec{}}
	w.collect(models)
	w.collect(tree)
	for _, d := range tree.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil && len(f.Recv.List) == 1 {
			if receiver, ok := f.Recv.List[0].Type.(*ast.Ident); ok {
				w.method(f, receiver.Name)
			}
		}
	}
	return w.apply(), nil
}

type wrapper struct {
	set    *token.FileSet
	server []byte
	types  map[string]*ast.TypeSpec
	edits  []edit
}

// edit is a replacement of a part of the server's code.
type edit struct {
	from, to int
	text     string
}

func (w *wrapper) collect(tree *ast.File) {
	for _, d := range tree.Decls {
		if g, ok := d.(*ast.GenDecl); ok {
			for _, s := range g.Specs {
				if t, ok := s.(*ast.TypeSpec); ok {
					w.types[t.Name.Name] = t
				}
			}
		}
	}
}

// method mends the method that writes a response, and the response's type.
func (w *wrapper) method(f *ast.FuncDecl, receiver string) {
	spec := w.types[receiver]
	if spec == nil || len(f.Recv.List[0].Names) != 1 {
		return
	}
	name := f.Recv.List[0].Names[0].Name
	switch t := w.resolve(spec.Type).(type) {
	case *ast.InterfaceType:
		body := w.text(spec.Type)
		w.edits = append(w.edits, edit{w.offset(spec.Name.End()), w.offset(spec.Type.End()), " struct {\n\tBody " + body + "\n}"})
		w.written(f, name, "Body")
	case *ast.StructType:
		if len(t.Fields.List) != 1 || t.Fields.List[0].Names != nil {
			return
		}
		embedded, ok := t.Fields.List[0].Type.(*ast.Ident)
		if !ok || w.types[embedded.Name] == nil {
			return
		}
		if _, isStruct := w.resolve(embedded).(*ast.StructType); !isStruct {
			w.written(f, name, embedded.Name)
		}
	}
}

// written makes a method write a member of its receiver where it wrote the receiver.
func (w *wrapper) written(f *ast.FuncDecl, receiver, member string) {
	ast.Inspect(f.Body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		for _, a := range call.Args {
			if ident, ok := a.(*ast.Ident); ok && ident.Name == receiver {
				w.edits = append(w.edits, edit{w.offset(ident.End()), w.offset(ident.End()), "." + member})
			}
		}
		return true
	})
}

// resolve follows names to a type that is written out.
func (w *wrapper) resolve(e ast.Expr) ast.Expr {
	for range 100 { // a type of itself does not compile
		ident, ok := e.(*ast.Ident)
		if !ok {
			break
		}
		if ident.Name == "any" {
			return &ast.InterfaceType{}
		}
		spec := w.types[ident.Name]
		if spec == nil {
			break
		}
		e = spec.Type
	}
	return e
}

func (w *wrapper) offset(p token.Pos) int { return w.set.Position(p).Offset }

func (w *wrapper) text(e ast.Expr) string {
	return string(w.server[w.offset(e.Pos()):w.offset(e.End())])
}

func (w *wrapper) apply() []byte {
	slices.SortStableFunc(w.edits, func(a, b edit) int { return cmp.Compare(a.from, b.from) })
	var out bytes.Buffer
	at := 0
	for _, e := range w.edits {
		out.Write(w.server[at:e.from])
		out.WriteString(e.text)
		at = e.to
	}
	out.Write(w.server[at:])
	return out.Bytes()
}
