package convention

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

var update = flag.Bool("update", false, "write docs/conventions.md anew")

const preface = `# troth.yaml: what OpenAPI cannot say

Lists, errors and envelopes follow conventions that OpenAPI has no words for. troth infers them from the document (parameter names,
wrapper shapes, link objects). A ` + "`troth.yaml`" + ` beside the document, or ` + "`--config FILE`" + `, overrides what is inferred. Its form is the JSON Schema
[troth.schema.json](../openapi/convention/troth.schema.json), which this page is generated from (` + "`go test ./openapi/convention -run Reference -update`" + `);
a mistake in it is told with file, line and JSON pointer. [The default document's](../openapi/atlas/troth.yaml) is a complete example, and
` + "`troth init`" + ` writes what it inferred as comments.

A JSON pointer (RFC 6901) leads into the body; ` + "`-`" + ` says that there is no such member. NAME and ID stand for a key of one's own: the name of a
header, an operationId and so on. A member in **bold** is required.

| member | is | says | inferred from |
|---|---|---|---|
`

// TestReference keeps docs/conventions.md what the schema of troth.yaml says, and the schema explaining each of its members.
func TestReference(t *testing.T) {
	var doc yaml.Node
	if err := yaml.Unmarshal(Schema(), &doc); err != nil {
		t.Fatal(err)
	}
	w := &reference{t: t, root: doc.Content[0], shown: map[string]string{}}
	w.members("", w.root)
	want := preface + w.b.String()
	const file = "../../docs/conventions.md"
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil || string(got) != want {
		t.Errorf("%s is not what troth.schema.json says (%v): go test ./openapi/convention -run Reference -update", file, err)
	}
}

// reference writes a row for each member of a schema.
type reference struct {
	t     *testing.T
	root  *yaml.Node
	shown map[string]string // where the members of a definition stand, by its name
	b     strings.Builder
}

// get is a member of an object of the schema, nil where there is none.
func get(n *yaml.Node, name string) *yaml.Node {
	for i := 0; n != nil && i+1 < len(n.Content) && n.Kind == yaml.MappingNode; i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i+1]
		}
	}
	return nil
}

func text(n *yaml.Node) string {
	if n == nil {
		return ""
	}
	return n.Value
}

// target is the definition that a schema refers to, else the schema, and the definition's name.
func (w *reference) target(n *yaml.Node) (*yaml.Node, string) {
	name, ok := strings.CutPrefix(text(get(n, "$ref")), "#/$defs/")
	if !ok {
		return n, ""
	}
	return get(get(w.root, "$defs"), name), name
}

// members writes the rows of an object's members, below a path.
func (w *reference) members(path string, object *yaml.Node) {
	properties := get(object, "properties")
	required := map[string]bool{}
	if list := get(object, "required"); list != nil {
		for _, n := range list.Content {
			required[n.Value] = true
		}
	}
	for i := 0; properties != nil && i+1 < len(properties.Content); i += 2 {
		name := properties.Content[i].Value
		w.row(path+name, required[name], properties.Content[i+1])
	}
}

func (w *reference) row(path string, required bool, n *yaml.Node) {
	says := text(get(n, "description"))
	if says == "" {
		w.t.Errorf("%s has no description", path)
	}
	name := "`" + path + "`"
	if required {
		name = "**" + name + "**"
	}
	fmt.Fprintf(&w.b, "| %s | %s | %s | %s |\n", name, w.kind(n), cell(says), cell(text(get(n, "$comment"))))
	w.below(path, n)
}

// below writes the rows of what a member holds: members, keys of one's own, items, alternatives.
func (w *reference) below(path string, n *yaml.Node) {
	n, name := w.target(n)
	if get(n, "properties") != nil {
		if name != "" && w.shown[name] != "" {
			return
		}
		w.shown[name] = path
		w.members(path+".", n)
	}
	if more := get(n, "additionalProperties"); more != nil && more.Kind == yaml.MappingNode {
		w.below(path+"."+key(path), more)
	}
	if items := get(n, "items"); items != nil {
		w.below(path+"[]", items)
	}
	if list := get(n, "anyOf"); list != nil {
		for _, one := range list.Content {
			w.below(path, one)
		}
	}
}

// key is what stands for the keys of a map in a path.
func key(path string) string {
	if path == "selection" || path == "pagination.operations" {
		return "ID"
	}
	return "NAME"
}

// kind is what a value has to be, in words.
func (w *reference) kind(n *yaml.Node) string {
	n, name := w.target(n)
	if at := w.shown[name]; name != "" && at != "" && get(n, "properties") != nil {
		return "as `" + at + "`"
	}
	if list := get(n, "anyOf"); list != nil {
		return w.either(list)
	}
	if only := get(n, "const"); only != nil {
		return "`" + only.Value + "`"
	}
	if list := get(n, "enum"); list != nil {
		return w.words(list)
	}
	kind := text(get(n, "type"))
	switch {
	case name == "pointer":
		return "JSON pointer"
	case name == "pointerOrNone":
		return "JSON pointer or `-`"
	case kind == "array" && get(n, "items") != nil:
		return "array of " + w.kind(get(n, "items"))
	case kind == "object" && get(n, "properties") == nil:
		if more := get(n, "additionalProperties"); more != nil {
			return "object: " + w.kind(more) + " by name"
		}
	case kind == "":
		w.t.Errorf("line %d of the schema: a value of no type", n.Line)
	}
	if least := get(n, "minimum"); least != nil {
		kind += " from " + least.Value
	}
	return kind
}

func (w *reference) either(list *yaml.Node) string {
	var all []string
	for _, one := range list.Content {
		all = append(all, w.kind(one))
	}
	return strings.Join(all, " or ")
}

func (w *reference) words(list *yaml.Node) string {
	var all []string
	for _, n := range list.Content {
		all = append(all, "`"+n.Value+"`")
	}
	return strings.Join(all, ", ")
}

// cell is a text as it may stand in a table.
func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }
