package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"troth/gen"
)

func newGen(s *streams) *cobra.Command {
	var src source
	var out, pkg string
	c := &cobra.Command{
		Use:   "gen [DOCUMENT] --out DIR --package NAME",
		Short: "Generate Go code from a document: types, echo server stubs, a client",
		Long: `Writes types, strict echo server stubs, a client, a binder for +json bodies and the embedded document into --out, with
oapi-codegen. Files whose content does not change are left alone.`,
		Example: `  troth gen api.yaml --out gen/api --package api`,
		Args:    cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			doc, _, err := src.load(args, s.in)
			if err != nil {
				return err
			}
			files, err := gen.Write(doc, out, pkg)
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
	_ = c.MarkFlagRequired("out") // fails for an unknown flag only
	_ = c.MarkFlagRequired("package")
	return c
}
