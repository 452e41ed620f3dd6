//go:build !nogen

package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"troth/gen"
	"troth/openapi"
)

// generation is what the flags of gen say.
type generation struct {
	src      source
	file     string // of the settings
	settings gen.Settings
	check    bool
	complete bool
}

func newGen(s *streams) *cobra.Command {
	g := generation{}
	c := &cobra.Command{
		Use:   "gen [DOCUMENT]",
		Short: "Generate Go code from a document: types, echo server stubs, a client, a typed mock",
		Long: `Writes types, strict echo server stubs, a client, a binder for +json bodies, a typed mock for tests and the embedded
document into --out, with oapi-codegen. Files whose content does not change are left alone.

--settings reads all that from a file (format: 1, document, out, package; server, client, mock, split: true or false;
include and exclude with tags and operations), as troth init writes it; what flags say goes over it.

Operations that hold what code cannot be written for are left out, and told with place and reason; --complete fails instead.`,
		Example: `  troth gen api.yaml --out gen/api --package api
  troth gen api.yaml --out gen/api --package api --include-tag Jobs --exclude-operation deleteJob
  troth gen --settings openapi/troth.gen.yaml`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return g.run(c, s, args) },
	}
	g.src.flags(c)
	g.flags(c)
	return c
}

func (g *generation) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&g.file, "settings", "", "take what is not said here from this `FILE`")
	f.StringVar(&g.settings.Out, "out", "", "`DIRECTORY` to write to")
	f.StringVar(&g.settings.Package, "package", "", "`NAME` of the Go package")
	f.BoolVar(&g.settings.Server, "server", true, "write the server stubs")
	f.BoolVar(&g.settings.Client, "client", true, "write the client")
	f.BoolVar(&g.settings.Mock, "mock", true, "write the typed mock, which needs troth's packages")
	f.BoolVar(&g.settings.Split, "split", false, "server and client in packages of their own below --out")
	selectionFlags(f, &g.settings.Selection)
	f.BoolVar(&g.check, "check", false, "write nothing; fail where --out is not what would be written")
	f.BoolVar(&g.complete, "complete", false, "fail where an operation would be left out")
}

// selectionFlags are the flags that choose operations.
func selectionFlags(f *pflag.FlagSet, to *gen.Selection) {
	f.StringArrayVar(&to.IncludeTags, "include-tag", nil, "only operations with this `TAG`; may be repeated")
	f.StringArrayVar(&to.IncludeOperations, "include-operation", nil, "only the operation of this `ID`; may be repeated")
	f.StringArrayVar(&to.ExcludeTags, "exclude-tag", nil, "no operations with this `TAG`; may be repeated")
	f.StringArrayVar(&to.ExcludeOperations, "exclude-operation", nil, "not the operation of this `ID`; may be repeated")
}

func (g *generation) run(c *cobra.Command, s *streams, args []string) error {
	if err := g.settle(c.Flags().Changed); err != nil {
		return err
	}
	if len(args) == 0 && g.settings.Document != "" {
		args = []string{g.settings.Document}
	}
	doc, conv, err := g.src.load(args, s.in)
	if err != nil {
		return err
	}
	opts, err := g.settings.Options(doc)
	if err != nil {
		return err
	}
	opts = append(opts, gen.WithConventions(conv))
	if !g.complete {
		opts = append(opts, gen.WithLeftOut(func(p gen.Problem) { fmt.Fprintln(s.err, "left out:", p) }))
	}
	if g.check {
		return upToDate(doc, g.settings.Out, g.settings.Package, opts)
	}
	files, err := gen.Write(doc, g.settings.Out, g.settings.Package, opts...)
	if err != nil {
		return err
	}
	for _, name := range files {
		fmt.Fprintln(s.out, name)
	}
	return nil
}

// settle takes what no flag says from the settings file.
func (g *generation) settle(changed func(flag string) bool) error {
	if g.file != "" {
		said, err := gen.LoadSettings(g.file)
		if err != nil {
			return err
		}
		g.settings = g.over(said, changed)
	}
	if g.settings.Out == "" || g.settings.Package == "" {
		return fmt.Errorf("gen: want --out DIRECTORY and --package NAME, or --settings FILE that says them")
	}
	return nil
}

// over puts what the flags say over what the file says.
func (g *generation) over(said *gen.Settings, changed func(flag string) bool) gen.Settings {
	flags := g.settings
	out := *said
	for name, put := range map[string]func(){
		"out":               func() { out.Out = flags.Out },
		"package":           func() { out.Package = flags.Package },
		"server":            func() { out.Server = flags.Server },
		"client":            func() { out.Client = flags.Client },
		"mock":              func() { out.Mock = flags.Mock },
		"split":             func() { out.Split = flags.Split },
		"include-tag":       func() { out.Selection.IncludeTags = flags.Selection.IncludeTags },
		"include-operation": func() { out.Selection.IncludeOperations = flags.Selection.IncludeOperations },
		"exclude-tag":       func() { out.Selection.ExcludeTags = flags.Selection.ExcludeTags },
		"exclude-operation": func() { out.Selection.ExcludeOperations = flags.Selection.ExcludeOperations },
	} {
		if changed(name) {
			put()
		}
	}
	return out
}

// upToDate compares what is in a directory with what would be written.
func upToDate(doc *openapi.Document, dir, pkg string, opts []gen.Option) error {
	files, err := gen.Files(doc, pkg, opts...)
	if err != nil {
		return err
	}
	for _, f := range files {
		path := filepath.Join(dir, filepath.FromSlash(f.Name))
		data, err := os.ReadFile(path)
		if err != nil {
			return fmt.Errorf("generated code: %w; run troth gen (here: make generate)", err)
		}
		if !bytes.Equal(data, f.Data) {
			return fmt.Errorf("generated code: %s is not what %s gives; run troth gen (here: make generate)", path, doc.Name)
		}
	}
	return nil
}
