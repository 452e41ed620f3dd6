package openapi

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode"

	"troth/openapi/schema"
)

func isXML(t MediaType) bool { return t.Subtype == "xml" || t.Suffix() == "xml" }

// instance is the namespace of xsi:nil, which stands for null (OpenAPI 3.2 §4.25.6).
const instance = "http://www.w3.org/2001/XMLSchema-instance"

// encodeXML writes a value by the XML Objects of its schema (OpenAPI 3.1 §4.8.26). The root's name is that of its XML Object, else that
// of the schema, else "root". Characters that a name cannot have become "_".
func encodeXML(c *Content, v any) ([]byte, string, error) {
	if text, ok := v.(string); ok && (c.Schema == nil || c.wantsText()) {
		return []byte(text), "", nil
	}
	w := &xmlWriter{}
	w.b.WriteString(xml.Header)
	w.element(xmlName(c.Schema, rootName(c.Schema)), c.Schema, v)
	return w.b.Bytes(), "", w.err
}

func rootName(s *schema.Schema) string {
	if s != nil {
		for part := range s.Parts(false) {
			if part.Name != "" {
				return part.Name
			}
		}
	}
	return "root"
}

// xmlOf is the XML Object that applies to a schema; never nil.
func xmlOf(s *schema.Schema) *schema.XML {
	if s != nil {
		for part := range s.Parts(false) {
			if part.XML != nil {
				return part.XML
			}
		}
	}
	return &schema.XML{}
}

// xmlName is the local name of what a schema describes.
func xmlName(s *schema.Schema, fallback string) string {
	if x := xmlOf(s); x.Name != "" {
		return nameable(x.Name)
	}
	return nameable(fallback)
}

// nameable makes a name of XML (XML 1.0 §2.3) without a colon.
func nameable(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' || r == '-' || r == '.' {
			return r
		}
		return '_'
	}, name)
	if name == "" || !unicode.IsLetter([]rune(name)[0]) && name[0] != '_' {
		return "_" + name
	}
	return name
}

type xmlWriter struct {
	b   bytes.Buffer
	err error
}

// open writes a start tag up to its attributes and returns the name of the end tag.
func (w *xmlWriter) open(local string, s *schema.Schema) string {
	x := xmlOf(s)
	name := local
	if x.Prefix != "" {
		name = x.Prefix + ":" + local
	}
	w.b.WriteString("<" + name)
	if x.Namespace != "" {
		declared := "xmlns"
		if x.Prefix != "" {
			declared += ":" + x.Prefix
		}
		w.attribute(declared, x.Namespace)
	}
	return name
}

func (w *xmlWriter) attribute(name, value string) {
	w.b.WriteString(" " + name + `="`)
	w.text(value)
	w.b.WriteString(`"`)
}

func (w *xmlWriter) text(s string) {
	for _, r := range s {
		if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff {
			w.err = fmt.Errorf("XML 1.0 cannot hold the character U+%04X", r)
			return
		}
	}
	if err := xml.EscapeText(&w.b, []byte(s)); err != nil {
		w.err = err
	}
}

func (w *xmlWriter) element(local string, s *schema.Schema, v any) {
	name := w.open(local, s)
	object, isObject := v.(map[string]any)
	var inside []string
	for _, member := range slices.Sorted(maps.Keys(object)) {
		p := memberOf(s, member)
		if value, scalar := Text(object[member]); scalar && object[member] != nil && xmlOf(p).Attribute {
			w.attribute(xmlName(p, member), value)
			continue
		}
		inside = append(inside, member)
	}
	if v == nil {
		w.attribute("xmlns:xsi", instance)
		w.attribute("xsi:nil", "true")
	}
	w.b.WriteString(">")
	switch list, isArray := v.([]any); {
	case isObject:
		for _, member := range inside {
			w.member(member, s, memberOf(s, member), object[member])
		}
	case isArray:
		w.items(itemName(s, rootItem(s)), s, list)
	case v != nil:
		text, _ := Text(v)
		w.text(text)
	}
	w.b.WriteString("</" + name + ">")
}

// rootItem names the items of an array that no member holds.
func rootItem(s *schema.Schema) string {
	if item := itemOf(s, 0, 8); item != nil && rootName(item) != "root" {
		return rootName(item)
	}
	return "item"
}

// member writes a member of an object: one element, or an element for each item of an array that is not wrapped.
func (w *xmlWriter) member(name string, parent, s *schema.Schema, v any) {
	list, isArray := v.([]any)
	switch {
	case !isArray:
		w.element(xmlName(s, name), s, v)
	case wrapped(parent, name, s):
		end := w.open(xmlName(s, name), s)
		w.b.WriteString(">")
		w.items(itemName(s, name), s, list)
		w.b.WriteString("</" + end + ">")
	default:
		w.items(itemName(s, name), s, list)
	}
}

// wrapped tells whether an array's items stand in an element of their own: where its XML Object says so, and where they would be taken
// for another member.
func wrapped(parent *schema.Schema, name string, s *schema.Schema) bool {
	if xmlOf(s).Wrapped {
		return true
	}
	item := itemName(s, name)
	for part := range orAny(parent).Parts(true) {
		for _, p := range part.Properties {
			if p.Name != name && (elementName(p) == item) {
				return true
			}
		}
	}
	return false
}

// elementName is the name of the elements that a member is written as.
func elementName(p schema.Property) string {
	if isList(p.Schema) && !xmlOf(p.Schema).Wrapped {
		return itemName(p.Schema, p.Name)
	}
	return xmlName(p.Schema, p.Name)
}

// isList tells whether a schema describes arrays only.
func isList(s *schema.Schema) bool { return typesOf(s, 8)&^schema.TypeNull == schema.TypeArray }

// itemName is the name of an array's items: their own, else the array's.
func itemName(s *schema.Schema, fallback string) string {
	if x := xmlOf(itemOf(s, 0, 8)); x.Name != "" {
		return nameable(x.Name)
	}
	return xmlName(s, fallback)
}

func (w *xmlWriter) items(name string, s *schema.Schema, list []any) {
	for i, item := range list {
		w.element(name, itemOf(s, i, 8), item)
	}
}

// xmlNode is an element that was read.
type xmlNode struct {
	name     string
	attrs    map[string]string
	null     bool
	children []*xmlNode
	text     strings.Builder
}

// maxXMLDepth bounds how deep elements nest.
const maxXMLDepth = 500

func decodeXML(c *Content, _ MediaType, data []byte) (any, error) {
	if c.Schema == nil || c.wantsText() {
		return string(data), nil
	}
	root, err := parseXML(data)
	if err != nil {
		return nil, err
	}
	return root.value(c.Schema), nil
}

func parseXML(data []byte) (*xmlNode, error) {
	d := xml.NewDecoder(bytes.NewReader(data))
	top := &xmlNode{}
	stack := []*xmlNode{top}
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		last := stack[len(stack)-1]
		switch token := token.(type) {
		case xml.StartElement:
			n := newXMLNode(token)
			last.children = append(last.children, n)
			if stack = append(stack, n); len(stack) > maxXMLDepth {
				return nil, fmt.Errorf("elements nest over %d deep", maxXMLDepth)
			}
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			last.text.Write(token)
		}
	}
	if len(top.children) != 1 {
		return nil, errors.New("there is no one root element")
	}
	return top.children[0], nil
}

func newXMLNode(e xml.StartElement) *xmlNode {
	n := &xmlNode{name: e.Name.Local, attrs: map[string]string{}}
	for _, a := range e.Attr {
		switch {
		case a.Name.Space == instance && a.Name.Local == "nil":
			n.null = a.Value == "true" || a.Value == "1"
		case a.Name.Space != "xmlns" && a.Name.Local != "xmlns" && a.Name.Space != instance:
			n.attrs[a.Name.Local] = a.Value
		}
	}
	return n
}

// value reads an element by its schema.
func (n *xmlNode) value(s *schema.Schema) any {
	types := typesOf(s, 8)
	switch {
	case n.null:
		return nil
	case types&schema.TypeArray != 0 && types&schema.TypeObject == 0:
		return n.list(n.children, s)
	case len(n.children) > 0 || len(n.attrs) > 0 || types&schema.TypeObject != 0 && types&schema.TypeString == 0:
		return n.object(s)
	}
	return read(n.text.String(), s)
}

func (n *xmlNode) list(children []*xmlNode, s *schema.Schema) []any {
	list := make([]any, len(children))
	for i, child := range children {
		list[i] = child.value(itemOf(s, i, 8))
	}
	return list
}

// object reads the declared members first, by the names that their XML Objects give them, then the rest as it comes.
func (n *xmlNode) object(s *schema.Schema) any {
	object := map[string]any{}
	taken := map[string]bool{}
	for part := range orAny(s).Parts(true) {
		for _, p := range part.Properties {
			if _, done := object[p.Name]; !done {
				n.declared(object, taken, s, p)
			}
		}
	}
	for name, text := range n.attrs {
		if !taken["@"+name] {
			object[name] = read(text, memberOf(s, name))
		}
	}
	for _, child := range n.children {
		if !taken[child.name] {
			n.undeclared(object, child, s)
		}
	}
	return object
}

func (n *xmlNode) declared(object map[string]any, taken map[string]bool, s *schema.Schema, p schema.Property) {
	x, name := xmlOf(p.Schema), xmlName(p.Schema, p.Name)
	if x.Attribute {
		if text, ok := n.attrs[name]; ok {
			object[p.Name], taken["@"+name] = read(text, p.Schema), true
		}
		return
	}
	if isList(p.Schema) && !wrapped(s, p.Name, p.Schema) {
		name = itemName(p.Schema, p.Name)
		found := n.named(name)
		if len(found) == 1 && found[0].null && typesOf(p.Schema, 8)&schema.TypeNull != 0 {
			object[p.Name], taken[name] = nil, true
		} else if len(found) > 0 || due(s, p.Name) { // nothing tells an empty array from none
			object[p.Name], taken[name] = n.list(found, p.Schema), true
		}
		return
	}
	if found := n.named(name); len(found) > 0 {
		object[p.Name], taken[name] = found[0].value(p.Schema), true
	}
}

func (n *xmlNode) named(name string) (found []*xmlNode) {
	for _, child := range n.children {
		if child.name == name {
			found = append(found, child)
		}
	}
	return found
}

func (n *xmlNode) undeclared(object map[string]any, child *xmlNode, s *schema.Schema) {
	v := child.value(memberOf(s, child.name))
	switch old := object[child.name].(type) {
	case nil:
		object[child.name] = v
	case []any:
		object[child.name] = append(old, v)
	default:
		object[child.name] = []any{old, v}
	}
}
