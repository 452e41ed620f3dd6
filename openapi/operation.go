package openapi

import (
	"net/http"
	"strconv"
	"strings"

	"troth/openapi/schema"
	"troth/openapi/source"
)

// Operation is one method of one path.
type Operation struct {
	ID         string // operationId; where absent or doubled: method and path made into a camel-case name, unique in the document
	Method     string // upper case
	Path       string // the template as written: "/pets/{petId}"
	Route      string // the part of Path that a URL's path has: without "?…" and "#…", which tell operations of one path apart
	Tags       []string
	Summary    string
	Deprecated bool
	Place      source.Place
	Document   *Document

	item    source.Place // the Path Item Object
	compile func() (*Compiled, error)
}

// Compiled is what an operation promises, with every reference followed and every schema compiled.
type Compiled struct {
	*Operation
	Parameters []*Parameter  // of the path and the operation (the operation's win), in this order: path, query, header, cookie
	Body       *Body         // nil where the operation declares none
	Responses  []*Response   // document order
	Security   []Requirement // alternatives (OR); empty: no authentication. An empty Requirement among them: anonymous is allowed
	Servers    []string

	path    []*Parameter
	headers []*Parameter
	cookies []*Parameter
	query   []*Parameter
}

// Compile compiles the operation, once; safe for concurrent use. Errors name places. It fails as a whole: a part that
// cannot be understood is never skipped.
func (o *Operation) Compile() (*Compiled, error) { return o.compile() }

// Extension returns the "x-…" member of the operation, nil where there is none.
func (o *Operation) Extension(name string) *source.Node { return o.Place.Node.Get(name) }

// Response returns what is declared for a status: the exact code, else its range ("4XX"), else "default", else nil.
func (c *Compiled) Response(status int) *Response {
	var room [8]byte
	exact := strconv.AppendInt(room[:0], int64(status), 10)
	for _, r := range c.Responses {
		if r.Code == string(exact) {
			return r
		}
	}
	class := strconv.Itoa(status/100) + "XX"
	var ranged, fallback *Response
	for _, r := range c.Responses {
		switch {
		case strings.EqualFold(r.Code, class):
			ranged = r
		case r.Code == "default":
			fallback = r
		}
	}
	if ranged != nil {
		return ranged
	}
	return fallback
}

// Wide tells whether a response is for many statuses: "4XX" or "default".
func (r *Response) Wide() bool {
	return r.Code == "default" || strings.HasSuffix(strings.ToUpper(r.Code), "XX")
}

// Success returns the first declared 2xx response (lowest code; "2XX" and then "default" where no code is exact), nil
// where there is none, and the status to send for it. Where only another class is declared (a redirect), the lowest code below
// 400 counts as success.
func (c *Compiled) Success() (*Response, int) {
	var best *Response
	lowest := 400
	for _, r := range c.Responses {
		status, err := strconv.Atoi(r.Code)
		if err == nil && status >= 200 && (status < lowest && (status < 300 || lowest >= 300)) && status < 400 {
			best, lowest = r, status
		}
	}
	if best != nil && lowest < 300 {
		return best, lowest
	}
	for _, code := range []string{"2XX", "default"} {
		for _, r := range c.Responses {
			if strings.EqualFold(r.Code, code) {
				return r, http.StatusOK
			}
		}
	}
	if best != nil {
		return best, lowest
	}
	return nil, http.StatusOK
}

// Parameter returns the parameter of that place ("path", "query", "header", "cookie") and name, nil where there is none.
// Header names are compared without case (RFC 9110 §5.1).
func (c *Compiled) Parameter(in, name string) *Parameter {
	for _, p := range c.Parameters {
		if p.In == in && (p.Name == name || in == "header" && strings.EqualFold(p.Name, name)) {
			return p
		}
	}
	return nil
}

// Parameter is OpenAPI's Parameter Object.
type Parameter struct {
	Name, In        string
	Required        bool
	Deprecated      bool
	Description     string
	Style           string // never "": the default of In where absent
	Explode         bool
	AllowReserved   bool
	AllowEmptyValue bool
	Schema          *schema.Schema // never nil; the schema of Content where that is used
	Content         MediaType      // the media type of a "content" parameter; zero where "schema" is used
	Examples        []Example
	Place           source.Place

	form form
}

// Body is OpenAPI's Request Body Object.
type Body struct {
	Required bool
	Content  []*Content
	Place    source.Place
}

// Content is one entry of a "content" map: OpenAPI's Media Type Object.
type Content struct {
	Type     MediaType
	Schema   *schema.Schema // nil where absent; of a sequential media type (server-sent events, JSON lines) an array's
	Encoding map[string]Encoding
	Examples []Example
	Place    source.Place // the Media Type Object: extensions such as x-sunset are its members
}

// Response is OpenAPI's Response Object.
type Response struct {
	Code        string // "200", "4XX", "default"
	Description string
	Headers     []*Header
	Content     []*Content
	Place       source.Place
}

// JSON is the first JSON content with a schema, nil where there is none; also for a nil response.
func (r *Response) JSON() *Content {
	if r == nil {
		return nil
	}
	for _, c := range r.Content {
		if c.Type.IsJSON() && c.Schema != nil {
			return c
		}
	}
	return nil
}

// Header is OpenAPI's Header Object.
type Header struct {
	Name        string // as written
	Description string
	Required    bool
	Schema      *schema.Schema // never nil
	Content     MediaType      // the media type of a "content" header; zero where "schema" is used
	Examples    []Example
	Place       source.Place
	Explode     bool

	form form
}

// Example is a named or the only example of a parameter, header or media type. Schema examples are in schema.Schema.
type Example struct {
	Name  string // "" for "example"
	Value any    // plain JSON
	Place source.Place
}

// SecurityScheme is OpenAPI's Security Scheme Object.
type SecurityScheme struct {
	Name   string // its key
	Type   string // "apiKey", "http", "oauth2", "openIdConnect", "mutualTLS"
	Scheme string // http: lower case: "basic", "bearer", "digest"
	In     string // apiKey: "query", "header", "cookie"
	Key    string // apiKey: the parameter's name
	Flows  []Flow
	Place  source.Place
}

// Flow is one of OpenAPI's OAuth Flows.
type Flow struct {
	Kind     string // "clientCredentials", "password", "implicit", "authorizationCode"
	TokenURL string
	Scopes   []string
}

// Requirement is one alternative: every scheme in it is needed (AND). Empty: anonymous.
type Requirement []Need

// Need is one scheme with the scopes that are asked for.
type Need struct {
	Scheme *SecurityScheme
	Scopes []string
}
