package sample

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"troth/openapi/schema"
	"troth/openapi/source"
)

var update = flag.Bool("update", false, "write docs/conformance.md anew")

// suite is the official JSON-Schema-Test-Suite, from the modules of testdata/suite.mod.
type suite struct {
	dir     string // of the cases of draft 2020-12
	remotes map[string][]byte
}

func openSuite(t *testing.T) *suite {
	t.Helper()
	cases := module(t, "mod", "download", "-modfile=testdata/suite.mod", "-json", "cuelang.org/go")
	remotes := module(t, "mod", "download", "-modfile=testdata/suite.mod", "-json", "github.com/google/jsonschema-go")
	metaschemas := module(t, "list", "-m", "-json", "github.com/santhosh-tekuri/jsonschema/v6")
	s := &suite{filepath.Join(cases, "encoding/jsonschema/testdata/external/tests/draft2020-12"), map[string][]byte{}}
	s.add(t, "http://localhost:1234/", filepath.Join(remotes, "jsonschema/testdata/remotes"))
	s.add(t, "https://json-schema.org/draft/2020-12/", filepath.Join(metaschemas, "metaschemas/draft/2020-12"))
	return s
}

// module is the folder of a module as a go command tells it.
func module(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command("go", args...).Output()
	var told struct{ Dir, Error string }
	if json.Unmarshal(out, &told) != nil || told.Dir == "" {
		t.Skipf("skipped: the suite comes through the module proxy, and go %s says: %v %s", strings.Join(args, " "), err, told.Error)
	}
	return told.Dir
}

func (s *suite) add(t *testing.T, base, dir string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, ".md") {
			return err
		}
		s.remotes[base+path], err = os.ReadFile(filepath.Join(dir, path))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// compile reads a schema of the suite as a user's document would be read.
func (s *suite) compile(text []byte, opts ...schema.Option) (*schema.Schema, error) {
	set, err := source.Read("schema.json", text)
	if err != nil {
		return nil, err
	}
	for uri, data := range s.remotes {
		if err := set.Add(uri, uri, data); err != nil {
			return nil, err
		}
	}
	return schema.NewCompiler(schema.JSONSchema202012, opts...).Compile(set.Root())
}

// judge is the other validator.
func (s *suite) judge(text []byte) (*jsonschema.Schema, error) {
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	for uri, data := range s.remotes {
		if v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data)); err == nil {
			_ = c.AddResource(uri, v)
		}
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	if err := c.AddResource("memory:///schema.json", v); err != nil {
		return nil, err
	}
	return c.Compile("memory:///schema.json")
}

// score is what came of one file of the suite.
type score struct {
	name                   string
	cases, kept            int // verdicts
	satisfiable, satisfied int // schemas with a valid value, and those that a value was made for
	lost                   []string
}

func (s *suite) score(t *testing.T, name string, opts ...schema.Option) *score {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(s.dir, name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	root, err := source.Parse(name, text)
	if err != nil {
		t.Fatal(err)
	}
	r := &score{name: name}
	for _, group := range root.Items() {
		s.group(r, group, opts)
	}
	return r
}

func (s *suite) group(r *score, group *source.Node, opts []schema.Option) {
	text, _ := json.Marshal(group.Get("schema").Value())
	compiled, err := s.compile(text, opts...)
	satisfiable := false
	for _, test := range group.Get("tests").Items() {
		r.cases++
		want := test.Get("valid").True()
		satisfiable = satisfiable || want
		if err == nil && compiled.Valid(test.Get("data").Value(), schema.Either) == want {
			r.kept++
			continue
		}
		r.lost = append(r.lost, fmt.Sprintf("%s: %s (valid: %v) %v", group.Get("description").Text(), test.Get("description").Text(), want, err))
	}
	if !satisfiable || err != nil {
		return
	}
	r.satisfiable++
	if err := s.sampled(compiled, text); err != nil {
		r.lost = append(r.lost, fmt.Sprintf("%s: sample: %v", group.Get("description").Text(), err))
		return
	}
	r.satisfied++
}

// sampled makes a value of a schema and has it judged by both validators.
func (s *suite) sampled(compiled *schema.Schema, text []byte) error {
	v, err := Value(compiled, 1, For(schema.Either))
	if err != nil {
		return err
	}
	other, err := s.judge(text)
	if err != nil {
		return nil // santhosh's compiler refuses it
	}
	if err := other.Validate(v); err != nil {
		return fmt.Errorf("%v: %w", v, err)
	}
	return nil
}

// groups of the suite's files, as the report shows them.
var groups = []struct {
	title, dir, words string
	annotated         bool // judged both ways
}{
	{"Required", "", "What every implementation of draft 2020-12 must do. Rows that end with \"as annotations\" are of the compiler's option that does not assert formats.", true},
	{"Optional", "optional", "What implementations may do.", false},
	{"Formats", "optional/format", "Formats as assertions.", false},
}

// TestConformance writes docs/conformance.md, or compares: a case that is lost or won shows as a difference.
func TestConformance(t *testing.T) {
	s := openSuite(t)
	var doc strings.Builder
	doc.WriteString(conformanceHead)
	for _, g := range groups {
		fmt.Fprintf(&doc, "\n## %s\n\n%s\n\n| file of the suite | cases | kept | | schemas with a valid value | value made |\n|---|---|---|---|---|---|\n", g.title, g.words)
		total := &score{name: "**all**"}
		annotated := &score{name: "**all**, formats as annotations"}
		for _, name := range s.files(t, g.dir) {
			r := s.score(t, name)
			r.name = filepath.Base(name)
			r.write(&doc)
			total.add(r)
			if g.annotated {
				a := s.score(t, name, schema.FormatsAnnotate())
				if a.name = r.name + ", as annotations"; a.kept != r.kept {
					a.write(&doc)
				}
				annotated.add(a)
			}
		}
		total.write(&doc)
		if g.annotated {
			annotated.write(&doc)
		}
		t.Logf("%s: %d of %d cases, %d of %d samples\n%s", g.title, total.kept, total.cases, total.satisfied, total.satisfiable, strings.Join(total.lost, "\n"))
	}
	compareConformance(t, doc.String())
}

// add counts another file's.
func (r *score) add(file *score) {
	r.cases, r.kept = r.cases+file.cases, r.kept+file.kept
	r.satisfiable, r.satisfied = r.satisfiable+file.satisfiable, r.satisfied+file.satisfied
	for _, lost := range file.lost {
		r.lost = append(r.lost, file.name+": "+lost)
	}
}

func (r *score) write(doc *strings.Builder) {
	fmt.Fprintf(doc, "| %s | %d | %d | %s | %d | %d |\n", r.name, r.cases, r.kept, percent(r.kept, r.cases), r.satisfiable, r.satisfied)
}

func percent(n, of int) string {
	if of == 0 {
		return ""
	}
	return fmt.Sprintf("%.1f %%", 100*float64(n)/float64(of))
}

func (s *suite) files(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(s.dir, dir))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".json"); ok {
			names = append(names, filepath.Join(dir, name))
		}
	}
	slices.Sort(names)
	return names
}

func compareConformance(t *testing.T, doc string) {
	t.Helper()
	const path = "../../docs/conformance.md"
	if *update {
		if err := os.WriteFile(path, []byte(doc), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if written, _ := os.ReadFile(path); string(written) != doc {
		t.Errorf("docs/conformance.md is not what the suite says now: go test ./openapi/sample -run Conformance -update, and look at the difference\n%s", doc)
	}
}

const conformanceHead = `# Conformance

How many cases of the official [JSON-Schema-Test-Suite](https://github.com/json-schema-org/JSON-Schema-Test-Suite) for draft 2020-12 get the verdict that
the suite wants, and for how many of its schemas a value is made that santhosh-tekuri/jsonschema accepts too. Written by
` + "`go test ./openapi/sample -run Conformance -update`" + `; without ` + "`-update`" + ` the test fails where this page is not what comes out.

What is not kept, and why:

- **format** (required part): the suite wants formats to be annotations by default; troth asserts them, as OpenAPI's users expect. With
  ` + "`schema.FormatsAnnotate`" + ` the same compiler keeps every case.
- **dependencies-compatibility, cross-draft**: keywords and references of earlier drafts are not followed; they are listed as unchecked.
- **ecmascript-regex**: ` + "`\\a`" + ` is read as ECMA-262 annex B does, as the letter a.
`
