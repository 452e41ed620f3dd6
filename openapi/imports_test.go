package openapi_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// forbidden are the arrows that design.md rules out, by package (test files may draw them).
var forbidden = map[string][]string{
	"mock":               {"troth/contract", "troth/gen", "troth/openapi/atlas", "troth/cmd"},
	"mock/typed":         {"troth/contract", "troth/gen", "troth/openapi/atlas", "troth/cmd"},
	"contract":           {"troth/mock", "troth/gen", "troth/openapi/atlas", "troth/cmd"},
	"contract/checks":    {"troth/mock", "troth/gen", "troth/openapi/atlas", "troth/cmd"},
	"openapi":            {"troth/mock", "troth/contract", "troth/gen", "troth/openapi/atlas", "troth/openapi/convention", "troth/openapi/sample", "troth/cmd"},
	"openapi/schema":     {"troth/mock", "troth/contract", "troth/gen", "troth/openapi/atlas", "troth/openapi/convention", "troth/openapi/sample", "troth/cmd"},
	"openapi/source":     {"troth/"},
	"openapi/sample":     {"troth/mock", "troth/contract", "troth/gen", "troth/openapi/atlas", "troth/openapi/convention", "troth/cmd"},
	"openapi/convention": {"troth/mock", "troth/contract", "troth/gen", "troth/openapi/atlas", "troth/cmd"},
	"openapi/refusal":    {"troth/mock", "troth/contract", "troth/gen", "troth/openapi/atlas", "troth/cmd"},
	"openapi/middleware": {"troth/mock", "troth/contract", "troth/gen", "troth/openapi/atlas", "troth/cmd"},
	"openapi/atlas":      {"troth/mock", "troth/contract", "troth/gen", "troth/cmd"},
	"gen":                {"troth/mock", "troth/contract", "troth/openapi/atlas", "troth/cmd"},
}

func TestImports(t *testing.T) {
	seen := map[string]bool{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		pkg := filepath.ToSlash(strings.TrimPrefix(filepath.Dir(path), "../"))
		seen[pkg] = true
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			for _, banned := range forbidden[pkg] {
				if name == banned || strings.HasPrefix(name, strings.TrimSuffix(banned, "/")+"/") {
					t.Errorf("%s imports %s", path, name)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for pkg := range forbidden {
		if !seen[pkg] {
			t.Errorf("package %s is not there", pkg)
		}
	}
}

// TestNothingOfAtlas wants no Go file of the engine to know the default document's API.
func TestNothingOfAtlas(t *testing.T) {
	for _, root := range []string{"../mock", "../contract", "../openapi"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "/atlas/") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				return err
			}
			for _, word := range []string{"restoreJobs", "groupId", "vnd.atlas", "itemsPerPage", "MMS Public"} {
				if text := literals(file); strings.Contains(text, word) {
					t.Errorf("%s knows %q", path, word)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// literals are a file's string literals.
func literals(file *ast.File) string {
	var b strings.Builder
	ast.Inspect(file, func(n ast.Node) bool {
		if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
			b.WriteString(l.Value)
		}
		return true
	})
	return b.String()
}
