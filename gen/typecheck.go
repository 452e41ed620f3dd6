package gen

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// compiles type-checks the code, so that what would not compile is never written. Other packages are not looked at: what
// the code does with their names is taken to be right.
func compiles(pkg string, files []File) error {
	set := token.NewFileSet()
	var trees []*ast.File
	for _, f := range files {
		tree, err := parser.ParseFile(set, f.Name, f.Data, parser.SkipObjectResolution)
		if err != nil {
			return fmt.Errorf("the code does not parse: %w", err)
		}
		for _, spec := range tree.Imports {
			nameImport(spec)
		}
		trees = append(trees, tree)
	}
	var first error
	config := types.Config{
		Importer: nothing{},
		Error: func(err error) {
			var found types.Error
			if first == nil && errors.As(err, &found) && !strings.Contains(found.Msg, errNotLooked.Error()) {
				first = err
			}
		},
	}
	_, err := config.Check(pkg, set, trees, nil)
	if first != nil && err != nil {
		return fmt.Errorf("the code that oapi-codegen writes does not compile: %w", first)
	}
	return nil
}

// nameImport names the import of a package whose path ends in a major version, as its package clause would.
func nameImport(spec *ast.ImportSpec) {
	target, err := strconv.Unquote(spec.Path.Value)
	if err == nil && spec.Name == nil && majorVersion.MatchString(path.Base(target)) {
		spec.Name = ast.NewIdent(path.Base(path.Dir(target)))
	}
}

var majorVersion = regexp.MustCompile(`^v[0-9]+$`)

// errNotLooked is in the text of the errors that are none.
var errNotLooked = errors.New("other packages are not looked at")

// nothing imports no package: the type checker then makes up an empty one and takes whatever is said of it.
type nothing struct{}

func (nothing) Import(string) (*types.Package, error) { return nil, errNotLooked }
