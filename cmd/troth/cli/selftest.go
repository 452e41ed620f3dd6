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
its check has to catch. A defect that the document has no room for (no paged list, no way to create: no answer is another one than that of the healthy
server) is told as such, and so is one that another check catches than its own.

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
	if healthy.report.ExitCode(contract.Should) == contract.ExitBroken {
		survivors++
		state("(healthy)", "FINDINGS", "troth test tells them")
	} else {
		state("(healthy)", "silent", "")
	}
	planted, err := judgeDefects(ctx, doc, conv)
	if err != nil {
		return err
	}
	seen := 0
	for i, d := range mock.Defects() {
		verdict, check := planted[i].verdict(d, healthy)
		if verdict != noRoom {
			seen++
		}
		if verdict == survived {
			survivors++
		}
		state(d.Name, verdict, check+": "+d.Text)
	}
	fmt.Fprintf(s.out, "%d of %d defects planted, %d problems\n", seen, len(mock.Defects()), survivors)
	if survivors > 0 {
		return exit(contract.ExitBroken)
	}
	return nil
}

// Verdicts on a planted defect.
const (
	noRoom   = "no room"
	caught   = "caught"
	survived = "SURVIVED"
)

// judged is what the suite found of a mock, and what that answered.
type judged struct {
	report *contract.Report
	heard  *answers
}

// verdict tells what became of a defect, and by which check.
func (j judged) verdict(d mock.Defect, healthy judged) (verdict, check string) {
	verdict, check = noRoom, d.Breaks
	for i, o := range j.report.Outcomes {
		switch {
		case o.Check == d.Breaks && o.Verdict == contract.Fail:
			return caught, d.Breaks
		case o.Verdict == contract.Fail && healthy.report.Outcomes[i].Verdict != contract.Fail && verdict != caught:
			verdict, check = caught, o.Check
		case o.Check == d.Breaks && o.Verdict != contract.Skipped && !d.Narrow() && verdict == noRoom && !j.heard.equal(healthy.heard):
			verdict = survived
		}
	}
	return verdict, check
}

// judgeDefects judges one mock for each defect, as many at a time as there are processors.
func judgeDefects(ctx context.Context, doc *openapi.Document, conv *convention.Conventions) ([]judged, error) {
	all := make([]judged, len(mock.Defects()))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, d := range mock.Defects() {
		group.Go(func() (err error) {
			all[i], err = judgeMock(ctx, doc, conv, mock.WithDefect(d.Name))
			return err
		})
	}
	return all, group.Wait()
}

// judgeMock judges a mock of the document in process, below two parents of each kind.
func judgeMock(ctx context.Context, doc *openapi.Document, conv *convention.Conventions, opts ...mock.Option) (judged, error) {
	server, err := mock.New(doc, append([]mock.Option{mock.WithConventions(conv), mock.WithItems(120)}, opts...)...)
	if err != nil {
		return judged{}, err
	}
	builtin, err := contract.ForSchemes(doc, "public", "private", "token", "key")
	if err != nil {
		return judged{}, err
	}
	heard := &answers{}
	target, err := contract.NewTarget("http://selftest.example", append(builtin, contract.Handler(heard.of(server)), contract.Write())...)
	if err != nil {
		return judged{}, err
	}
	report, err := contract.Run(ctx, doc, conv, target, checks.All())
	return judged{report, heard}, err
}
