package cli

import (
	"context"
	"fmt"
	"runtime"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"troth/contract"
	"troth/contract/checks"
	"troth/mock"
	"troth/openapi"
	"troth/openapi/convention"
)

func newSelftest(s *streams) *cobra.Command {
	var src source
	c := &cobra.Command{
		Use:   "selftest [DOCUMENT]",
		Short: "Show that the suite catches planted defects and is silent on a healthy server",
		Long: `Judges the built-in mock of a document: as it is, where no finding is expected, and with one planted defect at a time, each of which
its check has to catch. A defect that the document has no room for (no paged list, no way to create) is told as such.

Exit status: 0 every defect that can be planted is caught, 1 one survived or the healthy server got a finding, 2 it could not be judged.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			doc, conv, err := src.load(args, s.in)
			if err != nil {
				return err
			}
			return selftest(c.Context(), s, doc, conv)
		},
	}
	src.flags(c)
	return c
}

func selftest(ctx context.Context, s *streams, doc *openapi.Document, conv *convention.Conventions) error {
	healthy, err := judgeMock(ctx, doc, conv)
	if err != nil {
		return err
	}
	survivors := 0
	state := func(name, verdict, check string) { fmt.Fprintf(s.out, "%-24s %-12s %s\n", name, verdict, check) }
	if healthy.ExitCode(contract.Should) == contract.ExitBroken {
		survivors++
		state("(healthy)", "FINDINGS", "troth test tells them")
	} else {
		state("(healthy)", "silent", "")
	}
	reports, err := judgeDefects(ctx, doc, conv)
	if err != nil {
		return err
	}
	planted := 0
	for i, d := range mock.Defects() {
		r := reports[i]
		verdict := "no room"
		for _, o := range r.Outcomes {
			switch {
			case o.Check != d.Breaks || verdict == "caught":
			case o.Verdict == contract.Fail:
				verdict = "caught"
			case o.Verdict != contract.Skipped && !d.Narrow():
				verdict = "SURVIVED"
			}
		}
		if verdict != "no room" {
			planted++
		}
		if verdict == "SURVIVED" {
			survivors++
		}
		state(d.Name, verdict, d.Breaks+": "+d.Text)
	}
	fmt.Fprintf(s.out, "%d of %d defects planted, %d problems\n", planted, len(mock.Defects()), survivors)
	if survivors > 0 {
		return exit(contract.ExitBroken)
	}
	return nil
}

// judgeDefects are the reports of one mock for each defect, as many at a time as there are processors.
func judgeDefects(ctx context.Context, doc *openapi.Document, conv *convention.Conventions) ([]*contract.Report, error) {
	reports := make([]*contract.Report, len(mock.Defects()))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, d := range mock.Defects() {
		group.Go(func() (err error) {
			reports[i], err = judgeMock(ctx, doc, conv, mock.WithDefect(d.Name))
			return err
		})
	}
	return reports, group.Wait()
}

// judgeMock judges a mock of the document in process, below two parents of each kind.
func judgeMock(ctx context.Context, doc *openapi.Document, conv *convention.Conventions, opts ...mock.Option) (*contract.Report, error) {
	server, err := mock.New(doc, append([]mock.Option{mock.WithConventions(conv), mock.WithItems(120)}, opts...)...)
	if err != nil {
		return nil, err
	}
	builtin, err := contract.ForSchemes(doc, "public", "private", "token", "key")
	if err != nil {
		return nil, err
	}
	target, err := contract.NewTarget("http://selftest.example", append(builtin, contract.Handler(server), contract.Write())...)
	if err != nil {
		return nil, err
	}
	return contract.Run(ctx, doc, conv, target, checks.All())
}
