package cli

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

var (
	yamlBlock = regexp.MustCompile("(?s)```yaml\n(.*?)```")
	command   = regexp.MustCompile(`(?m)\btroth ((?:test|report merge) [^\n|]*)`)
	variable  = regexp.MustCompile(`\$\{\{[^}]*\}\}|\$\(\([^)]*\)\)|\$[A-Z_]+`)
)

// TestScaleOutManifests reads the manifests of docs/scale-out.md, and parses every command in them as the program would.
func TestScaleOutManifests(t *testing.T) {
	text, err := os.ReadFile("../../../docs/scale-out.md")
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]bool{}
	for _, block := range yamlBlock.FindAllStringSubmatch(string(text), -1) {
		var v map[string]any
		if err := yaml.Unmarshal([]byte(block[1]), &v); err != nil {
			t.Errorf("%v\n%s", err, block[1])
		}
		for name := range v {
			kinds[name] = true
		}
	}
	if !kinds["jobs"] || !kinds["apiVersion"] {
		t.Errorf("a workflow and a manifest are missing: %v", kinds)
	}
	commands := command.FindAllStringSubmatch(string(text), -1)
	for _, c := range commands {
		words := strings.Fields(variable.ReplaceAllString(strings.NewReplacer(`"`, "").Replace(c[1]), "1"))
		root := newRoot(&streams{})
		found, rest, err := root.Find(words)
		if err != nil || found == root {
			t.Errorf("%q: %v", c[0], err)
			continue
		}
		if err := found.ParseFlags(rest); err != nil {
			t.Errorf("%q: %v", c[0], err)
		}
	}
	if len(commands) < 6 {
		t.Errorf("%d commands", len(commands))
	}
}
