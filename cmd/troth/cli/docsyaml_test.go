package cli

import (
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestPipelines reads the pipelines of docs/ci.md: the program parses each command line in them, and action.yml has the inputs and
// outputs that they name.
func TestPipelines(t *testing.T) {
	a := readAction(t)
	commands, uses := 0, 0
	for _, b := range blocks(t) {
		if b.file != "docs/ci.md" || b.lang != "yaml" {
			continue
		}
		var tree yaml.Node
		if err := yaml.Unmarshal([]byte(b.text), &tree); err != nil {
			t.Errorf("%s:%d: %v", b.file, b.line, err)
			continue
		}
		commands += parseCommands(t, b.text)
		uses += usesOf(t, a, &tree)
		for _, m := range name.FindAllStringSubmatch(b.text, -1) {
			if output := strings.TrimPrefix(m[2], "outputs."); m[1] == "steps" && output != "api" {
				t.Errorf("%s:%d: step %s", b.file, b.line, output)
			}
		}
	}
	if commands != 2 || uses != 2 {
		t.Errorf("%d commands, %d steps with the action", commands, uses)
	}
}

// usesOf holds the steps below a node that use the action against its inputs, their further arguments against the program.
func usesOf(t *testing.T, a action, n *yaml.Node) (count int) {
	t.Helper()
	var s step
	if n.Kind == yaml.MappingNode && n.Decode(&s) == nil && s.Uses == "./troth" {
		count++
		for input := range s.With {
			if _, ok := a.Inputs[input]; !ok {
				t.Errorf("action.yml has no input %s", input)
			}
		}
		command := s.With["command"]
		if command == "" {
			command = a.Inputs["command"].Default
		}
		parseCommands(t, "troth "+command+" "+strings.Join(strings.Fields(s.With["args"]), " "))
	}
	for _, below := range n.Content {
		count += usesOf(t, a, below)
	}
	return count
}
