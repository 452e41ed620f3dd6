package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"troth/gen"
	"troth/openapi"
)

func newGen(s *streams) *cobra.Command {
	var src source
	var out, pkg string
	var check bool
	c := &cobra.Command{
		Use:   "gen [DOCUMENT] --out DIR --package NAME",
		Short: "Generate Go code from a document: types, echo server stubs, a client",
		Long: `Writes types, strict echo server stubs, a client, a binder for +json bodies and the embedded document into --out, with
oapi-codegen. Files whose content does not change are left alone.`,
		Example: `  troth gen api.yaml --out gen/api --package api`,
		Args:    cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			doc, conv, err := src.load(args, s.in)
			if err != nil {
				return err
			}
			opts := []gen.Option{gen.WithConventions(conv)}
			if check {
				return upToDate(doc, out, pkg, opts...)
			}
			files, err := gen.Write(doc, out, pkg, opts...)
			if err != nil {
				return err
			}
			for _, name := range files {
				fmt.Fprintln(s.out, name)
			}
			return nil
		},
	}
	src.flags(c)
	c.Flags().StringVar(&out, "out", "", "directory to write to")
	c.Flags().StringVar(&pkg, "package", "", "name of the Go package")
	c.Flags().BoolVar(&check, "check", false, "write nothing; fail where --out is not what would be written")
	_ = c.MarkFlagRequired("out") // fails for an unknown flag only
	_ = c.MarkFlagRequired("package")
	return c
}

// upToDate compares what is in a directory with what would be written.
func upToDate(doc *openapi.Document, dir, pkg string, opts ...gen.Option) error {
	files, err := gen.Files(doc, pkg, opts...)
	if err != nil {
		return err
	}
	for _, f := range files {
		path := filepath.Join(dir, f.Name)
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
