package checks

import (
	"context"

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
				r := c.Op.Response(x.Status)
				if r == nil || len(r.Content) == 0 || len(x.Body) == 0 || contentOf(r, x) != nil {
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
