package gen

import (
	"go/ast"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/oapi-codegen/oapi-codegen/v2/pkg/codegen"

	"troth/openapi"
	"troth/openapi/convention"
)

// mockMaker collects what the typed mock shows of each operation.
type mockMaker struct {
	doc     *openapi.Document
	conv    *convention.Conventions
	written *declarations
	defined []codegen.OperationDefinition
	imports map[string]bool
}

// definitions are the operations as oapi-codegen names them: it named them when it wrote the server.
func definitions(doc *openapi.Document, pkg string, s settings) (list []codegen.OperationDefinition, err error) {
	if s.defined != nil && *s.defined != nil {
		return *s.defined, nil
	}
	err = generate(doc, pkg, s, codegen.GenerateOptions{Models: true}, func(_ string, operations []codegen.OperationDefinition) error {
		list = operations
		return nil
	})
	return list, err
}

// operation is what the mock shows of one; false where the generated server does not have it.
func (m *mockMaker) operation(def codegen.OperationDefinition) (mockOperation, bool) {
	op := m.find(def)
	handler := def.HandlerName()
	typed := m.written.methods["StrictServerInterface"][handler]
	if op == nil || typed == nil || len(typed.Params.List) != 2 || len(typed.Results.List) != 2 {
		return mockOperation{}, false
	}
	o := mockOperation{
		ID: op.ID, Go: codegen.UppercaseFirstCharacter(handler), Title: strings.Join(strings.Fields(op.Method+" "+op.Path), " "), Handler: handler,
		Request: typeName(typed.Params.List[1].Type), Response: typeName(typed.Results.List[0].Type),
	}
	if item := m.itemOf(op, def); item != "" {
		o.Item, o.Parents = item, m.parents(op, handler)
		m.use(item)
		for _, p := range o.Parents {
			m.use(p.Type)
		}
	}
	return o, true
}

func (m *mockMaker) find(def codegen.OperationDefinition) *openapi.Operation {
	i := slices.IndexFunc(m.doc.Operations, func(op *openapi.Operation) bool { return op.Method == def.Method && op.Path == def.Path })
	if i < 0 {
		return nil
	}
	return m.doc.Operations[i]
}

// itemOf is the type of the items that an operation lists: that of reading one by its path, else that of the list's array.
func (m *mockMaker) itemOf(op *openapi.Operation, def codegen.OperationDefinition) string {
	compiled, err := op.Compile()
	if err != nil || op.Method != "GET" || strings.HasSuffix(op.Route, "}") {
		return ""
	}
	_, pointer, item := m.conv.Items(compiled)
	if item == nil {
		return ""
	}
	for _, other := range m.defined {
		if at := m.find(other); at != nil && at.Method == "GET" && isItemOf(at.Route, op.Route) {
			return m.bodyType(at, other)
		}
	}
	return m.written.itemType(m.bodyType(op, def), pointer)
}

// isItemOf tells whether a path is another one and one variable more.
func isItemOf(path, collection string) bool {
	rest, ok := strings.CutPrefix(openapi.Unnamed(path), openapi.Unnamed(collection)+"/")
	return ok && rest == "{}"
}

// bodyType is the type of the JSON body of an operation's success, "" where it has no name.
func (m *mockMaker) bodyType(op *openapi.Operation, def codegen.OperationDefinition) string {
	compiled, err := op.Compile()
	if err != nil {
		return ""
	}
	success, _ := compiled.Success()
	content := success.JSON()
	if content == nil {
		return ""
	}
	for _, r := range def.Responses {
		for _, c := range r.Contents {
			if t, err := openapi.ParseMediaType(c.ContentType); err == nil && r.StatusCode == success.Code && t.String() == content.Type.String() {
				return c.Schema.TypeDecl()
			}
		}
	}
	return ""
}

// parents are the path parameters as the server's interface has them.
func (m *mockMaker) parents(op *openapi.Operation, handler string) (list []field) {
	f := m.written.methods["ServerInterface"][handler]
	if f == nil {
		return nil
	}
	want := strings.Count(openapi.Unnamed(op.Route), "{}")
	for _, p := range f.Params.List[1:] {
		for _, name := range p.Names {
			if len(list) < want {
				list = append(list, field{parameterName(name.Name), m.typeOf(p.Type)})
			}
		}
	}
	return list
}

func (m *mockMaker) typeOf(e ast.Expr) string {
	if name := typeName(e); name != "" {
		return name
	}
	return "any"
}

// parameterName keeps clear of the names that the mock's methods use.
func parameterName(name string) string {
	if slices.Contains([]string{"m", "items", "mock", "typed", "context", "http", "sync", "echo", "time"}, name) {
		return name + "Value"
	}
	return name
}

var qualifier = regexp.MustCompile(`\b([A-Za-z_][A-Za-z0-9_]*)\.`)

// use notes the imports that a type needs.
func (m *mockMaker) use(name string) {
	for _, found := range qualifier.FindAllStringSubmatch(name, -1) {
		m.imports[found[1]] = true
	}
}

// specs are the import specs of the packages in use that the template does not import itself.
func (m *mockMaker) specs() (list []string) {
	for _, name := range slices.Sorted(maps.Keys(m.imports)) {
		if spec := m.written.imports[name]; spec != "" && name != "context" && name != "echo" {
			list = append(list, spec)
		}
	}
	return list
}

func quoted(s string) string { return strconv.Quote(s) }

// lines is a text as a Go expression, one string a line.
func lines(text string) string {
	if text == "" {
		return `""`
	}
	var parts []string
	for line := range strings.Lines(text) {
		parts = append(parts, strconv.Quote(line))
	}
	return strings.Join(parts, " +\n\t\t\t")
}
