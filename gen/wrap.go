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
// headers are; so does one that has to keep the methods of a type of another package. apart says that the types are one. And it
// embeds a component's body, which encoding/json writes as a member where it is no struct.
func wrapBodies(server, typesCode []byte, apart bool) ([]byte, error) {
	set := token.NewFileSet()
	tree, err := parser.ParseFile(set, serverFile, server, parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("the code does not parse: %w", err)
	}
	models, err := parser.ParseFile(token.NewFileSet(), typesFile, typesCode, parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("the code does not parse: %w", err)
	}
	w := wrapper{set: set, server: server, types: map[string]*ast.TypeSpec{}, marshals: map[string]bool{}, elsewhere: map[string]bool{}}
	w.collect(models)
	if apart {
		for name := range w.types {
			w.elsewhere[name] = true
		}
	}
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

	marshals  map[string]bool // types that write themselves
	elsewhere map[string]bool // types of another package
}

// edit is a replacement of a part of the server's code.
type edit struct {
	from, to int
	text     string
}

func (w *wrapper) collect(tree *ast.File) {
	for _, d := range tree.Decls {
		switch d := d.(type) {
		case *ast.GenDecl:
			for _, s := range d.Specs {
				if t, ok := s.(*ast.TypeSpec); ok {
					w.types[t.Name.Name] = t
				}
			}
		case *ast.FuncDecl:
			if d.Recv != nil && d.Name.Name == "MarshalJSON" {
				if of, ok := d.Recv.List[0].Type.(*ast.Ident); ok {
					w.marshals[of.Name] = true
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
	named := !spec.Assign.IsValid()
	if !named {
		of := w.defined(spec.Type)
		if named = of != "" && !w.elsewhere[of]; w.elsewhere[of] && w.marshals[of] {
			w.body(f, spec, name)
			return
		}
	}
	switch t := w.resolve(spec.Type).(type) {
	case *ast.InterfaceType:
		w.body(f, spec, name)
		return
	case *ast.SelectorExpr: // a type of another package, whose methods write it
		if !spec.Assign.IsValid() || !named {
			w.body(f, spec, name)
			return
		}
	case *ast.StructType:
		w.embedding(f, t, name)
	}
	if !named {
		w.edits = append(w.edits, edit{w.offset(spec.Assign), w.offset(spec.Assign) + 1, ""})
	}
}

// embedding makes a response that embeds a component's body write that.
func (w *wrapper) embedding(f *ast.FuncDecl, t *ast.StructType, receiver string) {
	if len(t.Fields.List) != 1 || t.Fields.List[0].Names != nil {
		return
	}
	embedded, ok := t.Fields.List[0].Type.(*ast.Ident)
	if !ok || w.types[embedded.Name] == nil {
		return
	}
	if _, isStruct := w.resolve(embedded).(*ast.StructType); !isStruct {
		w.written(f, receiver, embedded.Name)
	}
}

// body makes a response a struct that holds what it was.
func (w *wrapper) body(f *ast.FuncDecl, spec *ast.TypeSpec, receiver string) {
	w.edits = append(w.edits, edit{w.offset(spec.Name.End()), w.offset(spec.Type.Pos()), " struct {\n\tBody "}, edit{w.offset(spec.Type.End()), w.offset(spec.Type.End()), "\n}"})
	w.written(f, receiver, "Body")
}

// defined is the type that a name stands for, through aliases; "" for one that the generated code does not define.
func (w *wrapper) defined(e ast.Expr) string {
	for range 100 { // an alias of itself does not compile
		ident, ok := e.(*ast.Ident)
		if !ok || w.types[ident.Name] == nil {
			return ""
		}
		if spec := w.types[ident.Name]; !spec.Assign.IsValid() {
			return ident.Name
		}
		e = w.types[ident.Name].Type
	}
	return ""
}

// written makes a method write a member of its receiver where it wrote the receiver.
func (w *wrapper) written(f *ast.FuncDecl, receiver, member string) {
	ast.Inspect(f.Body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		for _, a := range call.Args {
			at := a
			if inner, ok := a.(*ast.SelectorExpr); ok && inner.Sel.Name == "union" { // what the type itself would write
				at = inner.X
			}
			if ident, ok := at.(*ast.Ident); ok && ident.Name == receiver {
				w.edits = append(w.edits, edit{w.offset(ident.End()), w.offset(a.End()), "." + member})
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
