package checks

import (
	"context"
	"net/http"
	"strings"

	"troth/contract"
)

func headersMatchSchema() contract.Check {
	return contract.Check{
		ID:      "headers-match-schema",
		Promise: "Declared response headers are there where they are required, and are what their schemas say.",
		Why:     "Clients that read a declared header get none, or one that they cannot parse.",
		Source:  "OpenAPI 3.1 §4.8.21 Header Object",
		Level:   contract.Must,
		Last:    true,
		Applies: always,
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			return eachProbe(ctx, c, func(x *contract.Exchange) []contract.Finding { return judgeHeaders(c, x) })
		},
	}
}

func judgeHeaders(c *contract.Case, x *contract.Exchange) (findings []contract.Finding) {
	for _, name := range []string{"Date", "Last-Modified", "Sunset"} { // RFC 9110 §6.6.1, §8.8.2; RFC 8594 §3
		if text := x.Header.Get(name); text != "" && !isDate(text) {
			findings = append(findings, c.New(x, "header "+name, "", "date", "an HTTP date (RFC 9110 §5.6.7)", quote(text), "RFC 9110 §5.6.7"))
		}
	}
	r := c.Op.Response(x.Status)
	if r == nil {
		return findings
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

func isDate(text string) bool {
	_, err := http.ParseTime(text)
	return err == nil
}
