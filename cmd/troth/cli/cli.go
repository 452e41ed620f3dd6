// Package cli is the command line of troth: flags, messages and exit codes around the packages mock, contract and gen.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// Exit codes. Those of "troth test" are contract's: 0 kept, 1 broken, 2 could not judge.
const (
	exitOK    = 0
	exitError = 2
)

// exit is an error that carries an exit code; its message was shown already.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// streams are where a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// Run runs troth with arguments and returns its exit code. SIGINT and SIGTERM end it cleanly.
func Run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	root := newRoot(&streams{in, out, errs})
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errs)
	err := root.ExecuteContext(ctx)
	var code exit
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &code):
		return int(code)
	}
	fmt.Fprintln(errs, "troth:", err)
	return exitError
}

func newRoot(s *streams) *cobra.Command {
	root := &cobra.Command{
		Use:   "troth",
		Short: "A mock server you can trust and a contract suite you cannot fool, from one OpenAPI document",
		Long: `troth reads an OpenAPI 3.0, 3.1 or 3.2 document, or a Swagger 2.0 one (YAML or JSON), and
  mock   serves it: every answer keeps what the document promises
  test   judges an implementation of it over HTTP; selftest shows what that catches
  gen    generates Go code from it: types, echo server stubs, a client, a typed mock
  init   makes a Go project of it
  lint   tells what is wrong with it

Without a DOCUMENT they use the embedded one: three operations of the MongoDB Atlas Administration API.`,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.AddCommand(newMock(s), newTest(s), newSelftest(s), newReport(s), newGen(s), newInit(s), newLint(s), newMan(s), newVersion(s))
	completions(root)
	return root
}

// terminal tells whether a writer is a terminal: colour and progress are for people. NO_COLOR turns them off (no-color.org).
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}
