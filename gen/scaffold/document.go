package scaffold

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"troth/gen"
	"troth/openapi/convention"
)

// documentFile is the name of the document's first file in the project.
func (p *Project) documentFile() string {
	name := filepath.Base(p.Document.Name)
	switch name {
	case convention.FileName, gen.SettingsFile:
		return "document-" + name
	case "standard input":
		return "openapi.yaml"
	}
	return name
}

// closure is every file that the document's references reach. They keep their places to one another, so all have to be below
// the first one's directory.
func (p *Project) closure() ([]gen.File, error) {
	doc := p.Document
	if doc.Path == "" || doc.Converted {
		data := doc.Root.File.Data
		if doc.Path != "" { // as it was before the conversion
			var err error
			if data, err = os.ReadFile(doc.Path); err != nil {
				return nil, fmt.Errorf("init: %w", err)
			}
		}
		return []gen.File{{Name: "openapi/" + p.documentFile(), Data: data}}, nil
	}
	doc.CompileAll() // reads every file; what it finds wrong is the business of lint
	var files []gen.File
	for i, f := range doc.Files() {
		name := p.documentFile()
		if i > 0 {
			below, err := filepath.Rel(filepath.Dir(doc.Path), f.Name)
			if err != nil || strings.HasPrefix(below, "..") {
				return nil, fmt.Errorf("init: %s refers to %s, which is not below its directory: put the document's files below one directory with the first one at its top", doc.Name, f.Name)
			}
			name = filepath.ToSlash(below)
		}
		files = append(files, gen.File{Name: "openapi/" + name, Data: f.Data})
	}
	return files, nil
}
