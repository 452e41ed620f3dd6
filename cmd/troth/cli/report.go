package cli

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"troth/contract"
)

func newReport(s *streams) *cobra.Command {
	c := &cobra.Command{Use: "report", Short: "Work on reports of troth test"}
	c.AddCommand(newMerge(s), newReportSchema(s))
	return c
}

func newMerge(s *streams) *cobra.Command {
	var f reportFlags
	c := &cobra.Command{
		Use:   "merge REPORT...",
		Short: "Join the JSON reports of the parts of one plan",
		Long: `Joins the JSON reports that the parts of a plan wrote (troth test --shard K/N --report json=FILE), writes the whole as --report says and
ends with the exit status that the whole run would have had.`,
		Example: `  troth test --shard 1/2 --report json=1.json; troth test --shard 2/2 --report json=2.json
  troth report merge 1.json 2.json --report text --report junit=all.xml`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return merge(s, &f, args) },
	}
	f.flags(c)
	return c
}

func newReportSchema(s *streams) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of the JSON report",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprint(s.out, contract.ReportSchema())
			return err
		},
	}
}

func merge(s *streams, f *reportFlags, names []string) error {
	failOn, err := contract.ParseLevel(f.failOn)
	if err != nil {
		return fmt.Errorf("--fail-on: %w", err)
	}
	writers, err := f.writers(s, failOn)
	if err != nil {
		return err
	}
	var parts []*contract.Report
	for _, name := range names {
		part, err := readReport(name)
		if err != nil {
			return err
		}
		parts = append(parts, part)
	}
	whole, err := contract.Merge(parts)
	if err != nil {
		return err
	}
	return f.tell(whole, writers, failOn)
}

func readReport(name string) (*contract.Report, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return contract.ReadReport(name, file)
}
