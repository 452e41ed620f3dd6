package scaffold_test

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"troth/gen"
	"troth/gen/scaffold"
	"troth/openapi"
	"troth/openapi/convention"
)

var (
	trialDocuments = flag.String("documents", "", "make a project of every document in this `FOLDER` (or of this file), compile it and run its tests; see make trial")
	trialEvery     = flag.Int("every", 1, "take one of so many documents")
	trialCompile   = flag.Bool("compile", true, "compile the projects and run their tests")
)

// TestTrial makes projects of documents that people have.
func TestTrial(t *testing.T) {
	if *trialDocuments == "" {
		t.Skip("no -documents; see make trial")
	}
	var paths []string
	err := filepath.WalkDir(*trialDocuments, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && slices.Contains([]string{".yaml", ".yml", ".json"}, filepath.Ext(path)) {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, path := range paths {
		if i%*trialEvery == 0 {
			try(t, path)
		}
	}
}

// try makes one project, compiles it and runs its tests.
func try(t *testing.T, path string) {
	shown, _ := filepath.Rel(*trialDocuments, path)
	start := time.Now()
	doc, err := openapi.Load(path)
	if err != nil {
		fmt.Printf("%s: refused: %v\n", shown, err)
		return
	}
	p := project(t, doc, convention.Infer(doc))
	left := map[string]bool{}
	p.LeftOut = func(p gen.Problem) {
		fmt.Printf("%s: left out: %s\n", shown, p)
		for _, id := range p.Operations {
			left[id] = true
		}
	}
	files, err := p.Files()
	if err != nil {
		fmt.Printf("%s: refused: %v\n", shown, err)
		return
	}
	dir := filepath.Join(t.TempDir(), "shop")
	if err := scaffold.Write(dir, files, false); err != nil {
		t.Fatal(err)
	}
	made := time.Since(start)
	start = time.Now()
	verdict := "not compiled"
	if *trialCompile {
		verdict = "compiled and tested"
		for _, words := range [][]string{{"vet", "./..."}, {"test", "./..."}} {
			c := exec.CommandContext(t.Context(), "go", words...)
			c.Dir, c.Env = dir, append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off")
			if out, err := c.CombinedOutput(); err != nil {
				t.Errorf("%s: go %s: %v\n%s", shown, words[0], err, out)
				verdict = "FAILED"
			}
		}
	}
	fmt.Printf("%s: OpenAPI %s, %d operations, %d left out, made in %v, %s in %v\n", shown, doc.OpenAPI, len(doc.Operations), len(left),
		made.Round(time.Millisecond), verdict, time.Since(start).Round(time.Millisecond))
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
}
