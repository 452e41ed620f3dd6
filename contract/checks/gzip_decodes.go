package checks

import (
	"context"
	"net/http"
	"strings"

	"troth/contract"
)

func gzipDecodes() contract.Check {
	return contract.Check{
		ID:      "gzip-decodes",
		Promise: "A body in gzip is what it is without, and comes to who takes gzip.",
		Why:     "Every client that asks for compression, most of them unasked, gets a body that it cannot read.",
		Source:  "RFC 9110 §8.4, §12.5.3",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool { return s.Op.Method == http.MethodGet },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			x, err := c.Ask(ctx, "Accept-Encoding gzip", contract.Field("Accept-Encoding", "gzip"))
			if err != nil {
				return nil, err
			}
			plain, err := askForAnything(ctx, c)
			if err != nil {
				return nil, err
			}
			coding := plain.Header.Get("Content-Encoding")
			if plain.Gzip {
				coding = "gzip"
			}
			switch {
			case plain.OK() && coding != "" && !strings.EqualFold(coding, "identity"):
				return []contract.Finding{c.New(plain, "header Content-Encoding", "", "identity", "no "+coding+", which the request does not accept", coding, "RFC 9110 §12.5.3").At(contract.Should)}, nil
			case !x.Gzip:
				return nil, contract.Skip("answers are not compressed")
			case x.GzipErr != nil:
				return []contract.Finding{c.New(x, "body in gzip", "", "gzip", "a gzip stream (RFC 1952)", x.GzipErr.Error(), c.Op.Place.FileLine())}, nil
			}
			if findings := judgeBody(c, x, responseOf(c, x)); len(findings) > 0 {
				return findings, nil
			}
			return sameInGzip(ctx, c, x)
		},
	}
}

// sameInGzip compares an answer in gzip with one without; where they differ, anew between two without that are the same.
func sameInGzip(ctx context.Context, c *contract.Case, x *contract.Exchange) ([]contract.Finding, error) {
	if _, err := x.JSON(); err != nil || !x.OK() {
		return nil, nil
	}
	for try := range 4 {
		plain, err := c.Ask(ctx, "ordinary request", again(try)...)
		if err != nil {
			return nil, err
		}
		if try > 0 {
			if x, err = c.Ask(ctx, "Accept-Encoding gzip", contract.Field("Accept-Encoding", "gzip"), contract.Again()); err != nil {
				return nil, err
			}
		}
		body, failed := plain.JSON()
		zipped, err := x.JSON()
		if failed != nil || err != nil || !plain.OK() {
			return nil, nil // body-matches-schema tells
		}
		pointer, same := agree(declaredIn(c, plain, body), zipped, "")
		if same {
			return nil, nil
		}
		behind, err := c.Ask(ctx, "ordinary request", contract.Again())
		if err != nil {
			return nil, err
		}
		if try > 0 && says(c, plain) == says(c, behind) {
			return []contract.Finding{c.New(x, "body in gzip", pointer, "content", "what the answer without gzip says", "something else", c.Op.Place.FileLine()).And(plain)}, nil
		}
	}
	return nil, contract.Skip("inconclusive: the answer changed between requests")
}
