// Package convention says what an API promises beyond OpenAPI's vocabulary: how its lists are paged, which members of an
// error body hold the status and the cause, envelopes, pretty-printing, dated media types, the form of its
// authentication challenge, header values, and rules between the members of a resource.
//
// Everything is inferred from the document (parameter names, wrapper shapes, link objects) and overridden by a
// troth.yaml beside it, whose form is troth.schema.json (docs/conventions.md explains it). Nothing here knows an API by name.
package convention

import (
	"encoding/json"
	"sync"

	"troth/openapi"
	"troth/openapi/source"
)

// Conventions are a document's. Immutable, safe for concurrent use.
type Conventions struct {
	Envelope       *Envelope // nil: none
	Pretty         *Pretty   // nil: none
	Versions       *Versions // nil: media types are not dated
	Authentication Authentication
	Charset        string            // appended to the content type of successful JSON bodies; "": nothing
	Headers        map[string]string // values by name, sent where a response declares the header
	Rules          []Rule
	Source         source.Place // of troth.yaml, zero where there is none

	codes  []toldCode // from the document's description
	errors Errors     // from troth.yaml; its empty members are inferred
	paging paging
	pages  sync.Map // *Pagination by *openapi.Operation

	selection  map[string]json.RawMessage // from troth.yaml, by operationId
	selections sync.Map                   // *Selection by *openapi.Operation
	shapes     sync.Map                   // *Errors by *schema.Schema
	limits     sync.Map                   // int by *openapi.Compiled: of bodies
	shown      sync.Map                   // Codes by *openapi.Compiled
	unique     sync.Map                   // []Unique by *openapi.Compiled
}

// Infer reads the conventions out of a document.
func Infer(doc *openapi.Document) *Conventions {
	c := &Conventions{Authentication: Authentication{Realm: doc.Title, Algorithms: []string{"SHA-256", "MD5"}}}
	if name := flagNamed(doc, "envelope"); name != "" {
		c.Envelope = &Envelope{Parameter: name, Status: "status", Content: "content"}
	}
	if name := flagNamed(doc, "pretty", "prettyprint"); name != "" {
		c.Pretty = &Pretty{Parameter: name}
	}
	c.Versions = inferVersions(doc)
	c.codes = codesIn(doc.Root.Node.Get("info").Get("description").Text())
	return c
}

// flagNamed is the name of a boolean query parameter of the document whose name, without case and separators, is one of these.
func flagNamed(doc *openapi.Document, names ...string) string {
	found := ""
	eachParameter(doc, func(n *source.Node) bool {
		name := n.Get("name").Text()
		if n.Get("in").Text() == "query" && n.Get("schema").Get("type").Text() == "boolean" && oneOf(name, names) {
			found = name
		}
		return found == ""
	})
	return found
}

// eachParameter visits the Parameter Objects that are written in the document, without compiling operations, until visit says stop.
func eachParameter(doc *openapi.Document, visit func(*source.Node) bool) {
	for _, n := range doc.Root.Node.Get("components").Get("parameters").Members() {
		if !visit(n) {
			return
		}
	}
	for _, item := range doc.Root.Node.Get("paths").Members() {
		for _, operation := range item.Members() {
			for _, n := range operation.Get("parameters").Items() {
				if !visit(n) {
					return
				}
			}
		}
		for _, n := range item.Get("parameters").Items() {
			if !visit(n) {
				return
			}
		}
	}
}

// Envelope is a query parameter that puts status and body into one JSON object.
type Envelope struct {
	Parameter string `json:"parameter"`
	Status    string `json:"status"`  // member that holds the HTTP status
	Content   string `json:"content"` // member that holds the body of a single resource; a list gets Status beside its own members
}

// Pretty is a query parameter that asks for an indented body.
type Pretty struct {
	Parameter string `json:"parameter"`
}

// Authentication is the form of the challenge (RFC 7616 for digest).
type Authentication struct {
	Realm      string   `json:"realm"`      // default: the document's title
	Algorithms []string `json:"algorithms"` // digest, in order of preference; one challenge each
	Domain     *string  `json:"domain"`     // digest: the domain directive; nil: not sent
}

// HeadersFor returns the header values that a response of a status declares and troth.yaml gives.
func (c *Conventions) HeadersFor(op *openapi.Compiled, status int) map[string]string {
	if op == nil || len(c.Headers) == 0 {
		return nil
	}
	r := op.Response(status)
	if r == nil {
		return nil
	}
	values := map[string]string{}
	for _, h := range r.Headers {
		if v, ok := c.Headers[h.Name]; ok {
			values[h.Name] = v
		}
	}
	return values
}
