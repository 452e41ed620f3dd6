package cli

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"troth/openapi"
	"troth/openapi/atlas"
	"troth/openapi/convention"
)

// source is which document a command works on.
type source struct {
	config string
	strict bool
}

func (s *source) flags(c *cobra.Command) {
	c.Flags().StringVar(&s.config, "config", "", "conventions `FILE` (default troth.yaml beside the document)")
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
	switch {
	case s.config != "":
		conv, err := convention.Load(doc, s.config)
		return doc, conv, err
	case len(args) == 0:
		conv, err := atlas.Conventions(doc)
		return doc, conv, err
	}
	conv, err := convention.Beside(doc)
	return doc, conv, err
}

func (s *source) document(args []string, in io.Reader) (*openapi.Document, error) {
	switch {
	case len(args) == 0:
		return atlas.Document()
	case args[0] == "-":
		return openapi.Read("standard input", in)
	}
	return openapi.Load(args[0])
}

// report tells what of a document cannot be served or checked.
func report(doc *openapi.Document, out io.Writer) (problems int) {
	errs, unchecked := doc.CompileAll()
	for _, err := range errs {
		fmt.Fprintln(out, "warning: cannot be compiled and is answered 500:", err)
	}
	for _, u := range unchecked {
		fmt.Fprintln(out, "warning: cannot be checked:", u)
	}
	return len(errs) + len(unchecked)
}
