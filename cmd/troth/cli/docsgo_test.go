package cli

import (
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// given is what the fragments of Go in the pages take for granted: the reader's own code, and names of the package that a fragment is
// to be put into.
const given = `package pages

import ("context"; "net/http"; "testing"; "time"; "troth/contract"; "troth/gen/restorejobs"; "troth/mock"; "troth/openapi"; "troth/openapi/convention"; "troth/openapi/middleware")

var (
	t       *testing.T
	ctx     context.Context
	doc     *openapi.Document
	conv    *convention.Conventions
	handler http.Handler
	url     string
)

func NewHandler() http.Handler                                                       { return nil }
func NewClient(url string, client *http.Client) any                                  { return nil }
func Restore(ctx context.Context, c restorejobs.ClientWithResponsesInterface) error { return nil }
func twoItems() contract.Need                                                        { return contract.Need{} }
func yourCheck() contract.Check

type (
	Server  = mock.Server
	Call    = mock.Call
	Handler = mock.Handler
	_       = middleware.Validator
	_       time.Duration
)
`

// TestGoBlocks type-checks every block of Go in the pages: whole files as they are, declarations and statements with the imports that they
// need, beside the code that they take for granted.
func TestGoBlocks(t *testing.T) {
	exports := exported(t, "testing", "troth/contract/checks", "troth/gen/restorejobs", "troth/mock", "troth/openapi/middleware", "github.com/labstack/echo/v4")
	for _, b := range blocks(t) {
		if b.lang != "go" || b.notRun != "" {
			continue
		}
		t.Run(fmt.Sprintf("%s:%d", b.file, b.line), func(t *testing.T) {
			if err := typecheck(b.text, exports); err != nil {
				t.Errorf("%v in\n%s", err, b.text)
			}
		})
	}
}

// TestGoBlockIsChecked sees errors in each kind of block.
func TestGoBlockIsChecked(t *testing.T) {
	exports := exported(t, "testing", "troth/contract/checks", "troth/gen/restorejobs", "troth/mock", "troth/openapi/middleware")
	for text, want := range map[string]string{
		"package a\n\nfunc f() int { return \"\" }\n":       "cannot use",
		"func f() { mock.Nothing() }":                       "undefined: mock.Nothing",
		"m := mock.Start(t, 7)":                             "cannot use 7",
		"m := mock.Start(t, doc":                            "missing ','",
		"m := mock.Start(t, doc)\nm.Expect(\"a\").Times(1)": "",
	} {
		err := typecheck(text, exports)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// exported are the files of export data of packages and all that they import, by path.
func exported(t *testing.T, patterns ...string) map[string]string {
	t.Helper()
	c := exec.Command("go", append([]string{"list", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Export}}"}, patterns...)...)
	c.Stderr = os.Stderr
	out, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		if pkg, file, _ := strings.Cut(strings.TrimSpace(line), "\t"); file != "" {
			files[pkg] = file
		}
	}
	return files
}

var ellipsis = regexp.MustCompile(`\{ … \}`)

func typecheck(text string, exports map[string]string) error {
	text = ellipsis.ReplaceAllString(text, `{ panic("") }`)
	set := token.NewFileSet()
	var files []*ast.File
	if strings.HasPrefix(strings.TrimSpace(text), "package ") {
		f, err := parser.ParseFile(set, "block.go", text, 0)
		if err != nil {
			return err
		}
		files = []*ast.File{f}
	} else {
		g, err := parser.ParseFile(set, "given.go", given, 0)
		if err != nil {
			return err
		}
		f, err := fragment(set, text, exports)
		if err != nil {
			return err
		}
		files = []*ast.File{besides(g, f), f}
	}
	var first error
	config := types.Config{
		Importer: importer.ForCompiler(set, "gc", func(pkg string) (io.ReadCloser, error) { return os.Open(exports[pkg]) }),
		Error: func(err error) {
			var found types.Error
			if errors.As(err, &found) && !found.Soft && first == nil && !strings.Contains(found.Msg, "missing function body") {
				first = err
			}
		},
	}
	_, _ = config.Check("pages", set, files, nil) // its error is that of the first call of Error, unused names included
	return first
}

// fragment parses declarations, else statements, as a file that imports the packages that they name.
func fragment(set *token.FileSet, text string, exports map[string]string) (*ast.File, error) {
	declarations := "package pages\n" + text
	f, err := parser.ParseFile(token.NewFileSet(), "block.go", declarations, 0)
	if err != nil {
		declarations = "package pages\nfunc _() {\n" + text + "\n}\n"
		if f, err = parser.ParseFile(token.NewFileSet(), "block.go", declarations, 0); err != nil {
			return nil, err
		}
	}
	var imports strings.Builder
	for _, name := range f.Unresolved {
		if pkg := packageNamed(name.Name, exports); pkg != "" && !strings.Contains(imports.String(), pkg+`"`) {
			fmt.Fprintf(&imports, "import %s %q;", name.Name, pkg)
		}
	}
	return parser.ParseFile(set, "block.go", strings.Replace(declarations, "package pages\n", "package pages;"+imports.String()+"\n", 1), 0)
}

// packageNamed is the package that a name in a fragment stands for: troth's before others, short paths before long ones.
func packageNamed(name string, exports map[string]string) string {
	var found []string
	for pkg := range exports {
		if path.Base(pkg) == name && !strings.Contains(pkg, "internal") && !strings.HasPrefix(pkg, "vendor/") {
			found = append(found, pkg)
		}
	}
	slices.SortFunc(found, func(a, b string) int {
		if own := strings.HasPrefix(a, "troth/"); own != strings.HasPrefix(b, "troth/") {
			return map[bool]int{true: -1, false: 1}[own]
		}
		return len(a) - len(b)
	})
	if len(found) == 0 || name == "url" {
		return ""
	}
	return found[0]
}

// besides is a file without the functions that another file declares.
func besides(g, f *ast.File) *ast.File {
	declared := map[string]bool{}
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok {
			declared[fn.Name.Name] = true
		}
	}
	g.Decls = slices.DeleteFunc(g.Decls, func(d ast.Decl) bool {
		fn, ok := d.(*ast.FuncDecl)
		return ok && declared[fn.Name.Name]
	})
	return g
}
