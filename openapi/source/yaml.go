package source

import (
	"bytes"
	"errors"
	"io"
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// yamlReader turns yaml.v3's nodes into ours, which take a third of the memory.
type yamlReader struct {
	name  string
	keys  map[string]string
	done  map[*yaml.Node]*Node // of anchored nodes
	open  map[*yaml.Node]bool
	depth int
}

var yamlLine = regexp.MustCompile(`line (\d+)`)

func parseYAML(name string, data []byte) (root *Node, err error) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, more yaml.Node
	if err := dec.Decode(&doc); err != nil {
		line := 0
		if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
			line, _ = strconv.Atoi(m[1])
		}
		if err == io.EOF {
			err = errors.New("the text has no value")
		}
		return nil, fault(name, line, 0, "YAML: %s", strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if err := dec.Decode(&more); err != io.EOF {
		return nil, fault(name, more.Line, 0, "YAML: more than one document in the text")
	}
	r := &yamlReader{name: name, keys: map[string]string{}, done: map[*yaml.Node]*Node{}, open: map[*yaml.Node]bool{}}
	if root, err = r.node(&doc); err != nil {
		return nil, err
	}
	return root, nil
}

func (r *yamlReader) fault(y *yaml.Node, format string, args ...any) error {
	return fault(r.name, y.Line, y.Column, "YAML: "+format, args...)
}

func (r *yamlReader) node(y *yaml.Node) (*Node, error) {
	if r.depth++; r.depth > maxDepth {
		return nil, r.fault(y, "values are nested more than %d deep", maxDepth)
	}
	defer func() { r.depth-- }()
	switch y.Kind {
	case yaml.DocumentNode:
		return r.node(y.Content[0])
	case yaml.AliasNode:
		return r.alias(y)
	}
	if y.Anchor != "" {
		r.open[y] = true
		defer delete(r.open, y)
	}
	n := &Node{line: int32(y.Line), column: int32(y.Column)}
	if y.Anchor != "" {
		r.done[y] = n
	}
	return n, r.fill(n, y)
}

func (r *yamlReader) alias(y *yaml.Node) (*Node, error) {
	if r.open[y.Alias] {
		return nil, r.fault(y, "alias *%s stands inside its own anchor", y.Value)
	}
	if n := r.done[y.Alias]; n != nil {
		return n, nil
	}
	return r.node(y.Alias)
}

func (r *yamlReader) fill(n *Node, y *yaml.Node) error {
	switch y.Kind {
	case yaml.MappingNode:
		n.kind, n.sub = Object, &children{}
		return r.mapping(n.sub, y)
	case yaml.SequenceNode:
		n.kind, n.sub = Array, &children{nodes: make([]*Node, 0, len(y.Content))}
		for _, item := range y.Content {
			child, err := r.node(item)
			if err != nil {
				return err
			}
			n.sub.nodes = append(n.sub.nodes, child)
		}
		return nil
	}
	return r.scalar(n, y)
}

func (r *yamlReader) mapping(c *children, y *yaml.Node) error {
	c.keys = make([]string, 0, len(y.Content)/2)
	c.nodes = make([]*Node, 0, len(y.Content)/2)
	seen := map[string]bool{}
	var merged []*Node
	for i := 0; i+1 < len(y.Content); i += 2 {
		key, value := y.Content[i], y.Content[i+1]
		child, err := r.node(value)
		if err != nil {
			return err
		}
		if key.Tag == "!!merge" {
			merged = append(merged, child)
			continue
		}
		name, err := r.key(key)
		if err != nil {
			return err
		}
		if seen[name] {
			return r.fault(key, "key %q stands twice in one mapping", name)
		}
		seen[name] = true
		c.keys, c.nodes = append(c.keys, name), append(c.nodes, child)
	}
	return r.merge(c, y, seen, merged)
}

// merge adds the members of merge keys ("<<") that the mapping does not have itself.
func (r *yamlReader) merge(c *children, y *yaml.Node, seen map[string]bool, merged []*Node) error {
	for i := 0; i < len(merged); i++ {
		m := merged[i]
		if m.kind == Array {
			merged = append(merged, m.sub.nodes...)
			continue
		}
		if m.kind != Object {
			return r.fault(y, "a merge key (<<) needs a mapping")
		}
		for name, child := range m.Members() {
			if !seen[name] {
				seen[name] = true
				c.keys, c.nodes = append(c.keys, name), append(c.nodes, child)
			}
		}
	}
	return nil
}

func (r *yamlReader) key(y *yaml.Node) (string, error) {
	if y.Kind == yaml.AliasNode {
		y = y.Alias
	}
	if y.Kind != yaml.ScalarNode {
		return "", r.fault(y, "a key is no scalar")
	}
	if kept, ok := r.keys[y.Value]; ok {
		return kept, nil
	}
	r.keys[y.Value] = y.Value
	return y.Value, nil
}

func (r *yamlReader) scalar(n *Node, y *yaml.Node) error {
	switch y.ShortTag() {
	case "!!null":
		n.kind = Null
	case "!!bool":
		n.kind, n.text = Bool, strings.ToLower(y.Value)
	case "!!int":
		return r.integer(n, y)
	case "!!float":
		return r.float(n, y)
	default: // strings, timestamps and binary data are strings in JSON
		n.kind, n.text = String, y.Value
	}
	return nil
}

func (r *yamlReader) integer(n *Node, y *yaml.Node) error {
	digits := strings.ReplaceAll(strings.TrimPrefix(y.Value, "+"), "_", "")
	i, ok := new(big.Int).SetString(digits, 0)
	if !ok {
		i, ok = new(big.Int).SetString(digits, 10)
	}
	if !ok {
		return r.fault(y, "number %q cannot be read", y.Value)
	}
	n.kind, n.text = Number, i.String()
	return nil
}

var jsonNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$`)

func (r *yamlReader) float(n *Node, y *yaml.Node) error {
	text := strings.ReplaceAll(strings.TrimPrefix(y.Value, "+"), "_", "")
	if !jsonNumber.MatchString(text) {
		f, err := strconv.ParseFloat(text, 64)
		if err != nil || f != f || f-f != 0 {
			return r.fault(y, "number %q has no form in JSON", y.Value)
		}
		text = strconv.FormatFloat(f, 'g', -1, 64)
		text = strings.Replace(text, "e+", "e", 1)
	}
	n.kind, n.text = Number, text
	return nil
}
