package openapi

import (
	"net/http"
	"slices"
	"strings"

	"troth/openapi/schema"
)

// Decode decodes the lines of a response header and validates the value; nil where it breaks nothing.
func (h *Header) Decode(lines []string) []schema.Violation {
	_, violations := h.Value(lines)
	return violations
}

// Value is what the lines of a response header say: by style "simple", or by the media type of its content. Many servers write a scalar
// bare where the content is JSON; that is taken, too.
func (h *Header) Value(lines []string) (any, []schema.Violation) {
	p := h.parameter()
	value, violations := p.decoded(lines)
	if len(violations) == 0 || h.Content.Type == "" {
		return value, violations
	}
	p.Content = MediaType{}
	if bare, broken := p.decoded(lines); len(broken) == 0 {
		return bare, nil
	}
	return value, violations
}

// Encode writes a value as the text of the header: by style "simple" (OpenAPI 3.1 §4.8.12.6), or by the media type of its content.
func (h *Header) Encode(value any) (string, error) { return h.parameter().Encode(value) }

func (h *Header) parameter() *Parameter {
	return &Parameter{Name: h.Name, In: "header", Style: "simple", Explode: h.Explode, Schema: h.Schema, Content: h.Content, Place: h.Place, form: h.form}
}

func (p *Parameter) decoded(lines []string) (any, []schema.Violation) {
	var values Values
	var list []schema.Violation
	for _, v := range p.take([]string{strings.Join(lines, ",")}, &values, nil) {
		list = append(list, v.Violation)
	}
	value, _ := values.Get(p.In, p.Name)
	return value, list
}

// ofMessage are header fields that clients and what is between write anew for each message (RFC 9110 §6.6, §7.6, §8.6, §12.5.3).
var ofMessage = []string{"Accept-Encoding", "Connection", "Content-Length", "Host", "Keep-Alive", "Te", "Trailer", "Transfer-Encoding", "Upgrade"}

// OfMessage tells whether a header field is of the message that is sent, not of what is asked: no caller of an API chooses its value.
func OfMessage(name string) bool { return slices.Contains(ofMessage, http.CanonicalHeaderKey(name)) }
