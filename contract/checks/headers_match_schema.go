package checks

import (
	"context"
	"slices"
	"strings"

	"troth/contract"
	"troth/openapi"
)

func headersMatchSchema() contract.Check {
	return contract.Check{
		ID:      "headers-match-schema",
		Promise: "Declared response headers are there where they are required, and are what their schemas say.",
		Why:     "Clients that read a declared header get none, or one that they cannot parse.",
		Source:  "OpenAPI 3.1 §4.8.21 Header Object",
		Level:   contract.Must,
		Last:    true,
		Applies: func(s *contract.Subject) bool {
			return slices.ContainsFunc(s.Op.Responses, func(r *openapi.Response) bool { return len(r.Headers) > 0 })
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			return eachProbe(ctx, c, func(x *contract.Exchange) []contract.Finding { return judgeHeaders(c, x) })
		},
	}
}

func judgeHeaders(c *contract.Case, x *contract.Exchange) (findings []contract.Finding) {
	r := responseOf(c, x)
	if r == nil || !c.Declares(x, x.Method) {
		return findings // no operation declares what answers a method or path that the document lacks
	}
	for _, h := range r.Headers {
		lines := x.Header.Values(h.Name)
		where := "header " + h.Name + " of " + r.Code
		if strings.EqualFold(h.Name, "Content-Type") {
			continue // OpenAPI: shall be ignored
		}
		if len(lines) == 0 {
			if h.Required {
				findings = append(findings, c.New(x, where, "", "required", "a value", "none", h.Place.FileLine()))
			}
			continue
		}
		for _, v := range h.Decode(lines) {
			findings = append(findings, c.New(x, where, v.Pointer, v.Keyword, v.Want, v.Got, h.Place.FileLine()))
		}
	}
	return findings
}
