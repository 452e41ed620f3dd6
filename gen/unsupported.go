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
	Where      string   // file:line and JSON pointer
	Construct  string   // what stands there
	Remedy     string   // what to do about it
	Operations []string // the IDs of the operations that hold or reach it, in document order
}

// String is one line: the place, the operations, what stands there, and the remedy.
func (p Problem) String() string {
	const shown = 5
	operations := strings.Join(p.Operations, ", ")
	if n := len(p.Operations); n > shown {
		operations = fmt.Sprintf("%s and %d more", strings.Join(p.Operations[:shown], ", "), n-shown)
	}
	return fmt.Sprintf("%s (%s): %s; %s", p.Where, operations, p.Construct, p.Remedy)
}

// Error names every construct, its place and the remedy.
func (u *Unsupported) Error() string {
	var b strings.Builder
	b.WriteString("generate: code cannot be written for this document:")
	for _, p := range u.Problems {
		b.WriteString("\n" + p.String())
	}
	return b.String()
}

// finding is a construct that was found, at its place.
type finding struct {
	at                source.Place
	construct, remedy string
}

// finder collects findings.
type finder struct{ list []finding }

// unsupported looks for what would make oapi-codegen or kin-openapi stop without saying where, in what the wanted
// operations reach.
func unsupported(doc *openapi.Document, s settings) ([]Problem, error) {
	f := &finder{}
	if severalFiles(doc) { // reads every file, so that each is looked at
		for _, file := range doc.Files()[1:] {
			f.walk(source.Place{File: file, Node: file.Root})
		}
	}
	f.walk(doc.Root)
	if f.list == nil {
		return nil, nil
	}
	reaches := map[string]reached{}
	for _, o := range wantedOperations(doc, s) {
		r := reached{}
		r.operation(o)
		r[place(o.Place)] = true
		reaches[o.ID] = r
	}
	var problems []Problem
	for _, found := range f.list {
		p := Problem{Where: found.at.String(), Construct: found.construct, Remedy: found.remedy}
		for _, o := range wantedOperations(doc, s) {
			if reaches[o.ID].holds(found.at) {
				p.Operations = append(p.Operations, o.ID)
			}
		}
		if p.Operations != nil {
			problems = append(problems, p)
		}
	}
	return problems, nil
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

func (f *finder) add(at source.Place, construct, remedy string) {
	f.list = append(f.list, finding{at, construct, remedy})
}

// values are the members that hold a user's values, in which nothing is a schema.
var values = map[string]bool{"example": true, "examples": true, "enum": true, "const": true, "default": true, "value": true}

// named are the members whose own members are names, none of which is a keyword.
var named = map[string]bool{"properties": true, "patternProperties": true, "$defs": true, "schemas": true, "headers": true,
	"parameters": true, "responses": true, "dependentSchemas": true, "requestBodies": true}

// walk looks at every object below p for keywords that oapi-codegen or kin-openapi cannot take.
func (f *finder) walk(p source.Place) {
	switch p.Node.Kind() {
	case source.Object:
		f.keywords(p)
		for name := range p.Node.Members() {
			f.member(p, name)
		}
	case source.Array:
		for i := range p.Node.Items() {
			f.walk(p.Item(i))
		}
	}
}

// member walks one member of an object of keywords.
func (f *finder) member(p source.Place, name string) {
	child := p.Child(name)
	switch {
	case values[name], strings.HasPrefix(name, "x-"):
	case named[name] && child.Node.Kind() == source.Object:
		for inner := range child.Node.Members() {
			f.walk(child.Child(inner))
		}
	default:
		f.walk(child)
	}
}

func (f *finder) keywords(p source.Place) {
	for _, keyword := range []string{"$anchor", "$dynamicAnchor", "$id"} {
		if at := p.Child(keyword); at.Node.Kind() == source.String {
			f.add(at, "kin-openapi cannot follow references by "+keyword, "refer to the schema by its JSON pointer and remove "+keyword)
		}
	}
}
