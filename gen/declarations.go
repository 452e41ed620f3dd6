package gen

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"troth/openapi/source"
)

// readDeclarations reads the generated files: what oapi-codegen called things is best read from what it wrote.
func readDeclarations(files []File) (*declarations, error) {
	d := &declarations{names: map[string]bool{}, types: map[string]ast.Expr{}, methods: map[string]map[string]*ast.FuncType{}, imports: map[string]string{}}
	for _, f := range files {
		tree, err := parser.ParseFile(token.NewFileSet(), f.Name, f.Data, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, name := range declared(tree) {
			d.names[name] = true
		}
		for _, spec := range tree.Imports {
			d.addImport(spec)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			if t, ok := n.(*ast.TypeSpec); ok {
				d.types[t.Name.Name] = t.Type
				if i, ok := t.Type.(*ast.InterfaceType); ok {
					d.methods[t.Name.Name] = methodsOf(i)
				}
			}
			return true
		})
	}
	return d, nil
}

func methodsOf(i *ast.InterfaceType) map[string]*ast.FuncType {
	methods := map[string]*ast.FuncType{}
	for _, m := range i.Methods.List {
		if f, ok := m.Type.(*ast.FuncType); ok && len(m.Names) == 1 {
			methods[m.Names[0].Name] = f
		}
	}
	return methods
}

var major = regexp.MustCompile(`^v[0-9]+$`)

func (d *declarations) addImport(spec *ast.ImportSpec) {
	target, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		return
	}
	if spec.Name != nil {
		d.imports[spec.Name.Name] = spec.Name.Name + " " + spec.Path.Value
		return
	}
	name := path.Base(target)
	if major.MatchString(name) {
		name = path.Base(path.Dir(target))
	}
	d.imports[name] = spec.Path.Value
}

// itemType is the Go type of the items of the array at a pointer into values of a type, "" where it has no name.
func (d *declarations) itemType(of, pointer string) string {
	at, err := parser.ParseExpr(of)
	if err != nil {
		return ""
	}
	for _, name := range source.Tokens(pointer) {
		if at = d.member(d.resolved(at), name); at == nil {
			return ""
		}
	}
	if list, ok := d.resolved(at).(*ast.ArrayType); ok {
		return typeName(list.Elt)
	}
	return ""
}

// resolved follows pointers and names to a type that is written out.
func (d *declarations) resolved(at ast.Expr) ast.Expr {
	for range 100 { // a type that is an alias of itself does not compile
		switch e := at.(type) {
		case *ast.StarExpr:
			at = e.X
		case *ast.Ident:
			if d.types[e.Name] == nil {
				return at
			}
			at = d.types[e.Name]
		default:
			return at
		}
	}
	return at
}

// member is the type of a struct's field for a JSON member, nil where there is none.
func (d *declarations) member(at ast.Expr, name string) ast.Expr {
	s, ok := at.(*ast.StructType)
	if !ok {
		return nil
	}
	for _, f := range s.Fields.List {
		if f.Tag == nil {
			continue
		}
		tag, err := strconv.Unquote(f.Tag.Value)
		if err != nil {
			continue
		}
		if json, _, _ := strings.Cut(reflect.StructTag(tag).Get("json"), ","); json == name {
			return f.Type
		}
	}
	return nil
}

// typeName writes a type that is a name, or a pointer, list or map of such; "" for one that is written out.
func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		if of, ok := e.X.(*ast.Ident); ok {
			return of.Name + "." + e.Sel.Name
		}
	case *ast.StarExpr:
		if of := typeName(e.X); of != "" {
			return "*" + of
		}
	case *ast.ArrayType:
		if of := typeName(e.Elt); of != "" && e.Len == nil {
			return "[]" + of
		}
	case *ast.MapType:
		if key, of := typeName(e.Key), typeName(e.Value); key != "" && of != "" {
			return "map[" + key + "]" + of
		}
	case *ast.InterfaceType:
		if len(e.Methods.List) == 0 {
			return "any"
		}
	}
	return ""
}
