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

// compiles type-checks the code, so that what would not compile is never written. Other packages than those of the code are not
// looked at: what the code does with their names is taken to be right. The typed mock is left out: it is ours, and embeds a type
// of such a package.
func compiles(importPath string, files []File) error {
	known := imported{}
	for _, dir := range []string{"", serverDir, clientDir} {
		set := token.NewFileSet()
		var trees []*ast.File
		for _, f := range files {
			if path.Base(f.Name) == mockFile || strings.TrimSuffix(path.Dir(f.Name), ".") != dir {
				continue
			}
			tree, err := parser.ParseFile(set, f.Name, f.Data, parser.SkipObjectResolution)
			if err != nil {
				return fmt.Errorf("the code does not parse: %w", err)
			}
			for _, spec := range tree.Imports {
				nameImport(spec)
			}
			trees = append(trees, tree)
		}
		checked, err := typeCheck(set, trees, known)
		if err != nil {
			return fmt.Errorf("the code that oapi-codegen writes does not compile: %w", err)
		}
		known[path.Join(importPath, dir)] = checked
	}
	return nil
}

// typeCheck returns a package and the first of its errors.
func typeCheck(set *token.FileSet, trees []*ast.File, known imported) (*types.Package, error) {
	var first error
	config := types.Config{
		Importer: known,
		Error: func(err error) {
			var found types.Error
			if first == nil && errors.As(err, &found) && !strings.Contains(found.Msg, errNotLooked.Error()) {
				first = err
			}
		},
	}
	checked, _ := config.Check("code", set, trees, nil) // its error is one of those that Error was told
	return checked, first
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

// imported are the packages of the code. For others the type checker makes up an empty one and takes whatever is said of it.
type imported map[string]*types.Package

func (i imported) Import(path string) (*types.Package, error) {
	if p := i[path]; p != nil {
		return p, nil
	}
	return nil, errNotLooked
}
