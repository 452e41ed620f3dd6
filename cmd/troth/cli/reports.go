package cli

import (
	"fmt"
	"io"
	"os"
	"strings"

	"troth/contract"
)

// writers are the reports that --report names, checked before anything is sent.
func (f *testFlags) writers(s *streams, failOn contract.Level) ([]func(*contract.Report) error, error) {
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
		default:
			return nil, fmt.Errorf("--report %q: want text, json=FILE or junit=FILE (FILE - is standard output)", form)
		}
	}
	return list, nil
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

// mute applies --known.
func (f *testFlags) mute(r *contract.Report) error {
	if f.known == "" {
		return nil
	}
	file, err := os.Open(f.known)
	if err != nil {
		return fmt.Errorf("--known: %w", err)
	}
	defer file.Close()
	known, err := contract.ReadKnown(f.known, file)
	if err != nil {
		return err
	}
	r.Mute(known)
	return nil
}
