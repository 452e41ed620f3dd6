package gen_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"troth/gen"
)

// TestMockCompiles compiles the package of documents with all kinds of names and media types, and runs a test in it that uses the typed
// mock. Nothing is written into the module: the go command is shown the files where they would be.
func TestMockCompiles(t *testing.T) {
	if testing.Short() {
		t.Skip("builds packages")
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	for name, document := range map[string]string{
		"shop": "../mock/testdata/shop.yaml", "teams": "../mock/testdata/teams.yaml", "media": "../openapi/testdata/media.yaml",
		"names": "testdata/names.yaml", "split": "testdata/split/api.yaml",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			files, err := gen.Write(load(t, document), dir, "made")
			if err != nil {
				t.Fatal(err)
			}
			at := filepath.Join(root, "gen", "internal", "made", name)
			shown := map[string]string{filepath.Join(at, "made_test.go"): filepath.Join(root, "gen", "testdata", "made", name+".go.txt")}
			for _, f := range files {
				shown[filepath.Join(at, f)] = filepath.Join(dir, f)
			}
			overlay := filepath.Join(dir, "overlay.json")
			text, err := json.Marshal(map[string]any{"Replace": shown})
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(overlay, text, 0o600); err != nil {
				t.Fatal(err)
			}
			binary := filepath.Join(dir, "made.test")
			build := exec.CommandContext(t.Context(), "go", "test", "-c", "-vet=off", "-overlay", overlay, "-o", binary, "troth/gen/internal/made/"+name)
			build.Dir = root
			if out, err := build.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			if out, err := exec.CommandContext(t.Context(), binary).CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
