package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// TestMan finds a page for every command, and every flag of it there.
func TestMan(t *testing.T) {
	t.Setenv("SOURCE_DATE_EPOCH", "1764000000")
	dir := filepath.Join(t.TempDir(), "man", "man1")
	if code, out, errs := troth(t, "man", dir); code != 0 || out != dir+"\n" {
		t.Fatalf("exit %d %s%s", code, out, errs)
	}
	pages := 0
	each(newRoot(&streams{}), func(c *cobra.Command) {
		if c.Hidden {
			return
		}
		pages++
		name := strings.ReplaceAll(c.CommandPath(), " ", "-")
		page, err := os.ReadFile(filepath.Join(dir, name+".1"))
		if err != nil {
			t.Error(err)
			return
		}
		for _, want := range []string{".TH", "Nov 2025", c.Short[:20]} {
			if !strings.Contains(string(page), want) {
				t.Errorf("%s: no %q", name, want)
			}
		}
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if !f.Hidden && !strings.Contains(string(page), `\fB--`+f.Name+`\fP`) {
				t.Errorf("%s: no flag --%s", name, f.Name)
			}
		})
	})
	if files, _ := filepath.Glob(filepath.Join(dir, "*.1")); pages < 10 || len(files) < pages {
		t.Errorf("%d pages for %d commands", len(files), pages)
	}
	mock, err := os.ReadFile(filepath.Join(dir, "troth-mock.1"))
	if err != nil || !strings.Contains(string(mock), "\nlatency   200ms, 100ms-2s or p50=20ms,p95=200ms,p99=1s\n") {
		t.Errorf("the table of faults is not set as it stands: %v", err)
	}
	if code, _, errs := troth(t, "man", filepath.Join(dir, "troth.1")); code != 2 || !strings.Contains(errs, "troth.1") {
		t.Errorf("a file in place of a directory: exit %d %s", code, errs)
	}
}

// each visits a command and those below it.
func each(c *cobra.Command, visit func(*cobra.Command)) {
	visit(c)
	for _, below := range c.Commands() {
		each(below, visit)
	}
}

// TestCompletion asks as the scripts of the shells do.
func TestCompletion(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if code, out, errs := troth(t, "completion", shell); code != 0 || !strings.Contains(out, "troth") || errs != "" {
			t.Errorf("completion %s: exit %d, %d bytes %s", shell, code, len(out), errs)
		}
	}
	tests := []struct {
		line string // as typed, with the word that is completed last
		want string
	}{
		{"se ", "selftest\t"},
		{"mock|", "yaml\nyml\njson\n:8\n"},
		{"init|", "yaml\nyml\njson\n:8\n"},
		{"mock|--auth|", "on\noff\n:4\n"},
		{"mock|--defect|page-o", "status-undeclared\n"},
		{"test|--report|ht", "text\nhtml=\n"},
		{"report|merge|--fail-on|", "must\nshould\nadvice\n:4\n"},
		{"mock|--conf", "--config\t"},
	}
	for _, tt := range tests {
		words := strings.Split(strings.TrimSpace(tt.line), "|")
		if code, out, errs := troth(t, append([]string{"__complete"}, words...)...); code != 0 || !strings.HasPrefix(out, tt.want) {
			t.Errorf("%s: exit %d\n%s%s want %q", tt.line, code, out, errs, tt.want)
		}
	}
}

// TestCompletionInBash loads the script into a bash and lets it complete a command.
func TestCompletionInBash(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("skipped: this machine has no bash")
	}
	dir := t.TempDir()
	program(t, dir)
	script := `_get_comp_words_by_ref() { words=("${COMP_WORDS[@]}"); cword=$COMP_CWORD; cur=${COMP_WORDS[COMP_CWORD]}; prev=${COMP_WORDS[COMP_CWORD-1]}; }
_init_completion() { _get_comp_words_by_ref; }
source <(troth completion bash)
COMP_WORDS=(troth mock --world cl); COMP_CWORD=3; COMP_LINE="${COMP_WORDS[*]}"; COMP_POINT=${#COMP_LINE}; COMP_TYPE=9
__start_troth
echo "${COMPREPLY[@]}"`
	c := exec.Command(bash, "-c", script)
	c.Env = append(os.Environ(), "PATH="+dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	if out, err := c.Output(); err != nil || strings.TrimSpace(string(out)) != "closed" {
		t.Errorf("%v %q", err, out)
	}
}

// TestStamp shows the version that the linker wrote.
func TestStamp(t *testing.T) {
	stamp = "v1.2.3"
	t.Cleanup(func() { stamp = "" })
	if _, out, _ := troth(t, "version"); !strings.HasPrefix(out, "troth v1.2.3 go1.") {
		t.Error(out)
	}
}
