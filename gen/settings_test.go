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

// Answers whose types stand in another package compile, and keep how those types are written.
func TestSplitAnswers(t *testing.T) {
	text := `openapi: 3.0.3
info: {title: T, version: "1"}
paths:
  /plain: {get: {operationId: plain, responses: {"200": {description: ok, content: {application/json: {schema: {type: object, properties: {a: {type: string}}}}}}}}}
  /open: {get: {operationId: open, responses: {"200": {description: ok, content: {application/json: {schema: {type: object, properties: {a: {type: string}}, additionalProperties: {type: integer}}}}}}}}
  /union: {get: {operationId: union, responses: {"200": {description: ok, content: {application/json: {schema: {oneOf: [{type: string}, {type: integer}]}}}}}}}
  /named: {get: {operationId: named, responses: {"200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/U"}}}}}}}
  /headed: {get: {operationId: headed, responses: {"200": {description: ok, headers: {X-A: {schema: {type: string}}}, content: {application/json: {schema: {oneOf: [{type: string}, {type: integer}]}}}}}}}
components: {schemas: {U: {anyOf: [{type: string}, {type: object, properties: {a: {type: string}}}]}}}
`
	doc, err := openapi.Parse("d.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	files, err := gen.Files(doc, "d", gen.WithSplit("example.com/d")) // which type-checks them
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(files, func(f gen.File) bool { return f.Name == "server/server.gen.go" })
	server := strings.Join(strings.Fields(string(files[i].Data)), " ")
	for _, want := range []string{
		"type Plain200JSONResponse Plain200JSONResponseBody", "type Open200JSONResponse struct { Body Open200JSONResponseBody }",
		"type Union200JSONResponse struct { Body Union200JSONResponseBody }",
	} {
		if !strings.Contains(server, want) {
			t.Errorf("no %q in\n%s", want, files[i].Data)
		}
	}
	if strings.Count(server, ".Encode(response.Body)") != 3 { // open, union and headed
		t.Errorf("not the bodies are written in\n%s", files[i].Data)
	}
	if strings.Contains(server, ".union") {
		t.Error("the server reads a member of the types that it cannot")
	}
}
