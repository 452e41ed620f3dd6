package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"troth/mock"
	"troth/openapi"
	"troth/openapi/atlas"
	"troth/openapi/convention"
)

// source is which document a command works on.
type source struct {
	config    string
	strict    bool
	resources []string

	embedded bool // the document is the default one
}

func (s *source) flags(c *cobra.Command) {
	c.Flags().StringVar(&s.config, "config", "", "conventions `FILE` (default troth.yaml beside the document)")
	c.Flags().StringArrayVar(&s.resources, "resource", nil, "`URI=FILE`: what references to an absolute URI mean, which are never fetched; may be repeated")
	c.Flags().BoolVar(&s.strict, "strict", false, "fail on lint findings, too (see troth lint)")
}

// load reads the document that the arguments name ("-" is standard input), else the embedded one, and its conventions.
func (s *source) load(args []string, in io.Reader) (*openapi.Document, *convention.Conventions, error) {
	doc, err := s.document(args, in)
	if err != nil {
		return nil, nil, err
	}
	if s.strict {
		if findings := doc.Lint(); len(findings) > 0 {
			return nil, nil, fmt.Errorf("--strict: %w", errors.Join(findings...))
		}
	}
	conv, err := s.conventions(doc)
	return doc, conv, err
}

// conventions are those of --config, else of the file beside the document.
func (s *source) conventions(doc *openapi.Document) (*convention.Conventions, error) {
	switch {
	case s.config != "":
		return convention.Load(doc, s.config)
	case s.embedded:
		return atlas.Conventions(doc)
	}
	return convention.Beside(doc)
}

func (s *source) document(args []string, in io.Reader) (*openapi.Document, error) {
	switch {
	case len(args) == 0:
		s.embedded = true
		return atlas.Document()
	}
	opts, err := s.options()
	if err != nil {
		return nil, err
	}
	if args[0] == "-" {
		return openapi.Read("standard input", in, opts...)
	}
	return openapi.Load(args[0], opts...)
}

func (s *source) options() (opts []openapi.Option, err error) {
	for _, pair := range s.resources {
		uri, path, ok := strings.Cut(pair, "=")
		if !ok || !strings.Contains(uri, ":") {
			return nil, fmt.Errorf("--resource %q: want URI=FILE", pair)
		}
		opts = append(opts, openapi.WithResource(uri, path))
	}
	return opts, nil
}

// report tells what of a document cannot be served or checked. It tries operation by operation until the deadline (zero: to the end) on
// a fork of the document, so that what it compiles does not stay in memory.
func (s *source) report(doc *openapi.Document, out io.Writer, deadline time.Time, opts ...mock.Option) (problems int) {
	fork, err := doc.Fork()
	if err != nil {
		fmt.Fprintln(out, "warning:", err)
		return 1
	}
	if conv, err := s.conventions(fork); err == nil { // they keep what they inferred of each operation, too
		opts = append(opts, mock.WithConventions(conv))
	}
	tried := 0
	for op, err := range mock.Refusals(fork, opts...) {
		if err != nil {
			fmt.Fprintf(out, "warning: %s %s cannot be answered with success: %v\n", op.Method, op.Path, err)
			problems++
		}
		if tried++; !deadline.IsZero() && tried < len(fork.Operations) && time.Now().After(deadline) {
			fmt.Fprintf(out, "note: %d of %d operations were tried; troth lint tries them all\n", tried, len(fork.Operations))
			break
		}
	}
	for _, err := range mock.Unshaped(fork.Operations[:tried]) {
		fmt.Fprintln(out, "warning:", err)
		problems++
	}
	tellExamples(fork, fork.Operations[:tried], out, !deadline.IsZero())
	unchecked := fork.Compiler().Unchecked()
	for _, u := range unchecked {
		fmt.Fprintln(out, "warning: cannot be checked:", u)
	}
	return problems + len(unchecked)
}

// shownExamples is how many bad examples are shown where a document is served.
const shownExamples = 3

// tellExamples tells which examples break their schema, each once: nobody is served with them.
func tellExamples(doc *openapi.Document, operations []*openapi.Operation, out io.Writer, few bool) {
	seen := map[string]bool{}
	var list []error
	add := func(errs []error) {
		for _, err := range errs {
			if !seen[err.Error()] {
				seen[err.Error()] = true
				list = append(list, err)
			}
		}
	}
	for _, op := range operations {
		if compiled, err := op.Compile(); err == nil {
			add(compiled.BrokenExamples())
		}
	}
	add(doc.Compiler().BrokenExamples())
	for i, err := range list {
		if few && i == shownExamples {
			fmt.Fprintf(out, "note: %d more examples break their schema and are not served; troth lint shows all\n", len(list)-i)
			break
		}
		fmt.Fprintln(out, "note:", err)
	}
}
