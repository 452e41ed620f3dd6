package scaffold

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"troth/gen"
)

// direct are the modules that a project's own code imports.
var direct = map[string]bool{"github.com/labstack/echo/v4": true, "github.com/oapi-codegen/runtime": true}

// module is go.mod and go.sum. The requirements are troth's, so that the project needs no module that troth does not, in the
// same versions.
func (p *Project) module() ([]gen.File, error) {
	if err := module.CheckImportPath(p.Module); err != nil {
		return nil, fmt.Errorf("init: %w: want a module path such as example.com/shop", err)
	}
	mod, err := trothModule(p.Troth)
	if err != nil {
		return nil, err
	}
	sum, err := os.ReadFile(filepath.Join(p.Troth, "go.sum"))
	if err != nil {
		return nil, fmt.Errorf("init: %w", err)
	}
	out := new(modfile.File)
	if err := out.AddModuleStmt(p.Module); err != nil {
		return nil, fmt.Errorf("init: module %s: %w", p.Module, err)
	}
	if err := out.AddGoStmt(mod.Go.Version); err != nil {
		return nil, fmt.Errorf("init: %w", err)
	}
	if err := out.AddRequire(mod.Module.Mod.Path, "v0.0.0"); err != nil {
		return nil, fmt.Errorf("init: %w", err)
	}
	for _, r := range mod.Require {
		out.AddNewRequire(r.Mod.Path, r.Mod.Version, !direct[r.Mod.Path])
	}
	out.SetRequireSeparateIndirect(out.Require)
	if err := out.AddReplace(mod.Module.Mod.Path, "", filepath.ToSlash(p.Troth), ""); err != nil {
		return nil, fmt.Errorf("init: %w", err)
	}
	if err := out.AddTool(mod.Module.Mod.Path + "/cmd/troth"); err != nil {
		return nil, fmt.Errorf("init: %w", err)
	}
	out.Cleanup()
	data, err := out.Format()
	if err != nil {
		return nil, fmt.Errorf("init: %w", err)
	}
	return []gen.File{{Name: "go.mod", Data: data}, {Name: "go.sum", Data: sum}}, nil
}

// trothModule reads troth's own go.mod.
func trothModule(dir string) (*modfile.File, error) {
	name := filepath.Join(dir, "go.mod")
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("init: troth's own source: %w; say where it is with --troth DIR", err)
	}
	mod, err := modfile.Parse(name, data, nil)
	if err != nil {
		return nil, fmt.Errorf("init: %w", err)
	}
	if mod.Module == nil || mod.Module.Mod.Path != "troth" {
		return nil, fmt.Errorf("init: %s is not the module troth; say where troth's source is with --troth DIR", name)
	}
	return mod, nil
}
