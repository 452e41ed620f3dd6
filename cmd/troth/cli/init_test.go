//go:build !nogen

package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What init writes is the business of gen/scaffold's tests; here are its arguments, and that a failure writes nothing.
func TestInit(t *testing.T) {
	base := t.TempDir()
	used := filepath.Join(base, "used")
	if err := os.MkdirAll(filepath.Join(used, "mine"), 0o777); err != nil {
		t.Fatal(err)
	}
	document := filepath.Join(base, "api.yaml")
	if err := os.WriteFile(document, []byte("openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {/a: {get: {operationId: a, tags: [A], responses: {'200': {description: ok}}}}}\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	fresh := filepath.Join(base, "My Shop")
	tests := []struct {
		name string
		args []string
		code int
		want string
	}{
		{"nothing", nil, 2, "accepts between 1 and 2"},
		{"document alone", []string{document}, 2, "is a file: want DOCUMENT DIR"},
		{"used directory", []string{document, used}, 2, "is not empty: name another directory, or say --force"},
		{"no document", []string{filepath.Join(base, "none.yaml"), filepath.Join(base, "x")}, 2, "none.yaml"},
		{"no troth", []string{document, filepath.Join(base, "x"), "--troth", base}, 2, "say where it is with --troth DIR"},
		{"unknown tag", []string{document, filepath.Join(base, "x"), "--include-tag", "B"}, 2, `tag "B"; there are: A`},
		{"module", []string{document, filepath.Join(base, "x"), "--module", "no module"}, 2, "no module"},
		{"command", []string{document, filepath.Join(base, "x"), "--command", "../up"}, 2, "want a name"},
		{"fresh directory", []string{document, fresh}, 0, "module example.com/my-shop"},
		{"a second time", []string{document, fresh}, 2, "is not empty"},
		{"by force", []string{document, used, "--force"}, 0, "files, module example.com/used"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			code, out, errs := troth(t, append([]string{"init"}, test.args...)...)
			if code != test.code || !strings.Contains(out+errs, test.want) {
				t.Errorf("exit %d, want %d and %q\n%s%s", code, test.code, test.want, out, errs)
			}
		})
	}
	entries, err := os.ReadDir(base)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 3 { // the document and the two projects
		t.Errorf("failures left something: %v", entries)
	}
	for _, name := range []string{"cmd/my-shop/main.go", "openapi/api.yaml", "gen/api/mock/mock.gen.go", ".github/workflows/ci.yml"} {
		if _, err := os.Stat(filepath.Join(fresh, name)); err != nil {
			t.Error(err)
		}
	}
}

// What cannot be written is told on standard error, the rest is written; --complete fails.
func TestGenLeavesOut(t *testing.T) {
	dir := t.TempDir()
	document := filepath.Join(dir, "api.yaml")
	text := `openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /a: {get: {operationId: a, responses: {'200': {description: ok}}}}
  /b: {get: {operationId: b, responses: {'200': {description: ok, content: {application/json: {schema: {type: string, $anchor: x}}}}}}}
`
	if err := os.WriteFile(document, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	code, out, errs := troth(t, "gen", document, "--out", filepath.Join(dir, "out"), "--package", "x")
	if code != 0 || !strings.Contains(out, "server.gen.go") || !strings.Contains(errs, "left out:") || !strings.Contains(errs, "$anchor (b)") {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
	if code, _, errs := troth(t, "gen", document, "--out", filepath.Join(dir, "all"), "--package", "x", "--complete"); code != 2 || !strings.Contains(errs, "$anchor (b)") {
		t.Errorf("--complete: exit %d\n%s", code, errs)
	}
	settings := filepath.Join(dir, "troth.gen.yaml")
	if err := os.WriteFile(settings, []byte("format: 1\ndocument: api.yaml\nout: again\npackage: x\nclient: false\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if code, out, errs := troth(t, "gen", "--settings", settings, "--exclude-operation", "b", "--mock=false"); code != 0 || strings.Contains(out, "client") || strings.Contains(out, "mock") || errs != "" {
		t.Errorf("--settings: exit %d\n%s%s", code, out, errs)
	}
}
