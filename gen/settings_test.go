package gen_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"troth/gen"
	"troth/openapi"
)

func TestSelection(t *testing.T) {
	text := `openapi: 3.0.3
info: {title: T, version: "1"}
paths:
  /a: {get: {operationId: a, tags: [Jobs], responses: {"200": {description: ok}}}, post: {operationId: b, tags: [Jobs, Admin], responses: {"200": {description: ok}}}}
  /c: {get: {operationId: c, responses: {"200": {description: ok}}}}
`
	doc, err := openapi.Parse("d.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name      string
		selection gen.Selection
		want      []string
		err       string
	}{
		{"all", gen.Selection{}, []string{"a", "b", "c"}, ""},
		{"tag", gen.Selection{IncludeTags: []string{"Jobs"}}, []string{"a", "b"}, ""},
		{"tag less tag", gen.Selection{IncludeTags: []string{"Jobs"}, ExcludeTags: []string{"Admin"}}, []string{"a"}, ""},
		{"tag or operation", gen.Selection{IncludeTags: []string{"Admin"}, IncludeOperations: []string{"c"}}, []string{"b", "c"}, ""},
		{"all less one", gen.Selection{ExcludeOperations: []string{"b"}}, []string{"a", "c"}, ""},
		{"unknown tag", gen.Selection{IncludeTags: []string{"jobs"}}, nil, `tag "jobs"; there are: Admin, Jobs`},
		{"unknown operation", gen.Selection{ExcludeOperations: []string{"d"}}, nil, `no operation "d"`},
		{"none left", gen.Selection{IncludeTags: []string{"Admin"}, ExcludeTags: []string{"Jobs"}}, nil, "leaves none of the 3 operations"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := test.selection.Operations(doc)
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Errorf("got error %v, want %q", err, test.err)
				}
				return
			}
			if err != nil || !slices.Equal(got, test.want) {
				t.Errorf("got %v, %v, want %v", got, err, test.want)
			}
		})
	}
}

func TestLoadSettings(t *testing.T) {
	path := filepath.Join(t.TempDir(), gen.SettingsFile)
	tests := []struct {
		name, text, err string
	}{
		{"good", "format: 1\ndocument: api.yaml\nout: ../gen\npackage: api\nclient: false\nexclude: {tags: [Admin]}\n", ""},
		{"unknown member", "format: 1\ndocument: api.yaml\nout: ../gen\npackage: api\ninclud: {}\n", "troth.gen.yaml:5 #/includ"},
		{"wrong type", "format: 1\ndocument: api.yaml\nout: ../gen\npackage: api\nsplit: perhaps\n", "troth.gen.yaml:5 #/split: type: want boolean"},
		{"no document", "format: 1\nout: ../gen\npackage: api\n", "document"},
		{"no YAML", "format: [\n", "troth.gen.yaml:"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if err := os.WriteFile(path, []byte(test.text), 0o666); err != nil {
				t.Fatal(err)
			}
			s, err := gen.LoadSettings(path)
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Errorf("got error %v, want %q", err, test.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if s.Document != filepath.Join(filepath.Dir(path), "api.yaml") || s.Out != filepath.Join(filepath.Dir(filepath.Dir(path)), "gen") || s.Client || !s.Server || !slices.Equal(s.Selection.ExcludeTags, []string{"Admin"}) {
				t.Errorf("got %+v", s)
			}
		})
	}
}

// Server and client are packages that import the types.
func TestSplit(t *testing.T) {
	files, err := gen.Files(load(t, "testdata/jobs.yaml"), "jobs", gen.WithSplit("example.com/gen"))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range files {
		got[f.Name] = string(f.Data)
	}
	for name, want := range map[string]string{
		"types.gen.go": "\npackage jobs\n", "server/server.gen.go": "\npackage server\n\nimport . \"example.com/gen\"\n",
		"server/binder.gen.go": "\npackage server\n", "client/client.gen.go": "\npackage client\n\nimport . \"example.com/gen\"\n",
	} {
		if !strings.Contains(got[name], want) {
			t.Errorf("%s: no %q in %.300s", name, want, got[name])
		}
	}
}
