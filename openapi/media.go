package openapi

// MediaType is a parsed media type (RFC 9110 §8.3.1) or, where Type or Subtype is "*", a media range (§12.5.1).
type MediaType struct {
	Type, Subtype string  // lower case
	Params        []Param // without q; names lower case
}

// Param is one parameter of a media type.
type Param struct{ Name, Value string }

// ParseMediaType parses one media type or range.
func ParseMediaType(s string) (MediaType, error) { panic("stub") }

// String is the canonical spelling.
func (m MediaType) String() string { panic("stub") }

// Suffix is the structured syntax suffix (RFC 6838 §4.2.8) without "+": "json" for "application/vnd.x+json".
func (m MediaType) Suffix() string { panic("stub") }

// IsJSON tells whether content of this type is JSON: application/json, text/json or +json.
func (m MediaType) IsJSON() bool { panic("stub") }

// Matches tells whether a concrete media type x falls under m (a declared type or range): type and subtype equal or "*", and every parameter of m but
// charset is in x with the same value. "application/json" does not match "application/vnd.x+json".
func (m MediaType) Matches(x MediaType) bool { panic("stub") }

// Negotiate picks the offer that the Accept header fields (all lines) prefer: q, then specificity (RFC 9110 §12.5.1), then the order of offers. An absent or empty Accept
// accepts all. ok is false where nothing is acceptable (406). "application/*+json" is honoured as an extension. A malformed member is ignored.
func Negotiate(accept []string, offers []MediaType) (i int, ok bool) { panic("stub") }
