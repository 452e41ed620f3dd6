package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// block is a fenced block of a page.
type block struct {
	file   string // below the top level
	line   int    // of its fence
	lang   string
	text   string
	notRun string // the reason in a comment <!-- not run: … --> in front of it
	exit   string // the exit status in a comment <!-- exit: N --> in front of it
}

var (
	fence  = regexp.MustCompile("^( *)```(.*)$")
	marker = regexp.MustCompile(`^ *<!-- (not run|exit): (.+) -->$`)
)

// blocks are the fenced blocks of README.md, CONTRIBUTING.md and the pages in docs.
func blocks(t *testing.T) (all []block) {
	t.Helper()
	files, err := filepath.Glob("../../../docs/*.md")
	if err != nil || len(files) < 5 {
		t.Fatalf("docs: %q %v", files, err)
	}
	for _, file := range append(files, "../../../README.md", "../../../CONTRIBUTING.md") {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, inPage(strings.TrimPrefix(file, "../../../"), string(data))...)
	}
	return all
}

func inPage(file, text string) (all []block) {
	var open *block
	indent, said := "", map[string]string{}
	for i, line := range strings.Split(text, "\n") {
		m := fence.FindStringSubmatch(line)
		switch {
		case open != nil && m != nil:
			all = append(all, *open)
			open, said = nil, map[string]string{}
		case open != nil:
			open.text += strings.TrimPrefix(line, indent) + "\n"
		case m != nil:
			indent, open = m[1], &block{file: file, line: i + 1, lang: m[2], notRun: said["not run"], exit: said["exit"]}
		case marker.MatchString(line):
			m := marker.FindStringSubmatch(line)
			said[m[1]] = m[2]
		case strings.TrimSpace(line) != "":
			said = map[string]string{}
		}
	}
	return all
}

// TestBlocks counts the blocks of code in the pages that other tests run, and tells of those that cannot be run here.
func TestBlocks(t *testing.T) {
	run, not := 0, 0
	for _, b := range blocks(t) {
		switch {
		case b.lang != "sh" && b.lang != "go":
		case b.notRun != "":
			not++
			t.Logf("not run: %s:%d: %s", b.file, b.line, b.notRun)
		default:
			run++
		}
	}
	t.Logf("%d blocks are run, %d are not", run, not)
	if run < 15 || not > run/3 {
		t.Errorf("%d blocks are run, %d are not", run, not)
	}
}

var link = regexp.MustCompile(`\]\(([^)#:\s]+)(?:#[^)]*)?\)`)

// TestLinks follows the links between pages, and to files.
func TestLinks(t *testing.T) {
	files, err := filepath.Glob("../../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	linked := map[string]bool{}
	for _, file := range append(files, "../../../README.md", "../../../CONTRIBUTING.md") {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(data), -1) {
			target := filepath.Join(filepath.Dir(file), m[1])
			linked[target] = linked[target] || strings.HasSuffix(file, "README.md")
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s links to %s, which is not there", file, m[1])
			}
		}
	}
	for _, file := range files {
		if !linked[filepath.Clean(file)] {
			t.Errorf("README.md does not link to %s", file)
		}
	}
}
