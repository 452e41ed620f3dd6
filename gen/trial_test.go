package gen_test

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"troth/gen"
	"troth/openapi"
)

var (
	trialDocuments = flag.String("documents", "", "generate from every document in this `FOLDER` (or from this file); see make trial")
	trialEvery     = flag.Int("every", 1, "take one of so many documents")
	trialCompile   = flag.Bool("compile", true, "compile what was generated")
)

// TestTrial generates from documents that people have, compiles the code, and tells what was left out and why.
func TestTrial(t *testing.T) {
	if *trialDocuments == "" {
		t.Skip("no -documents; see make trial")
	}
	module := trialModule(t)
	var total trial
	for i, path := range trialPaths(t) {
		if i%*trialEvery == 0 {
			total.add(try(t, module, fmt.Sprintf("d%d", i), path))
		}
	}
	fmt.Printf("total: %d documents, %d operations, %d left out, %d lines; %d documents refused, %d not compiled; generated in %v, compiled in %v\n",
		total.documents, total.operations, total.left, total.lines, total.refused, total.broken, total.generate.Round(time.Second), total.compile.Round(time.Second))
	if total.broken > 0 {
		t.Fail()
	}
}

// trial is what came of some documents.
type trial struct {
	documents, operations, left, lines, refused, broken int
	generate, compile                                   time.Duration
}

func (t *trial) add(one trial) {
	t.documents += one.documents
	t.operations += one.operations
	t.left += one.left
	t.lines += one.lines
	t.refused += one.refused
	t.broken += one.broken
	t.generate += one.generate
	t.compile += one.compile
}

// trialModule is a module for the code, with this module's dependencies.
func trialModule(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	mod, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	sum, err := os.ReadFile("../go.sum")
	if err != nil {
		t.Fatal(err)
	}
	mod = bytes.Replace(mod, []byte("module troth\n"), []byte("module trial\n"), 1)
	for name, data := range map[string][]byte{"go.mod": mod, "go.sum": sum} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func trialPaths(t *testing.T) []string {
	t.Helper()
	var paths []string
	err := filepath.WalkDir(*trialDocuments, func(path string, entry fs.DirEntry, err error) error {
		if ext := filepath.Ext(path); err == nil && !entry.IsDir() && slices.Contains([]string{".yaml", ".yml", ".json"}, ext) {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// try generates from one document and compiles.
func try(t *testing.T, module, name, path string) (one trial) {
	one.documents = 1
	shown, _ := filepath.Rel(*trialDocuments, path)
	doc, err := openapi.Load(path)
	if err != nil {
		fmt.Printf("%s: refused: %v\n", shown, err)
		one.refused++
		return one
	}
	one.operations = len(doc.Operations)
	left := map[string]bool{}
	start := time.Now()
	dir := filepath.Join(module, name)
	names, err := gen.Write(doc, dir, "api", gen.WithLeftOut(func(p gen.Problem) {
		fmt.Printf("%s: left out: %s\n", shown, p)
		for _, id := range p.Operations {
			left[id] = true
		}
	}))
	one.generate = time.Since(start)
	one.left = len(left)
	if err != nil {
		fmt.Printf("%s: refused: %v\n", shown, err)
		one.refused++
		return one
	}
	for _, n := range names {
		one.lines += strings.Count(read(t, filepath.Join(dir, n)), "\n")
	}
	if *trialCompile {
		start := time.Now()
		build := exec.Command("go", "build", "-mod=mod", "./"+name)
		build.Dir = module
		if out, err := build.CombinedOutput(); err != nil {
			one.broken++
			fmt.Printf("%s: does not compile:\n%s\n", shown, out)
		}
		one.compile = time.Since(start)
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
	fmt.Printf("%s: OpenAPI %s, %d operations, %d left out, %d lines, generated in %v, compiled in %v\n", shown, doc.OpenAPI, one.operations, one.left, one.lines,
		one.generate.Round(time.Millisecond), one.compile.Round(time.Millisecond))
	return one
}
