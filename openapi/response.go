package openapi

import (
	"net/http"
	"strconv"
	"strings"

	"troth/openapi/schema"
	"troth/openapi/source"
)

// CheckResponse lists what a response to this operation breaks: its status, media type and body, and the headers that the document
// declares; nil where it breaks nothing. The answer to HEAD is judged as that to GET, without its body: bodyless says that none was to
// be sent. A body where the document declares none is no violation.
func (c *Compiled) CheckResponse(status int, header http.Header, body []byte, bodyless bool) []Violation {
	if len(c.Responses) == 0 {
		return nil
	}
	declared := c.Response(status)
	if declared == nil {
		return []Violation{{In: "status", Violation: schema.Violation{
			Keyword: "responses", Want: "one of " + strings.Join(c.codes(), ", "), Got: strconv.Itoa(status), Schema: c.Place.Child("responses"),
		}}}
	}
	violations := declared.checkHeaders(header)
	if bodyless || status == http.StatusNoContent || status == http.StatusNotModified || len(declared.Content) == 0 {
		return violations
	}
	return append(violations, declared.checkBody(header.Get("Content-Type"), body)...)
}

func (c *Compiled) codes() (codes []string) {
	for _, r := range c.Responses {
		codes = append(codes, r.Code)
	}
	return codes
}

func (r *Response) checkHeaders(header http.Header) (violations []Violation) {
	for _, h := range r.Headers {
		lines := header.Values(h.Name)
		switch {
		case strings.EqualFold(h.Name, "Content-Type"): // described by the content (OpenAPI 3.1 §4.8.17)
		case len(lines) > 0:
			for _, v := range h.Decode(lines) {
				violations = append(violations, Violation{In: "header", Name: h.Name, Violation: v})
			}
		case h.Required:
			violations = append(violations, Violation{In: "header", Name: h.Name, Violation: schema.Violation{
				Keyword: "required", Want: "header " + h.Name, Got: "absent", Schema: h.Place,
			}})
		}
	}
	return violations
}

func (r *Response) checkBody(field string, body []byte) []Violation {
	if len(body) == 0 && field == "" {
		return []Violation{{In: "body", Violation: schema.Violation{Keyword: "content", Want: "a body of " + r.types(), Got: "none", Schema: r.Place}}}
	}
	sent, err := ParseMediaType(field)
	content := r.ContentFor(sent)
	if err != nil || content == nil {
		return []Violation{{In: "media-type", Name: "Content-Type", Violation: schema.Violation{
			Keyword: "content", Want: r.types(), Got: strconv.Quote(field), Schema: r.Place.Child("content"),
		}}}
	}
	value, judged, violations := DecodeBody(content, sent, body)
	if len(violations) > 0 || !judged || content.Schema == nil {
		return violations
	}
	for _, v := range content.Schema.Validate(value, schema.Response) {
		violations = append(violations, Violation{In: "body", Violation: v})
	}
	return violations
}

// ContentFor is the declared content that a concrete media type falls under, the most specific one; nil where there is none.
func (r *Response) ContentFor(sent MediaType) (best *Content) { return MostSpecific(r.Content, sent) }

// MostSpecific is the content that a concrete media type falls under: of several the most specific one, of those the first (OpenAPI 3.1
// §4.8.13.1, §4.8.17.1); nil where there is none.
func MostSpecific(list []*Content, sent MediaType) (best *Content) {
	for _, c := range list {
		if c.Type.Matches(sent) && (best == nil || c.Type.specificity() > best.Type.specificity()) {
			best = c
		}
	}
	return best
}

// types lists the declared media types.
func (r *Response) types() string {
	texts := make([]string, len(r.Content))
	for i, c := range r.Content {
		texts[i] = c.Type.String()
	}
	return strings.Join(texts, ", ")
}

// Explain says where the violation is, what was wanted and found, and the document's line: "query parameter page: minimum: want at
// least 1, got 0 (api.yaml:17)".
func (v Violation) Explain() string {
	where := v.In + " parameter " + v.Name
	switch v.In {
	case "body", "status", "path", "method":
		if where = v.In; v.Name != "" {
			where += " parameter " + v.Name
		}
	case "media-type", "header":
		where = "header " + v.Name
	}
	if v.In == "body" && v.MemberPointer() != "" {
		where += " at " + v.MemberPointer()
	}
	text := where + ": " + v.Keyword + ": want " + v.Want + ", got " + v.Got
	if line := v.Schema.FileLine(); line != "" {
		text += " (" + line + ")"
	}
	return text
}

// MemberPointer is the JSON pointer of what the violation is about: the absent member, not the object that lacks it.
func (v Violation) MemberPointer() string {
	if name, ok := strings.CutPrefix(v.Want, "member "); ok && v.Keyword == "required" {
		return v.Pointer + "/" + source.Escape(name)
	}
	return v.Pointer
}
