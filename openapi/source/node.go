package source

import (
	"encoding/json"
	"iter"
	"slices"
	"strconv"
	"sync/atomic"
)

// Kind is the JSON type of a node.
type Kind uint8

// The kinds of a node, RFC 8259 §3.
const (
	Null Kind = iota + 1
	Bool
	Number
	String
	Array
	Object
)

// String names the kind as JSON Schema does.
func (k Kind) String() string {
	names := [...]string{"nothing", "null", "boolean", "number", "string", "array", "object"}
	return names[min(int(k), len(names)-1)]
}

// Node is one JSON value of a document and the place it was written at. A nil *Node stands for an absent value; every
// method may be called on it.
type Node struct {
	kind         Kind
	line, column int32
	text         string // scalar: the string, or the JSON text of a number or boolean
	sub          *children
}

type children struct {
	keys  []string
	nodes []*Node
	index atomic.Pointer[map[string]int] // of keys, made when a large object is first looked into
}

// indexed is from how many members on an object is looked up by an index: a document's paths and components may have thousands, each
// the target of references.
const indexed = 32

// find is the position of a key, -1 where there is none.
func (c *children) find(name string) int {
	if len(c.keys) < indexed {
		return slices.Index(c.keys, name)
	}
	index := c.index.Load()
	if index == nil {
		made := make(map[string]int, len(c.keys))
		for i, key := range c.keys {
			made[key] = i
		}
		index = &made
		c.index.Store(index)
	}
	if i, ok := (*index)[name]; ok {
		return i
	}
	return -1
}

// Kind tells the JSON type; 0 for an absent node.
func (n *Node) Kind() Kind {
	if n == nil {
		return 0
	}
	return n.kind
}

// Line is the 1-based line of the value, 0 for an absent node.
func (n *Node) Line() int {
	if n == nil {
		return 0
	}
	return int(n.line)
}

// Column is the 1-based column (in bytes) of the value, 0 for an absent node.
func (n *Node) Column() int {
	if n == nil {
		return 0
	}
	return int(n.column)
}

// Text is the content of a string, or the JSON text of a number or boolean; "" otherwise.
func (n *Node) Text() string {
	if n == nil {
		return ""
	}
	return n.text
}

// Str is the content of a string node; ok is false for anything else.
func (n *Node) Str() (s string, ok bool) { return n.Text(), n.Kind() == String }

// Len counts the items of an array or the members of an object.
func (n *Node) Len() int {
	if n == nil || n.sub == nil {
		return 0
	}
	return len(n.sub.nodes)
}

// Get returns the member of that name, nil where n is no object or has none.
func (n *Node) Get(name string) *Node {
	if n.Kind() != Object {
		return nil
	}
	if i := n.sub.find(name); i >= 0 {
		return n.sub.nodes[i]
	}
	return nil
}

// Item returns the i-th item of an array, nil where there is none.
func (n *Node) Item(i int) *Node {
	if n.Kind() != Array || i < 0 || i >= len(n.sub.nodes) {
		return nil
	}
	return n.sub.nodes[i]
}

// Members yields the members of an object in document order.
func (n *Node) Members() iter.Seq2[string, *Node] {
	return func(yield func(string, *Node) bool) {
		if n.Kind() != Object {
			return
		}
		for i, key := range n.sub.keys {
			if !yield(key, n.sub.nodes[i]) {
				return
			}
		}
	}
}

// Items yields the items of an array.
func (n *Node) Items() iter.Seq2[int, *Node] {
	return func(yield func(int, *Node) bool) {
		if n.Kind() != Array {
			return
		}
		for i, item := range n.sub.nodes {
			if !yield(i, item) {
				return
			}
		}
	}
}

// True tells whether n is the boolean true.
func (n *Node) True() bool { return n.Kind() == Bool && n.text == "true" }

// Int returns an integer; ok is false where n is none or it does not fit.
func (n *Node) Int() (i int, ok bool) {
	if n.Kind() != Number {
		return 0, false
	}
	if i, err := strconv.Atoi(n.text); err == nil {
		return i, true
	}
	f, err := strconv.ParseFloat(n.text, 64) // 1.0 and 1e3 are integers
	if err != nil || f != float64(int(f)) || f > 1<<53 || f < -1<<53 {
		return 0, false
	}
	return int(f), true
}

// Value is n in plain form: nil, bool, json.Number, string, []any, map[string]any. The caller owns it. A text whose
// aliases would make it larger than a million values is cut: what is behind is null.
func (n *Node) Value() any {
	budget := 1_000_000
	return n.value(&budget)
}

func (n *Node) value(budget *int) any {
	if *budget--; *budget < 0 {
		return nil
	}
	switch n.Kind() {
	case Bool:
		return n.text == "true"
	case Number:
		return json.Number(n.text)
	case String:
		return n.text
	case Array:
		items := make([]any, 0, len(n.sub.nodes))
		for _, item := range n.sub.nodes {
			items = append(items, item.value(budget))
		}
		return items
	case Object:
		members := make(map[string]any, len(n.sub.nodes))
		for i, key := range n.sub.keys {
			members[key] = n.sub.nodes[i].value(budget)
		}
		return members
	}
	return nil
}

// Without is an object without some of its members, n itself where it has none of them.
func (n *Node) Without(leave func(name string) bool) *Node {
	if n.Kind() != Object || !slices.ContainsFunc(n.sub.keys, leave) {
		return n
	}
	kept := *n
	kept.sub = &children{}
	for i, key := range n.sub.keys {
		if !leave(key) {
			kept.sub.keys, kept.sub.nodes = append(kept.sub.keys, key), append(kept.sub.nodes, n.sub.nodes[i])
		}
	}
	return &kept
}
