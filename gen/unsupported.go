package gen

import (
	"fmt"
	"strings"

	"troth/openapi"
	"troth/openapi/source"
)

// Unsupported is the error for a document that holds what code cannot be written for.
type Unsupported struct {
	Problems []Problem // in document order, at least one
}

// Problem is one construct that code cannot be written for.
type Problem struct {
	Where     string // file:line and JSON pointer
	Construct string // what stands there
	Remedy    string // what to do about it
}

// Error names every construct, its place and the remedy.
func (u *Unsupported) Error() string {
	var b strings.Builder
	b.WriteString("generate: code cannot be written for this document:")
	for _, p := range u.Problems {
		fmt.Fprintf(&b, "\n%s: %s; %s", p.Where, p.Construct, p.Remedy)
	}
	return b.String()
}

// unsupported looks for what would make oapi-codegen stop without saying where, or write code that does not work.
func unsupported(doc *openapi.Document, s settings) error {
	u := &Unsupported{}
	wanted := wantedOperations(doc, s)
	for _, o := range wanted {
		if s.operations != nil && o.Place.Node.Get("operationId").Text() == "" {
			u.add(o.Place, "the operation has no operationId to choose it by", "give it one, or generate all operations")
		}
		if s.server {
			u.route(o)
		}
	}
	if severalFiles(doc) { // reads every file, so that each is looked at
		for _, f := range doc.Files()[1:] {
			u.walk(source.Place{File: f, Node: f.Root})
		}
	}
	u.walk(doc.Root)
	if u.Problems == nil {
		return nil
	}
	return u
}

func wantedOperations(doc *openapi.Document, s settings) []*openapi.Operation {
	if s.operations == nil {
		return doc.Operations
	}
	var list []*openapi.Operation
	for _, id := range s.operations {
		list = append(list, doc.Operation(id))
	}
	return list
}

func (u *Unsupported) add(at source.Place, construct, remedy string) {
	u.Problems = append(u.Problems, Problem{at.String(), construct, remedy})
}

// route refuses paths that echo v4's router takes for others: its parameters are whole segments.
func (u *Unsupported) route(o *openapi.Operation) {
	for segment := range strings.SplitSeq(o.Path, "/") {
		if wholeSegment(segment) {
			continue
		}
		u.add(o.Place, fmt.Sprintf("the server's router, echo v4, cannot match the segment %q of %s %s", segment, o.Method, o.Path),
			"generate without the server, or only the other operations; troth mock serves this path")
		return
	}
}

// wholeSegment tells whether a segment is a literal that echo takes as such, or exactly one parameter.
func wholeSegment(segment string) bool {
	if strings.HasPrefix(segment, "{") && strings.HasSuffix(segment, "}") {
		return !strings.ContainsAny(segment[1:len(segment)-1], "{}")
	}
	return !strings.ContainsAny(segment, "{}*")
}

// values are the members that hold a user's values, in which nothing is a schema.
var values = map[string]bool{"example": true, "examples": true, "enum": true, "const": true, "default": true, "value": true}

// named are the members whose own members are names, none of which is a keyword.
var named = map[string]bool{"properties": true, "patternProperties": true, "$defs": true, "schemas": true, "headers": true,
	"parameters": true, "responses": true, "dependentSchemas": true, "requestBodies": true}

// walk looks at every object below p for keywords that oapi-codegen or kin-openapi cannot take.
func (u *Unsupported) walk(p source.Place) {
	switch p.Node.Kind() {
	case source.Object:
		u.keywords(p)
		for name := range p.Node.Members() {
			u.member(p, name)
		}
	case source.Array:
		for i := range p.Node.Items() {
			u.walk(p.Item(i))
		}
	}
}

// member walks one member of an object of keywords.
func (u *Unsupported) member(p source.Place, name string) {
	child := p.Child(name)
	switch {
	case values[name], strings.HasPrefix(name, "x-"):
	case named[name] && child.Node.Kind() == source.Object:
		for inner := range child.Node.Members() {
			u.walk(child.Child(inner))
		}
	default:
		u.walk(child)
	}
}

func (u *Unsupported) keywords(p source.Place) {
	if types := p.Child("type"); types.Node.Kind() == source.Array && realTypes(types.Node) > 1 {
		u.add(types, "a schema of several types has no Go type",
			"write it as oneOf with a schema for each type, or leave out type and generate any")
	}
	for _, keyword := range []string{"$anchor", "$dynamicAnchor", "$id"} {
		if at := p.Child(keyword); at.Node.Kind() == source.String {
			u.add(at, "kin-openapi cannot follow references by "+keyword, "refer to the schema by its JSON pointer and remove "+keyword)
		}
	}
}

// realTypes counts the types that are not null.
func realTypes(types *source.Node) int {
	n := 0
	for _, t := range types.Items() {
		if t.Text() != "null" {
			n++
		}
	}
	return n
}
