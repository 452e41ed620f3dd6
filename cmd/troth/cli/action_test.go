package cli

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// action is action.yml, as far as these tests look at it.
type action struct {
	Name, Description string
	Inputs            map[string]struct{ Description, Default string }
	Outputs           map[string]struct{ Description, Value string }
	Runs              struct {
		Using string
		Steps []step
	}
}

type step struct {
	ID, If, Uses, Shell, Run string
	With, Env                map[string]string
}

func readAction(t *testing.T) (a action) {
	t.Helper()
	data, err := os.ReadFile("../../../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	d := yaml.NewDecoder(bytes.NewReader(data))
	if err := d.Decode(&a); err != nil {
		t.Fatal(err)
	}
	return a
}

var expression = regexp.MustCompile(`\$\{\{\s*(.*?)\s*\}\}`)

// TestAction holds action.yml against GitHub's rules for composite actions, and every command line in it against the program.
func TestAction(t *testing.T) {
	a := readAction(t)
	ids := map[string]bool{}
	if a.Name == "" || a.Description == "" || a.Runs.Using != "composite" {
		t.Errorf("name %q, using %q", a.Name, a.Runs.Using)
	}
	commands := 0
	for _, s := range a.Runs.Steps {
		if (s.Run == "") == (s.Uses == "") || s.Run != "" && s.Shell == "" {
			t.Errorf("step %+v: want uses, or run with shell", s)
		}
		if expression.MatchString(s.Run) {
			t.Errorf("step %q writes an expression into its script: a value could end it and begin a command", s.ID)
		}
		for _, text := range s.Env {
			known(t, a, ids, text)
		}
		known(t, a, ids, "${{ "+s.If+" }}")
		commands += parseCommands(t, s.Run)
		ids[s.ID] = true
	}
	for _, o := range a.Outputs {
		known(t, a, ids, o.Value)
	}
	if commands != 3 {
		t.Errorf("%d command lines of troth", commands)
	}
}

var name = regexp.MustCompile(`\b(inputs|steps|github)\.([a-z_-]+)`)

// known reports what an expression refers to that is not there.
func known(t *testing.T, a action, ids map[string]bool, text string) {
	t.Helper()
	for _, e := range expression.FindAllStringSubmatch(text, -1) {
		for _, m := range name.FindAllStringSubmatch(e[1], -1) {
			_, input := a.Inputs[m[2]]
			if m[1] == "inputs" && !input || m[1] == "steps" && !ids[m[2]] {
				t.Errorf("%s: there is no %s", text, m[0])
			}
		}
	}
}

var called = regexp.MustCompile(`(?m)(?:^|[\s(/])troth"? ((?:mock|test|version|report|gen|lint|init|selftest|man)\b[^\n)>&]*)`)

// parseCommands has the program parse each of its command lines in a script, with the flags that the script gathers in args=().
func parseCommands(t *testing.T, script string) (n int) {
	t.Helper()
	var gathered []string
	for _, m := range regexp.MustCompile(`args\+?=\((.*?)\)`).FindAllStringSubmatch(script, -1) {
		if flag := strings.Fields(m[1]); strings.HasPrefix(flag[0], "--") {
			gathered = append(gathered, strings.Trim(flag[0], `"`), strings.Trim(strings.Join(flag[1:], ""), `"`))
		}
	}
	for _, m := range called.FindAllStringSubmatch(script, -1) {
		n++
		words := strings.Fields(strings.NewReplacer(`"${args[@]}"`, strings.Join(gathered, " "), `"`, "").Replace(m[1]))
		root := newRoot(&streams{})
		found, rest, err := root.Find(words)
		if err == nil && found != root {
			err = found.ParseFlags(rest)
		}
		if err != nil || found == root {
			t.Errorf("troth %s: %v", strings.Join(words, " "), err)
		}
	}
	return n
}

// runner plays the part of GitHub: it runs the steps of the action that inputs ask for, with the bash that a composite action gets.
type runner struct {
	action   action
	dir      string
	path     string
	inputs   map[string]string
	exported string // what the steps wrote to GITHUB_OUTPUT
}

func newRunner(t *testing.T, inputs map[string]string) *runner {
	t.Helper()
	for _, needed := range []string{"bash", "curl"} {
		if _, err := exec.LookPath(needed); err != nil {
			t.Skipf("skipped: this machine has no %s", needed)
		}
	}
	r := &runner{action: readAction(t), dir: t.TempDir(), inputs: map[string]string{}}
	for name, in := range r.action.Inputs {
		r.inputs[name] = in.Default
	}
	for name, value := range inputs {
		r.inputs[name] = value
	}
	tools := t.TempDir()
	// A go that builds nothing: what it would build is the script that runs this test binary as troth.
	compiler := "#!/bin/sh\nwhile test $# -gt 0; do test \"$1\" != -o || cp " + shellWord(program(t, t.TempDir())) + " \"$2\"; shift; done\n"
	if err := os.WriteFile(filepath.Join(tools, "go"), []byte(compiler), 0o755); err != nil {
		t.Fatal(err)
	}
	r.path = tools + ":" + os.Getenv("PATH")
	return r
}

// run runs the step of an ID, or the one that a command has, and returns what it printed.
func (r *runner) run(t *testing.T, pick func(step) bool) (out string, code int) {
	t.Helper()
	for _, s := range r.action.Runs.Steps {
		if s.Run == "" || !pick(s) {
			continue
		}
		c := exec.CommandContext(t.Context(), "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", s.Run)
		c.Dir = r.dir
		output, path := filepath.Join(r.dir, "output"), filepath.Join(r.dir, "path")
		c.Env = append(os.Environ(), "RUNNER_TEMP="+r.dir, "GITHUB_OUTPUT="+output, "GITHUB_PATH="+path, "GITHUB_STEP_SUMMARY="+filepath.Join(r.dir, "summary.md"), "PATH="+r.path)
		for name, value := range s.Env {
			c.Env = append(c.Env, name+"="+expression.ReplaceAllStringFunc(value, func(e string) string {
				return r.inputs[strings.TrimPrefix(expression.FindStringSubmatch(e)[1], "inputs.")]
			}))
		}
		data, err := c.CombinedOutput()
		if err != nil && c.ProcessState == nil {
			t.Fatal(err)
		}
		if added, err := os.ReadFile(path); err == nil {
			r.path = strings.TrimSpace(string(added)) + ":" + r.path
		}
		if exported, err := os.ReadFile(output); err == nil {
			r.exported = string(exported)
		}
		return string(data), c.ProcessState.ExitCode()
	}
	t.Fatal("no such step")
	return "", 0
}

// output is the value of an output that the steps wrote.
func (r *runner) output(name string) string {
	for line := range strings.Lines(r.exported) {
		if key, value, _ := strings.Cut(strings.TrimSpace(line), "="); key == name {
			return value
		}
	}
	return ""
}

// stopProcess ends the mock that a step left running, as the end of a job does.
func stopProcess(t *testing.T, pid string) {
	t.Helper()
	id, err := strconv.Atoi(pid)
	if err != nil {
		t.Errorf("pid: %v", err)
		return
	}
	if p, err := os.FindProcess(id); err == nil {
		if err := p.Signal(os.Interrupt); err != nil {
			t.Errorf("the mock is gone already: %v", err)
		}
	}
}

func withID(id string) func(step) bool { return func(s step) bool { return s.ID == id } }

func forCommand(command string) func(step) bool {
	return func(s step) bool { return s.If == "${{ inputs.command == '"+command+"' }}" }
}

// TestActionRuns installs, starts the mock, and judges it with the steps of the action.
func TestActionRuns(t *testing.T) {
	r := newRunner(t, map[string]string{"address": "127.0.0.1:0", "args": "--credentials=ci:a b\n--items=120"})
	if out, code := r.run(t, withID("install")); code != 0 || !strings.HasPrefix(r.exported, "version=troth ") {
		t.Fatalf("install: exit %d %s, output %q", code, out, r.exported)
	}
	out, code := r.run(t, withID("mock"))
	url := r.output("url")
	if code != 0 || !strings.HasPrefix(url, "http://127.0.0.1:") {
		t.Fatalf("mock: exit %d %s, output %q", code, out, r.exported)
	}
	t.Cleanup(func() { stopProcess(t, r.output("pid")) })
	r.inputs["target"], r.inputs["args"], r.inputs["report"] = url, "--digest=ci:a b\n--only=listServerlessRestoreJobs/page-*", "text\njson=r.json"
	if out, code := r.run(t, forCommand("test")); code != 0 || !strings.Contains(out, "kept: 0 findings") {
		t.Errorf("test: exit %d %s", code, out)
	}
	for _, file := range []string{"r.json", "summary.md"} {
		if info, err := os.Stat(filepath.Join(r.dir, file)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// TestActionFails ends with an error where the mock cannot start, and where the suite finds something.
func TestActionFails(t *testing.T) {
	r := newRunner(t, map[string]string{"address": "127.0.0.1:0", "document": "none.yaml"})
	r.run(t, withID("install"))
	if out, code := r.run(t, withID("mock")); code != 1 || !strings.Contains(out, "::error::") || !strings.Contains(out, "none.yaml") {
		t.Errorf("mock: exit %d %s", code, out)
	}
	m := start(t, "--defect", "page-overlap")
	r.inputs["document"], r.inputs["target"], r.inputs["args"] = "", m.url, "--digest=public:private\n--only=listServerlessRestoreJobs/page-*"
	if out, code := r.run(t, forCommand("test")); code != 1 || !strings.Contains(out, "::error") {
		t.Errorf("test: exit %d %s", code, out)
	}
}
