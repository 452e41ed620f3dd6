package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"troth/contract"
)

// reportFlags are about what a report is compared with and written as.
type reportFlags struct {
	failOn  string
	reports []string
	known   string
	update  bool
}

func (f *reportFlags) flags(c *cobra.Command) {
	c.Flags().StringVar(&f.failOn, "fail-on", "should", "level that fails the run: must, should or advice")
	c.Flags().StringArrayVar(&f.reports, "report", []string{"text"}, "`FORM`: text, github, or html=FILE, json=FILE, junit=FILE, sarif=FILE, markdown=FILE, coverage=FILE (FILE - is standard output); may be repeated")
	c.Flags().StringVar(&f.known, "known", "", "`FILE` of known findings to mute, each with a reason above it, which may say until YYYY-MM-DD")
	c.Flags().BoolVar(&f.update, "known-update", false, "write --known anew with all findings: known ones keep their reasons")
}

// tell mutes what is known, writes the reports and ends with the exit code that the report asks for.
func (f *reportFlags) tell(r *contract.Report, writers []func(*contract.Report) error, failOn contract.Level) error {
	if err := f.mute(r); err != nil {
		return err
	}
	for _, write := range writers {
		if err := write(r); err != nil {
			return err
		}
	}
	if code := r.ExitCode(failOn); code != contract.ExitKept {
		return exit(code)
	}
	return nil
}

// writers are the reports that --report names, checked before anything is sent.
func (f *reportFlags) writers(s *streams, failOn contract.Level) ([]func(*contract.Report) error, error) {
	var list []func(*contract.Report) error
	for _, form := range f.reports {
		name, path, _ := strings.Cut(form, "=")
		switch {
		case form == "text":
			list = append(list, func(r *contract.Report) error { return r.Text(s.out, terminal(s.out)) })
		case name == "json" && path != "":
			list = append(list, toFile(path, s.out, func(r *contract.Report, w io.Writer) error { return r.JSON(w) }))
		case name == "junit" && path != "":
			list = append(list, toFile(path, s.out, func(r *contract.Report, w io.Writer) error { return r.JUnit(w, failOn) }))
		case name == "sarif" && path != "":
			list = append(list, toFile(path, s.out, func(r *contract.Report, w io.Writer) error { return r.SARIF(w) }))
		case name == "html" && path != "":
			list = append(list, toFile(path, s.out, func(r *contract.Report, w io.Writer) error { return r.HTML(w) }))
		case name == "coverage" && path != "":
			list = append(list, toFile(path, s.out, func(r *contract.Report, w io.Writer) error { return r.CoverageText(w) }))
		case name == "markdown" && path != "":
			list = append(list, toFile(path, s.out, func(r *contract.Report, w io.Writer) error { return r.Markdown(w) }))
		case form == "github":
			list = append(list, func(r *contract.Report) error { return f.github(s.out, r) })
		default:
			return nil, fmt.Errorf("--report %q: want text, github, html=FILE, json=FILE, junit=FILE, sarif=FILE, markdown=FILE or coverage=FILE (FILE - is standard output)", form)
		}
	}
	return list, nil
}

// github writes annotations for GitHub Actions, and the summary where the job has a page for it.
func (f *reportFlags) github(out io.Writer, r *contract.Report) error {
	if err := r.GitHub(out); err != nil {
		return err
	}
	path := os.Getenv("GITHUB_STEP_SUMMARY")
	if path == "" {
		return nil
	}
	page, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("--report github: %w", err)
	}
	if err := r.Markdown(page); err != nil {
		_ = page.Close()
		return err
	}
	return page.Close()
}

func toFile(path string, out io.Writer, write func(*contract.Report, io.Writer) error) func(*contract.Report) error {
	return func(r *contract.Report) error {
		if path == "-" {
			return write(r, out)
		}
		f, err := os.Create(path)
		if err != nil {
			return fmt.Errorf("--report: %w", err)
		}
		if err := write(r, f); err != nil {
			f.Close()
			return err
		}
		return f.Close()
	}
}

// mute applies --known, and writes the list anew where --known-update asks for it.
func (f *reportFlags) mute(r *contract.Report) error {
	if f.known == "" {
		if f.update {
			return errors.New("--known-update: give the file by --known")
		}
		return nil
	}
	known, err := f.readKnown()
	if err != nil {
		return err
	}
	day := time.Now().Format(time.DateOnly)
	if f.update {
		var b bytes.Buffer
		if err := known.Update(&b, r, day); err != nil {
			return err
		}
		if err := os.WriteFile(f.known, b.Bytes(), 0o644); err != nil {
			return fmt.Errorf("--known-update: %w", err)
		}
		if known, err = f.readKnown(); err != nil {
			return err
		}
	}
	r.Mute(known, day)
	return nil
}

// readKnown reads --known; with --known-update it may be absent.
func (f *reportFlags) readKnown() (*contract.Known, error) {
	file, err := os.Open(f.known)
	if err != nil {
		if f.update && errors.Is(err, os.ErrNotExist) {
			return contract.ReadKnown(f.known, strings.NewReader(""))
		}
		return nil, fmt.Errorf("--known: %w", err)
	}
	defer func() { _ = file.Close() }()
	return contract.ReadKnown(f.known, file)
}
