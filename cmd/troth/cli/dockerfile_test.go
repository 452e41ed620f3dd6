package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestDockerfile reads the Dockerfile, since an image is built by a container engine only: what it copies is there and is all that the
// program is made of, and the image runs it as nobody in particular.
func TestDockerfile(t *testing.T) {
	data, err := os.ReadFile("../../../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	var copied []string
	has := map[string][]string{}
	for line := range strings.Lines(strings.ReplaceAll(string(data), "\\\n", "")) {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		has[word] = append(has[word], rest)
		if word == "COPY" && !strings.HasPrefix(rest, "--from") {
			words := strings.Fields(rest)
			copied = append(copied, words[:len(words)-1]...)
		}
	}
	for _, source := range copied {
		if _, err := os.Stat(filepath.Join("../../..", source)); err != nil {
			t.Errorf("COPY: %v", err)
		}
	}
	for word, want := range map[string]string{"USER": "65532:65532", "EXPOSE": "4010", "ENTRYPOINT": `["/troth"]`, "ENV": "TROTH_ADDR=:4010"} {
		if !slices.Equal(has[word], []string{want}) {
			t.Errorf("%s %q, want %s", word, has[word], want)
		}
	}
	if from := has["FROM"]; len(from) != 2 || from[1] != "scratch" || !strings.Contains(from[0], "golang:"+goVersion(t)) {
		t.Errorf("FROM %q: want the Go that go.mod names, then scratch", from)
	}
	ignored, err := os.ReadFile("../../../.dockerignore")
	if err != nil {
		t.Fatal(err)
	}
	for _, pkg := range packages(t, "nogen") {
		top, _, _ := strings.Cut(pkg, "/")
		if !slices.Contains(copied, top) || !strings.Contains(string(ignored), "\n!"+top+"\n") {
			t.Errorf("package %s is not copied", pkg)
		}
	}
}

// goVersion is the language version in go.mod, such as 1.26.
func goVersion(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("../../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(data), "\ngo ")
	major, minor, _ := strings.Cut(strings.Fields(rest)[0], ".")
	minor, _, _ = strings.Cut(minor, ".")
	return major + "." + minor
}

// packages are troth's own packages in the program, below the module.
func packages(t *testing.T, tags string) (list []string) {
	t.Helper()
	out, err := exec.Command("go", "list", "-tags", tags, "-deps", "-f", `{{with .Module}}{{if .Main}}{{$.ImportPath}}{{end}}{{end}}`, "troth/cmd/troth").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		if pkg, ok := strings.CutPrefix(strings.TrimSpace(line), "troth/"); ok {
			list = append(list, pkg)
		}
	}
	if len(list) < 8 {
		t.Fatalf("packages: %q", list)
	}
	return list
}

// TestWithoutGenerator compiles the program as the Dockerfile does, and finds no generator in it.
func TestWithoutGenerator(t *testing.T) {
	if out, err := exec.Command("go", "build", "-tags", "nogen", "troth/cmd/troth/cli").CombinedOutput(); err != nil {
		t.Errorf("%v %s", err, out)
	}
	if slices.ContainsFunc(packages(t, "nogen"), func(pkg string) bool { return pkg == "gen" || strings.HasPrefix(pkg, "gen/") }) {
		t.Error("the generator is linked")
	}
}
