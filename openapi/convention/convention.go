// Package convention says what an API promises beyond OpenAPI's vocabulary: how its lists are paged, which members of an
// error body hold the status and the cause, envelopes, pretty-printing, dated media types, the form of its
// authentication challenge, and rules between the members of a resource.
//
// Everything is inferred from the document (parameter names, wrapper shapes, link objects) and overridden by a
// troth.yaml beside it. Nothing here knows an API by name.
package convention

import (
	"troth/openapi"
	"troth/openapi/source"
)

// Conventions are a document's. Immutable, safe for concurrent use.
type Conventions struct {
	Errors         Errors
	Envelope       *Envelope // nil: none
	Pretty         *Pretty   // nil: none
	Versions       *Versions // nil: media types are not dated
	Authentication Authentication
	Headers        Headers
	Rules          []Rule
	Source         source.Place // of troth.yaml, zero where there is none
	stub           int
}

// Infer reads the conventions out of a document.
func Infer(doc *openapi.Document) (*Conventions, error) { panic("stub") }

// Load infers and then applies the troth.yaml at path. Errors name file, line and pointer, what was found and what was expected.
func Load(doc *openapi.Document, path string) (*Conventions, error) { panic("stub") }

// Parse infers and then applies the text of a troth.yaml; name is what errors show.
func Parse(doc *openapi.Document, name string, data []byte) (*Conventions, error) { panic("stub") }

// Beside returns the conventions of the troth.yaml beside the document's first file, or the inferred ones where there is none.
func Beside(doc *openapi.Document) (*Conventions, error) { panic("stub") }

// Pagination returns how the operation's list is paged, nil where it is no paginated list. Computed once per operation, lazily.
func (c *Conventions) Pagination(op *openapi.Compiled) *Pagination { panic("stub") }

// Pagination is how one list operation is paged.
type Pagination struct {
	Style   string // "page" (page number and size), "offset" (offset and limit), "cursor", "link" (RFC 8288 only)
	Page    string // query parameter of the page number, offset or cursor; "" where there is none
	Size    string // query parameter of the page size; "" where there is none
	First   int    // number of the first page (1; 0 where Page's minimum or default is 0); 0 for offset
	Default int    // page size without Size; 0: unknown
	Minimum int    // smallest page size; 0: unknown
	Maximum int    // largest page size; 0: unknown

	Items      string // JSON pointer of the item array in the body, "" where the body is the array
	Total      string // JSON pointer of the total, "-" where there is none
	TotalExact bool   // false: an estimate
	TotalParam string // boolean query parameter that switches the total, "" where there is none; false omits it
	Next       string // cursor: JSON pointer of the next cursor, "-" where there is none
	More       string // JSON pointer of a "has more" boolean, "-" where there is none
	Links      *Links // nil: no links in the body
	LinkHeader bool   // a Link header (RFC 8288) is declared
}

// Links are links in a list's body: an array of objects with a relation and a target.
type Links struct {
	Pointer              string // JSON pointer of the array ("/links"), or of an object whose members are the relations
	Rel, Href            string // member names in the array's objects
	Self, Next, Previous string // the relations; "" where not used
	Object               bool   // Pointer is an object: {"next": "…"}
}

// Errors are the members of an error body, as JSON pointers; "" where there is none.
type Errors struct {
	Status, Reason, Code, Detail, Parameters string
	Fields                                   string            // array of field errors
	FieldName, FieldText                     string            // member names in its objects
	Codes                                    map[string]string // value of Code by situation (see Situations), then by status ("404"); "" : a name made from the reason phrase
}

// Situations are the keys of Errors.Codes beside statuses: "unknown-path", "unknown-parent", "unknown-item", "not-acceptable", "unauthorized", "invalid-parameter", "invalid-body", "malformed-body".
func Situations() []string { panic("stub") }

// Envelope is a query parameter that puts status and body into one JSON object.
type Envelope struct {
	Parameter string
	Status    string // member that holds the HTTP status: "status"
	Content   string // member that holds the body of a single resource: "content"; a list gets Status beside its own members
}

// Pretty is a query parameter that asks for an indented body.
type Pretty struct{ Parameter string }

// Versions are dated media types: the newest version not later than the date asked for is served; none: 406.
type Versions struct {
	Prefix, Suffix string // "application/vnd.atlas.", "+json"
}

// Resolve returns the index of the offer that an Accept media type with a date (YYYY-MM-DD) is served with: the newest not later; ok is false where a
// dated type of this form finds none, and dated is false where the type is not of this form.
func (v *Versions) Resolve(accept openapi.MediaType, offers []openapi.MediaType) (i int, dated, ok bool) {
	panic("stub")
}

// Authentication is the form of the challenge.
type Authentication struct {
	Realm      string   // default: the document's title
	Algorithms []string // digest, in order of preference: "MD5", "SHA-256"; default both... the first is the one in the challenge
	Domain     *string  // digest: the domain directive; nil: not sent
	Charset    string   // appended to the content type of successful JSON bodies: "utf-8"; "" : nothing
}

// Headers are response headers with fixed values.
type Headers struct {
	Values map[string]string // by name: for example RateLimit-Limit: "1200"
}

// Rule is a relation between members of an object with the schema of that name, or of any object that has all its members.
type Rule struct {
	Schema string // component name
	// When holds where the member has one of these values; empty: always.
	Member string
	Values []string
	// Then these members are present / absent.
	Present, Absent []string
	Place           source.Place
}
