package cli

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"
)

func newLint(s *streams) *cobra.Command {
	var src source
	c := &cobra.Command{
		Use:   "lint [DOCUMENT]",
		Short: "Tell what is wrong with a document",
		Long: `Compiles every operation and tells what cannot be compiled or checked (that fails), then what kin-openapi finds
(warnings, unless --strict).`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			strict := src.strict
			src.strict = false
			doc, _, err := src.load(args, s.in)
			if err != nil {
				return err
			}
			problems := src.report(doc, s.out, time.Time{})
			findings := doc.Lint()
			for _, f := range findings {
				fmt.Fprintln(s.out, f)
			}
			fmt.Fprintf(s.out, "%s: %d operations, %d problems, %d warnings\n", doc.Name, len(doc.Operations), problems, len(findings))
			if problems > 0 || strict && len(findings) > 0 {
				return exit(1)
			}
			return nil
		},
	}
	src.flags(c)
	return c
}
