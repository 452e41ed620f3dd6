package source

import (
	"iter"
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
	lines []int32 // line of each key
	nodes []*Node
}

// Kind tells the JSON type; 0 for an absent node.
func (n *Node) Kind() Kind { panic("stub") }

// Line is the 1-based line of the value, 0 for an absent node.
func (n *Node) Line() int { panic("stub") }

// Column is the 1-based column (in bytes) of the value, 0 for an absent node.
func (n *Node) Column() int { panic("stub") }

// Text is the content of a string, or the JSON text of a number or boolean; "" otherwise.
func (n *Node) Text() string { panic("stub") }

// Len counts the items of an array or the members of an object.
func (n *Node) Len() int { panic("stub") }

// Get returns the member of that name, nil where n is no object or has none.
func (n *Node) Get(name string) *Node { panic("stub") }

// Item returns the i-th item of an array, nil where there is none.
func (n *Node) Item(i int) *Node { panic("stub") }

// Members yields the members of an object in document order.
func (n *Node) Members() iter.Seq2[string, *Node] { panic("stub") }

// Items yields the items of an array.
func (n *Node) Items() iter.Seq2[int, *Node] { panic("stub") }

// True tells whether n is the boolean true.
func (n *Node) True() bool { panic("stub") }

// Int returns an integer; ok is false where n is none or it does not fit.
func (n *Node) Int() (i int, ok bool) { panic("stub") }

// Value is n in plain form: nil, bool, json.Number, string, []any, map[string]any. The caller owns it.
func (n *Node) Value() any { panic("stub") }
