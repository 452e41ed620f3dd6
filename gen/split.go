package gen

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"golang.org/x/mod/modfile"
)

// Directories of a split package.
const (
	serverDir = "server"
	clientDir = "client"
	mockDir   = "mock"
)

// home is the directory, below the types', that a file stands in where the code is split.
func home(name string) string {
	switch name {
	case serverFile, binderFile, routesFile, refusalFile, unwrittenFile:
		return serverDir
	case clientFile:
		return clientDir
	case mockFile:
		return mockDir
	}
	return ""
}

// split moves server, client and mock into packages of their own, which import what they use of the others by its own name (a dot
// import): the code is the same, only where it stands differs.
func split(files []File, pkg, importPath string) ([]File, error) {
	parts := []string{"", serverDir, clientDir, mockDir} // none uses a later one
	names := map[string]map[string]bool{}
	for _, dir := range parts {
		var err error
		if names[dir], err = declaredIn(files, dir); err != nil {
			return nil, err
		}
	}
	for i, f := range files {
		dir := home(f.Name)
		if dir == "" {
			continue
		}
		clause := "\npackage " + dir + "\n"
		data := bytes.Replace(f.Data, []byte("\npackage "+pkg+"\n"), []byte(clause), 1)
		data = bytes.ReplaceAll(data, []byte(".Encode(response.union)"), []byte(".Encode(response)"))
		data = bytes.ReplaceAll(data, []byte(".Encode(response.Body.union)"), []byte(".Encode(response.Body)"))
		for _, other := range parts {
			needs, err := uses(f.Name, data, names[other])
			if err != nil {
				return nil, err
			}
			if other != dir && needs {
				clause += fmt.Sprintf("\nimport . %q\n", path.Join(importPath, other))
			}
		}
		data = bytes.Replace(data, []byte("\npackage "+dir+"\n"), []byte(clause), 1)
		files[i] = File{path.Join(dir, f.Name), data}
	}
	return files, nil
}

// declaredIn is the set of the names that the files of one directory declare.
func declaredIn(files []File, dir string) (map[string]bool, error) {
	names := map[string]bool{}
	for _, f := range files {
		if home(f.Name) != dir {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), f.Name, f.Data, parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("the code does not parse: %w", err)
		}
		for _, name := range declared(tree) {
			names[name] = true
		}
	}
	return names, nil
}

// uses tells whether a file speaks of one of the names without declaring it.
func uses(name string, data []byte, names map[string]bool) (bool, error) {
	tree, err := parser.ParseFile(token.NewFileSet(), name, data, 0)
	if err != nil {
		return false, fmt.Errorf("the code does not parse: %w", err)
	}
	return anyNamed(tree.Unresolved, names), nil
}

func anyNamed(list []*ast.Ident, names map[string]bool) bool {
	for _, ident := range list {
		if names[ident.Name] {
			return true
		}
	}
	return false
}

// ImportPath is the import path of a directory: that of the module above it, and the way down.
func ImportPath(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for up := dir; ; up = filepath.Dir(up) {
		data, err := os.ReadFile(filepath.Join(up, "go.mod"))
		if errors.Is(err, fs.ErrNotExist) && up != filepath.Dir(up) {
			continue
		}
		if err != nil {
			return "", fmt.Errorf("no go.mod in %s or above it: code in several packages needs a module that they belong to (go mod init)", dir)
		}
		module := modfile.ModulePath(data)
		below, err := filepath.Rel(up, dir)
		if err != nil || module == "" {
			return "", fmt.Errorf("%s: no module line", filepath.Join(up, "go.mod"))
		}
		return path.Join(module, filepath.ToSlash(below)), nil
	}
}
