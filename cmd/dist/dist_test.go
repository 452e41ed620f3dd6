package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestDocuments looks at what every archive holds beside the binary.
func TestDocuments(t *testing.T) {
	t.Chdir("../..")
	entries, err := documents(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	held := map[string][]byte{}
	for _, e := range entries {
		data, mode, err := e.content()
		if err != nil || mode != 0o644 {
			t.Errorf("%s: %v, mode %v", e.name, err, mode)
		}
		held[e.name] = data
	}
	for name, want := range map[string]string{
		"LICENSE":                "Apache License",
		"README.md":              "# troth",
		"THIRD-PARTY.txt":        "github.com/spf13/cobra v",
		"man/man1/troth-mock.1":  `.TH "TROTH-MOCK" "1"`,
		"completions/troth.bash": "complete ",
		"completions/_troth":     "#compdef troth",
		"completions/troth.fish": "complete -c troth",
		"completions/troth.ps1":  "Register-ArgumentCompleter",
	} {
		if !bytes.Contains(held[name], []byte(want)) {
			t.Errorf("%s: %d bytes without %q", name, len(held[name]), want)
		}
	}
}

// TestArchive writes both forms of archive twice, reads them back and checks their sums.
func TestArchive(t *testing.T) {
	when := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	var names []string
	first, second := t.TempDir(), t.TempDir()
	for _, platform := range []string{"linux/arm64", "windows/amd64"} {
		a := archive{platform, "v1.2.3", when, []entry{{name: "troth", data: []byte("program"), mode: 0o755}, {name: "man/man1/troth.1", data: []byte("page")}}}
		name, err := a.write(first)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
		if _, err := a.write(second); err != nil {
			t.Fatal(err)
		}
		one, err := os.ReadFile(filepath.Join(first, name))
		two, err2 := os.ReadFile(filepath.Join(second, name))
		if err != nil || err2 != nil || !bytes.Equal(one, two) {
			t.Errorf("%s differs from run to run: %v %v", name, err, err2)
		}
		folder := "troth_v1.2.3_" + strings.ReplaceAll(platform, "/", "_")
		want := fmt.Sprintf("%s/troth 755 program 2026-11-24\n%[1]s/man/man1/troth.1 644 page 2026-11-24\n", folder)
		if got := listed(t, name, one); got != want {
			t.Errorf("%s holds\n%s, want\n%s", name, got, want)
		}
	}
	if err := checksums(first, names); err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile(filepath.Join(first, "checksums.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(strings.TrimSpace(string(sums)), "\n") {
		data, err := os.ReadFile(filepath.Join(first, names[i]))
		if want := fmt.Sprintf("%x  %s", sha256.Sum256(data), names[i]); err != nil || line != want {
			t.Errorf("%q, want %q (%v)", line, want, err)
		}
	}
}

// listed is name, mode, content and day of each file in an archive.
func listed(t *testing.T, name string, data []byte) string {
	t.Helper()
	var b strings.Builder
	show := func(name string, mode fs.FileMode, r io.Reader, when time.Time) {
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s %o %s %s\n", name, mode.Perm(), content, when.UTC().Format(time.DateOnly))
	}
	if strings.HasSuffix(name, ".zip") {
		z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			show(f.Name, f.Mode(), r, f.Modified)
		}
		return b.String()
	}
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return b.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		show(h.Name, h.FileInfo().Mode(), r, h.ModTime)
	}
}

// TestCommitTime refuses to write archives that differ by the hour.
func TestCommitTime(t *testing.T) {
	for epoch, want := range map[string]string{"": "", "soon": "", "1764000000": "2025-11-24"} {
		t.Setenv("SOURCE_DATE_EPOCH", epoch)
		when, err := commitTime()
		if (err == nil) != (want != "") || err == nil && when.Format(time.DateOnly) != want {
			t.Errorf("%q: %v %v", epoch, when, err)
		}
	}
}
