package openapi

import (
	"net/http"
	"net/url"

	"troth/openapi/schema"
)

// Violation is a broken constraint of a request or response, with the part of the message it is in.
type Violation struct {
	In   string // "path", "query", "header", "cookie", "body", "status", "media-type"
	Name string // parameter or header name, "" for a body
	schema.Violation
}

// Values are the decoded parameters of one request, by place and name.
type Values struct{ stub []any }

// Get returns the decoded value; ok is false where the parameter was absent. The default of an absent parameter's schema is
// returned with ok false.
func (v Values) Get(in, name string) (value any, ok bool) { panic("stub") }

// Int is Get for an integer parameter, fallback where it is absent without default or no integer.
func (v Values) Int(in, name string, fallback int) int { panic("stub") }

// Bool is Get for a boolean parameter.
func (v Values) Bool(in, name string, fallback bool) bool { panic("stub") }

// DecodeParameters decodes and validates every declared parameter of a request by its style and explode (OpenAPI 3.1 §4.8.12.6, RFC 6570),
// working on the raw query. Undeclared query parameters are ignored. A repeated scalar parameter is a violation. Decoding is strict by JSON
// Schema's types: "true"/"false" for booleans, JSON's grammar for numbers. The usual integers and booleans do not allocate.
func (c *Compiled) DecodeParameters(r *http.Request, m Match) (Values, []Violation) { panic("stub") }

// Encode writes a value by p's style and explode: the path segment, the header or cookie value, or for a query parameter the raw "name=value&…" part.
func (p *Parameter) Encode(value any) (string, error) { panic("stub") }

// Expand fills the path template, percent-encoding values given by parameter name, encoded already where In is path (see Encode).
func (o *Operation) Expand(values map[string]string) (string, error) { panic("stub") }

// BaseURL joins a target (scheme, host, optional prefix) and the path of an operation.
func joinURL(target *url.URL, path string) *url.URL { panic("stub") }
