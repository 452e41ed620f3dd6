package checks

import (
	"context"
	"net/http"
	"strings"

	"troth/contract"
	"troth/openapi/schema"
)

func headerOnce() contract.Check {
	return contract.Check{
		ID:      "header-once",
		Promise: "A header field that holds one value is sent once.",
		Why:     "Of two values one client takes the first and another the last; browsers refuse an answer that allows two origins.",
		Source:  "RFC 9110 §5.3",
		Level:   contract.Must,
		Last:    true,
		Applies: always,
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			return eachProbe(ctx, c, func(x *contract.Exchange) (findings []contract.Finding) {
				for _, name := range singleFields(c, x) {
					if lines := x.Header.Values(name); len(lines) > 1 {
						findings = append(findings, c.New(x, "header "+name, "", "once", "one line", quote(strings.Join(lines, " and ")), "RFC 9110 §5.3"))
					}
				}
				return findings
			})
		},
	}
}

// singleFields are the names of fields that are no lists: HTTP's, and those that the response declares with a schema of single values.
func singleFields(c *contract.Case, x *contract.Exchange) []string {
	names := []string{"Access-Control-Allow-Credentials", "Access-Control-Allow-Origin", "Access-Control-Max-Age", "Age", "Content-Length", "Content-Location",
		"Content-Range", "Content-Type", "Date", "Etag", "Expires", "Last-Modified", "Location", "Retry-After", "Strict-Transport-Security", "Sunset"}
	r := c.Op.Response(x.Status)
	if r == nil {
		return names
	}
	const single = schema.TypeInteger | schema.TypeNumber | schema.TypeBoolean
	for _, h := range r.Headers {
		if h.Schema != nil && h.Schema.Types != schema.AnyType && h.Schema.Types&^single == 0 {
			names = append(names, http.CanonicalHeaderKey(h.Name))
		}
	}
	return names
}
