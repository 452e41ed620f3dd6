//go:build !nogen

package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"troth/gen"
	"troth/gen/scaffold"
)

// initFlags are what the flags of init say.
type initFlags struct {
	src       source
	module    string
	command   string
	troth     string
	force     bool
	selection gen.Selection
}

func newInit(s *streams) *cobra.Command {
	f := &initFlags{}
	c := &cobra.Command{
		Use:   "init DOCUMENT DIR",
		Short: "Make a Go project from a document: server skeleton, client, typed mock, contract test",
		Long: `Makes DIR a Go module that compiles and whose tests run:

  openapi/   the document, troth.yaml (what was inferred of it, in comments), troth.gen.yaml (what is generated)
  gen/       generated code: types, and the packages server, client and mock below them
  server/    the implementation: each operation answers 501, in the document's error shape, until it is written
  mock/      the typed mock, for tests
  contract/  the contract test: judges -target, else the mock
  cmd/       the program; and a Makefile, a README and a CI workflow

Of all this, make generate writes gen/ only. With DIR alone the embedded document is taken. The module requires troth itself, from
the directory that this program was built from, or --troth DIR.

Operations that no code can be written for are left out, and told with place and reason.`,
		Example: `  troth init api.yaml shop --module example.com/shop
  troth init atlas.yaml atlas --include-tag Clusters --exclude-operation deleteCluster`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(_ *cobra.Command, args []string) error { return f.run(s, args) },
	}
	flags := c.Flags()
	flags.StringVar(&f.src.config, "config", "", "conventions `FILE` (default troth.yaml beside the document), copied to openapi/troth.yaml")
	flags.StringVar(&f.module, "module", "", "`PATH` of the new module (default example.com/ and the directory's name)")
	flags.StringVar(&f.command, "command", "", "`NAME` of the program (default the directory's name)")
	flags.StringVar(&f.troth, "troth", "", "`DIR` of troth's source (default where this program was built)")
	flags.BoolVar(&f.force, "force", false, "write into a directory that is not empty; files of the same names are replaced")
	selectionFlags(flags, &f.selection)
	return c
}

func (f *initFlags) run(s *streams, args []string) error {
	dir := args[len(args)-1]
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return fmt.Errorf("init: %s is a file: want DOCUMENT DIR", dir)
	}
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 && !f.force {
		return fmt.Errorf("init: %s is not empty: name another directory, or say --force to replace files of the same names", dir)
	}
	p, err := f.project(s, args[:len(args)-1], dir)
	if err != nil {
		return err
	}
	files, err := p.Files()
	if err != nil {
		return err
	}
	if err := scaffold.Write(dir, files, f.force); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s: %d files, module %s\n\n  cd %s\n  make test\n  make run\n", dir, len(files), p.Module, shellWord(dir))
	return nil
}

// project is what the arguments and flags ask for.
func (f *initFlags) project(s *streams, document []string, dir string) (*scaffold.Project, error) {
	name, err := projectName(dir)
	if err != nil {
		return nil, err
	}
	doc, conv, err := f.src.load(document, s.in)
	if err != nil {
		return nil, err
	}
	p := &scaffold.Project{
		Document: doc, Conventions: conv, Module: f.module, Command: f.command, Troth: f.troth, Selection: f.selection,
		LeftOut: func(p gen.Problem) { fmt.Fprintln(s.err, "left out:", p) },
	}
	if p.Module == "" {
		p.Module = "example.com/" + name
	}
	if p.Command == "" {
		p.Command = name
	}
	if !commandName.MatchString(p.Command) {
		return nil, fmt.Errorf("init: --command %q: want a name of letters, digits, - and _", p.Command)
	}
	if p.Troth, err = trothSource(f.troth); err != nil {
		return nil, err
	}
	return p, nil
}

var (
	commandName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`)
	unfit       = regexp.MustCompile(`[^a-z0-9_-]+`)
)

// projectName makes a name of a directory's.
func projectName(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("init: %w", err)
	}
	name := strings.Trim(unfit.ReplaceAllString(strings.ToLower(filepath.Base(dir)), "-"), "-_")
	if name == "" {
		return "app", nil
	}
	return name, nil
}

// trothSource is the directory of troth's own module: the one given, else that of the source that this program was built from.
func trothSource(given string) (string, error) {
	if given != "" {
		return filepath.Abs(given)
	}
	_, file, _, ok := runtime.Caller(0)
	if ok && filepath.IsAbs(file) {
		dir := filepath.Join(filepath.Dir(file), "..", "..", "..")
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
	}
	return "", errors.New("init: where troth's source is is not known: this program was built with -trimpath, or elsewhere; say --troth DIR, a checkout of troth, which the new module requires")
}
