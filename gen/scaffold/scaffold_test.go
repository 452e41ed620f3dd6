package scaffold_test

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"troth/gen"
	"troth/gen/scaffold"
	"troth/openapi"
	"troth/openapi/atlas"
	"troth/openapi/convention"
)

// shop has a base path, errors that are problem details, a path that echo cannot route, and no operationId on one operation.
const shop = `openapi: 3.1.0
info: {title: Shop, version: "2"}
servers: [{url: "https://shop.example/v1"}]
paths:
  /carts/{id}:
    get:
      operationId: getCart
      parameters: [{name: id, in: path, required: true, schema: {type: string, pattern: "^c[0-9]{3}$"}}]
      responses:
        "200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Cart"}}}}
        "404": {description: no, content: {application/json: {schema: {$ref: "#/components/schemas/Error"}}}}
  /carts/{id}:empty:
    post:
      parameters: [{name: id, in: path, required: true, schema: {type: string, pattern: "^c[0-9]{3}$"}}]
      responses: {"204": {description: done}}
components:
  schemas:
    Cart: {type: object, required: [id], properties: {id: {type: string}, total: {type: [number, string, 'null']}}}
    Error: {type: object, required: [code, message], properties: {code: {type: string}, message: {type: string}}}
`

// bare has nothing that can be read without a body, and declares no error.
const bare = `openapi: 3.0.3
info: {title: "", version: ""}
paths:
  /events:
    post:
      operationId: send
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [a], properties: {a: {type: integer}}}}}}
      responses: {"202": {description: taken}}
`

// project is a project of a document, on its way into a directory.
func project(t *testing.T, doc *openapi.Document, conv *convention.Conventions) *scaffold.Project {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return &scaffold.Project{Document: doc, Conventions: conv, Module: "example.com/shop", Command: "shop", Troth: root}
}

// parsed is a document that stands in a file.
func parsed(t *testing.T, text string) (*openapi.Document, *convention.Conventions) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "api.yaml")
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	doc, err := openapi.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	conv, err := convention.Beside(doc)
	if err != nil {
		t.Fatal(err)
	}
	return doc, conv
}

func written(t *testing.T, p *scaffold.Project) string {
	t.Helper()
	files, err := p.Files()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "shop")
	if err := scaffold.Write(dir, files, false); err != nil {
		t.Fatal(err)
	}
	return dir
}

// command runs a program in a project.
func command(t *testing.T, dir string, words ...string) string {
	t.Helper()
	c := exec.CommandContext(t.Context(), words[0], words[1:]...)
	c.Dir = dir
	c.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off")
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(words, " "), err, out)
	}
	return string(out)
}

// A project compiles, and its tests run.
func TestProject(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles projects")
	}
	documents := map[string]func(t *testing.T) (*openapi.Document, *convention.Conventions){
		"default": func(t *testing.T) (*openapi.Document, *convention.Conventions) {
			doc, err := atlas.Document()
			if err != nil {
				t.Fatal(err)
			}
			conv, err := atlas.Conventions(doc)
			if err != nil {
				t.Fatal(err)
			}
			return doc, conv
		},
		"shop": func(t *testing.T) (*openapi.Document, *convention.Conventions) { return parsed(t, shop) },
		"bare": func(t *testing.T) (*openapi.Document, *convention.Conventions) { return parsed(t, bare) },
	}
	for _, name := range slices.Sorted(maps.Keys(documents)) {
		t.Run(name, func(t *testing.T) {
			doc, conv := documents[name](t)
			dir := written(t, project(t, doc, conv))
			command(t, dir, "go", "vet", "./...")
			out := command(t, dir, "go", "test", "./...")
			for _, pkg := range []string{"contract", "mock", "server"} {
				if !strings.Contains(out, "ok  \texample.com/shop/"+pkg) {
					t.Errorf("%s was not tested:\n%s", pkg, out)
				}
			}
			if out := command(t, dir, "gofmt", "-l", "."); out != "" {
				t.Errorf("not gofmt-ed: %s", out)
			}
		})
	}
}

// After an edit of the document, make generate changes generated files only, and the project compiles and answers 501 for what is new.
func TestRegenerate(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles a project")
	}
	doc, conv := parsed(t, shop)
	dir := written(t, project(t, doc, conv))
	before := digests(t, dir)
	command(t, dir, "make", "generate")
	if changed := difference(before, digests(t, dir)); changed != nil {
		t.Errorf("without an edit changed: %v", changed)
	}
	edited := strings.Replace(shop, "components:\n", `  /orders:
    get:
      operationId: listOrders
      responses: {"200": {description: ok, content: {application/json: {schema: {type: array, items: {type: string}}}}}}
components:
`, 1)
	document := filepath.Join(dir, "openapi", "api.yaml")
	if err := os.WriteFile(document, []byte(edited), 0o666); err != nil {
		t.Fatal(err)
	}
	command(t, dir, "make", "generate")
	for _, name := range difference(before, digests(t, dir)) {
		if !strings.HasPrefix(name, "gen/") && name != "openapi/api.yaml" {
			t.Errorf("%s changed", name)
		}
	}
	command(t, dir, "make", "test")
}

// digests are those of all files of a project.
func digests(t *testing.T, dir string) map[string]string {
	t.Helper()
	list := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		list[filepath.ToSlash(name)] = fmt.Sprintf("%x", sha256.Sum256(data))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// difference lists the files that are new, gone or different.
func difference(before, after map[string]string) (names []string) {
	for name, digest := range after {
		if before[name] != digest {
			names = append(names, name)
		}
	}
	for name := range before {
		if _, ok := after[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// What stands in comments of troth.yaml is what holds: without its "#:" it is a valid file that changes nothing.
func TestConventionsText(t *testing.T) {
	doc, err := openapi.Load("../../mock/testdata/shop.yaml")
	if err != nil {
		t.Fatal(err)
	}
	inferred := convention.Infer(doc)
	files, err := project(t, doc, inferred).Files()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(files, func(f gen.File) bool { return f.Name == "openapi/troth.yaml" })
	text := string(files[i].Data)
	if _, err := convention.Parse(doc, "troth.yaml", files[i].Data); err != nil {
		t.Error(err)
	}
	if !strings.Contains(text, "#:pagination:") || !strings.Contains(text, "#:errors: {") {
		t.Errorf("nothing inferred in\n%s", text)
	}
	conv, err := convention.Parse(doc, "troth.yaml", []byte(strings.ReplaceAll(text, "#:", "")))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	for _, o := range doc.Operations {
		compiled, err := o.Compile()
		if err != nil {
			t.Fatal(err)
		}
		got, want := conv.Pagination(compiled), inferred.Pagination(compiled)
		if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) && (got == nil || want == nil || got.Links == nil) {
			t.Errorf("%s: paged as %+v, want %+v", o.ID, got, want)
		}
	}
}

func TestWrite(t *testing.T) {
	files := []gen.File{{Name: "a/b.txt", Data: []byte("new")}, {Name: "c.txt", Data: []byte("c")}}
	fresh := filepath.Join(t.TempDir(), "deep", "fresh")
	if err := scaffold.Write(fresh, files, false); err != nil {
		t.Fatal(err)
	}
	used := t.TempDir()
	mine := filepath.Join(used, "mine.txt")
	for name, text := range map[string]string{mine: "mine", filepath.Join(used, "c.txt"): "old"} {
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := scaffold.Write(used, files, false); err == nil || !strings.Contains(err.Error(), "--force") {
		t.Errorf("into a used directory: %v", err)
	}
	if got := len(digests(t, used)); got != 2 {
		t.Errorf("%d files, want the 2 that were there", got)
	}
	if err := scaffold.Write(used, files, true); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{mine: "mine", filepath.Join(used, "c.txt"): "c", filepath.Join(used, "a/b.txt"): "new", filepath.Join(fresh, "a/b.txt"): "new"} {
		if data, err := os.ReadFile(name); err != nil || string(data) != want {
			t.Errorf("%s: %q, %v, want %q", name, data, err, want)
		}
	}
	blocked := t.TempDir()
	if err := os.MkdirAll(filepath.Join(blocked, "c.txt"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := scaffold.Write(blocked, files, true); err == nil {
		t.Error("over a directory of a file's name: no error")
	}
	if got := len(digests(t, blocked)); got != 0 {
		t.Errorf("%d files after a failure, want none", got)
	}
}
