package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"troth/cmd/troth/cli"
)

// shells are the completions in an archive, under the names that the shells look for.
var shells = map[string]string{"bash": "troth.bash", "zsh": "_troth", "fish": "troth.fish", "powershell": "troth.ps1"}

// documents are what every archive holds beside the binary.
func documents(ctx context.Context, work string) ([]entry, error) {
	entries := []entry{{name: "LICENSE", file: "LICENSE"}, {name: "README.md", file: "README.md"}}
	pages := filepath.Join(work, "man")
	if _, err := troth(ctx, "man", pages); err != nil {
		return nil, err
	}
	files, err := filepath.Glob(filepath.Join(pages, "*.1"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		entries = append(entries, entry{name: "man/man1/" + filepath.Base(file), file: file})
	}
	for shell, name := range shells {
		script, err := troth(ctx, "completion", shell)
		if err != nil {
			return nil, err
		}
		entries = append(entries, entry{name: "completions/" + name, data: script})
	}
	notices, err := thirdParty(ctx)
	if err != nil {
		return nil, err
	}
	entries = append(entries, entry{name: "THIRD-PARTY.txt", data: notices})
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.name, b.name) })
	return entries, nil
}

// troth runs a command line of the program in process and returns its output.
func troth(ctx context.Context, args ...string) ([]byte, error) {
	var out, errs bytes.Buffer
	if code := cli.Run(ctx, args, strings.NewReader(""), &out, &errs); code != 0 {
		return nil, fmt.Errorf("troth %s: exit status %d: %s", strings.Join(args, " "), code, errs.Bytes())
	}
	return out.Bytes(), nil
}

// thirdParty are the licences of the modules that the program is linked with: most ask to be passed on with it.
func thirdParty(ctx context.Context) ([]byte, error) {
	list, err := exec.CommandContext(ctx, "go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}\t{{.Dir}}{{end}}{{end}}", "./cmd/troth").Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	modules := slices.Compact(slices.Sorted(strings.SplitSeq(strings.TrimSpace(string(list)), "\n")))
	var b bytes.Buffer
	for _, line := range modules {
		if line == "" {
			continue // packages of the standard library and of troth
		}
		module, dir, _ := strings.Cut(line, "\t")
		text, err := licence(dir)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", module, err)
		}
		fmt.Fprintf(&b, "%s\n\n%s\n%s\n", module, bytes.TrimSpace(text), strings.Repeat("-", 100))
	}
	goRoot, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("go env: %w", err)
	}
	text, err := licence(strings.TrimSpace(string(goRoot)))
	if err != nil {
		return nil, fmt.Errorf("go: %w", err)
	}
	fmt.Fprintf(&b, "Go's standard library\n\n%s\n", bytes.TrimSpace(text))
	return b.Bytes(), nil
}

// licence is the text of the licence and notice files of a module.
func licence(dir string) ([]byte, error) {
	var texts [][]byte
	for _, pattern := range []string{"LICEN[CS]E*", "COPYING*", "NOTICE*"} {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			if strings.HasSuffix(file, ".go") {
				continue
			}
			text, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			texts = append(texts, text)
		}
	}
	if len(texts) == 0 {
		return nil, errors.New("no file LICENSE or COPYING in " + dir)
	}
	return bytes.Join(texts, []byte("\n")), nil
}
