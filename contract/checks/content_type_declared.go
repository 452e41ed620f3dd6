package checks

import (
	"context"
	"slices"
	"strings"

	"troth/contract"
)

func contentTypeDeclared() contract.Check {
	return contract.Check{
		ID:      "content-type-declared",
		Promise: "Every body has a media type that the response declares.",
		Why:     "Clients choose a parser by the media type: with another one they refuse the body or misread it.",
		Source:  "OpenAPI 3.1 §4.8.17 Response Object, content",
		Level:   contract.Must,
		Last:    true,
		Applies: always,
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			return eachProbe(ctx, c, func(x *contract.Exchange) []contract.Finding {
				if f := mislabelled(c, x); f != nil {
					return []contract.Finding{*f}
				}
				if !c.Declares(x, x.Method) {
					return nil // no operation declares what answers a method or path that the document lacks
				}
				r := responseOf(c, x)
				if r == nil || len(r.Content) == 0 || len(x.Body) == 0 || contentOf(r, x) != nil {
					return nil
				}
				if !slices.ContainsFunc(r.Content, possible) {
					return nil
				}
				got := x.Header.Get("Content-Type")
				if got == "" {
					got = "no Content-Type"
				}
				return []contract.Finding{c.New(x, "header Content-Type of "+r.Code, "", "content", typesOf(r.Content), got, r.Place.Child("content").FileLine())}
			})
		},
	}
}

// mislabelled finds a Content-Type that is sent more than once (RFC 9110 §5.3) or names a charset that JSON is not in (RFC 8259 §8.1).
func mislabelled(c *contract.Case, x *contract.Exchange) *contract.Finding {
	if lines := x.Header.Values("Content-Type"); len(lines) > 1 {
		f := c.New(x, "header Content-Type", "", "once", "one media type", strings.Join(lines, " and "), "RFC 9110 §5.3, §8.3")
		return &f
	}
	m, ok := x.MediaType()
	if charset := m.Param("charset"); ok && m.IsJSON() && charset != "" && !strings.EqualFold(charset, "utf-8") {
		f := c.New(x, "header Content-Type", "", "charset", "utf-8, which JSON is in, or none", charset, "RFC 8259 §8.1").At(contract.Should)
		return &f
	}
	return nil
}
