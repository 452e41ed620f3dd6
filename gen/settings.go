package gen

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"troth/openapi"
	"troth/openapi/schema"
	"troth/openapi/source"
)

//go:embed troth.gen.schema.json
var settingsSchema []byte

// SettingsFile is the usual name of a settings file.
const SettingsFile = "troth.gen.yaml"

// Settings is what a settings file says: what is generated from which document, and where to.
type Settings struct {
	Document, Out  string // paths, as seen from the working directory
	Package        string
	Server, Client bool
	Mock, Split    bool
	Selection      Selection
}

// chosen is the form of include and exclude.
type chosen struct {
	Tags       []string `json:"tags"`
	Operations []string `json:"operations"`
}

// LoadSettings reads a settings file. Errors name file, line and JSON pointer, what was found and what was expected.
func LoadSettings(path string) (*Settings, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("settings: %w", err)
	}
	set, err := source.Read(path, data)
	if err != nil {
		return nil, fmt.Errorf("settings: %w", err)
	}
	if err := schema.CheckForm(set.Root(), SettingsFile+" schema", settingsSchema); err != nil {
		return nil, fmt.Errorf("settings: %w", err)
	}
	text, err := json.Marshal(set.Root().Node.Value())
	if err != nil {
		return nil, fmt.Errorf("settings %s: %w", path, err)
	}
	file := struct {
		Document, Out, Package string
		Server, Client, Mock   bool
		Split                  bool
		Include, Exclude       chosen
	}{Server: true, Client: true, Mock: true}
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("settings %s: %w", path, err)
	}
	beside := func(name string) string {
		if filepath.IsAbs(name) {
			return name
		}
		return filepath.Join(filepath.Dir(path), filepath.FromSlash(name))
	}
	return &Settings{
		Document: beside(file.Document), Out: beside(file.Out), Package: file.Package, Server: file.Server, Client: file.Client,
		Mock: file.Mock, Split: file.Split,
		Selection: Selection{
			IncludeTags: file.Include.Tags, IncludeOperations: file.Include.Operations,
			ExcludeTags: file.Exclude.Tags, ExcludeOperations: file.Exclude.Operations,
		},
	}, nil
}

// Options are the options that the settings ask for of a document.
func (s *Settings) Options(doc *openapi.Document) ([]Option, error) {
	var opts []Option
	if !s.Server {
		opts = append(opts, WithoutServer())
	}
	if !s.Client {
		opts = append(opts, WithoutClient())
	}
	if !s.Mock {
		opts = append(opts, WithoutMock())
	}
	if s.Split {
		importPath, err := ImportPath(s.Out)
		if err != nil {
			return nil, fmt.Errorf("generate: split: %w", err)
		}
		opts = append(opts, WithSplit(importPath))
	}
	if !s.Selection.All() {
		ids, err := s.Selection.Operations(doc)
		if err != nil {
			return nil, err
		}
		opts = append(opts, WithOperations(ids...))
	}
	return opts, nil
}
