package cli

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestShellBlocks runs every block of shell commands in the pages with bash, from the top level of a checkout. troth and
// "go run ./cmd/troth" are this program; a mock is stopped when it has said where it listens. make prints what it would do, go tests and
// installs nothing but has to know what it is told to. 127.0.0.1:4010 is a running mock of the default document, :4020 one with a planted
// defect, :8080 and $URL one of api.yaml (testdata/api.yaml), and /tmp a directory of its own.
func TestShellBlocks(t *testing.T) {
	for _, needed := range []string{"bash", "curl", "make"} {
		if _, err := exec.LookPath(needed); err != nil {
			t.Skipf("skipped: this machine has no %s", needed)
		}
	}
	healthy, broken := start(t), start(t, "--defect", "page-overlap")
	api := start(t, "testdata/api.yaml")
	tools := documentTools(t)
	for _, b := range blocks(t) {
		if b.lang != "sh" || b.notRun != "" {
			continue
		}
		t.Run(fmt.Sprintf("%s:%d", b.file, b.line), func(t *testing.T) {
			home := t.TempDir()
			text := strings.NewReplacer("http://127.0.0.1:4010", healthy.url, "http://127.0.0.1:4020", broken.url, "http://127.0.0.1:8080", api.url, "/tmp/", home+"/").Replace(b.text)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			c := exec.CommandContext(ctx, "bash", "-e", "-o", "pipefail", "-c", text)
			c.Dir = checkout(t)
			c.WaitDelay = time.Second
			c.Env = append(os.Environ(), "HOME="+home, "URL="+api.url, "PATH="+tools+":"+os.Getenv("PATH"))
			if strings.Contains(text, "api.yaml") {
				c.Env = append(c.Env, "TROTH_BEARER=token")
			}
			out, err := c.CombinedOutput()
			if c.ProcessState == nil {
				t.Fatal(err)
			}
			if want := cmp.Or(b.exit, "0"); strconv.Itoa(c.ProcessState.ExitCode()) != want {
				t.Errorf("exit %d, want %s, of\n%s\n%s", c.ProcessState.ExitCode(), want, text, out)
			}
			for _, m := range refusedByServer.FindAllString(string(out), -1) {
				t.Errorf("%s for a request of\n%s", m, text)
			}
		})
	}
}

// refusedByServer is in the output of the curl that runs here where a request was refused as wrong.
var refusedByServer = regexp.MustCompile(`curl was answered 4\d\d`)

// checkout is a directory that looks like the top level of a checkout, with a document api.yaml, and can be written to.
func checkout(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	top, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(top)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if err := os.Symlink(filepath.Join(top, e.Name()), filepath.Join(dir, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	document, err := os.ReadFile("testdata/api.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "api.yaml"), document, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// documentTools is a directory of the programs that blocks call.
func documentTools(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	real := func(name string) string {
		path, err := exec.LookPath(name)
		if err != nil {
			t.Fatal(err)
		}
		return shellWord(path)
	}
	for name, line := range map[string]string{
		"troth": fmt.Sprintf(`exec env %s=documented %s "$@"`, asProgram, shellWord(self)),
		"go":    fmt.Sprintf(`case $1 in run|install|build|test) exec env %s=go %s "$@";; *) exec %s "$@";; esac`, asProgram, shellWord(self), real("go")),
		"make":  `exec ` + real("make") + ` --dry-run "$@"`,
		"curl":  `exec ` + real("curl") + ` --silent --show-error --write-out '%{stderr}curl was answered %{http_code}\n' "$@"`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+line+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// documented runs a command line of a page: a mock on a free port, until it has said where it listens.
func documented(args []string) int {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if len(args) == 0 || args[0] != "mock" || slices.Contains(args, "--help") {
		return Run(ctx, args, os.Stdin, os.Stdout, os.Stderr)
	}
	for i, arg := range args {
		if i > 0 && args[i-1] == "--addr" {
			args[i] = "127.0.0.1:0"
		}
		if strings.HasPrefix(arg, "--addr=") {
			args[i] = "--addr=127.0.0.1:0"
		}
	}
	if err := os.Setenv("TROTH_ADDR", "127.0.0.1:0"); err != nil {
		return exitError
	}
	return Run(ctx, args, os.Stdin, &greeting{stop: cancel}, os.Stderr)
}

// greeting stops a mock when it says how it is stopped.
type greeting struct {
	bytes.Buffer
	stop func()
}

func (g *greeting) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte("Ctrl-C")) {
		g.stop()
	}
	return os.Stdout.Write(p)
}

// goCommand plays the go command for a command line of a page.
func goCommand(args []string) error {
	if len(args) < 2 {
		return fmt.Errorf("go %q", args)
	}
	switch args[0] {
	case "run":
		if args[1] != "./cmd/troth" {
			return fmt.Errorf("go run %s", args[1])
		}
		if code := documented(args[2:]); code != 0 {
			return exit(code)
		}
		return nil
	case "install", "build":
		return isPackage(args[len(args)-1])
	case "test":
		return testable(args[1:])
	}
	return fmt.Errorf("go %s: not known to this test", args[0])
}

func isPackage(path string) error {
	files, err := filepath.Glob(filepath.Join(path, "*.go"))
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("%s is no package", path)
	}
	return err
}

// testable tells whether a package is there and its tests take the flags that they are given.
func testable(args []string) error {
	pkg := "."
	for _, arg := range args {
		if strings.HasPrefix(arg, "./") {
			pkg = arg
		}
	}
	if strings.HasSuffix(pkg, "/...") {
		return nil
	}
	if err := isPackage(pkg); err != nil {
		return err
	}
	var text []byte
	files, err := filepath.Glob(filepath.Join(pkg, "*.go"))
	if err != nil {
		return err
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		text = append(text, data...)
	}
	for _, arg := range args {
		name, _, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		own := regexp.MustCompile(`flag\.\w+\((?:&\w+, )?"` + regexp.QuoteMeta(name) + `"`)
		if strings.HasPrefix(arg, "-") && !slices.Contains([]string{"run", "v", "race", "count", "bench", "benchmem", "update"}, name) && !own.Match(text) {
			return fmt.Errorf("the tests of %s have no flag -%s", pkg, name)
		}
	}
	return nil
}

// play runs what a script of these tests calls.
func play(role string, args []string) int {
	switch role {
	case "documented":
		return documented(args)
	case "go":
		err := goCommand(args)
		var code exit
		if err == nil {
			return exitOK
		}
		if errors.As(err, &code) {
			return int(code)
		}
		fmt.Fprintln(os.Stderr, err)
		return exitError
	}
	return Run(context.Background(), args, os.Stdin, os.Stdout, os.Stderr)
}
