package checks

import (
	"context"
	"net/http"
	"strings"

	"troth/contract"
	"troth/openapi"
)

func requestID() contract.Check {
	return contract.Check{
		ID:      "request-id",
		Promise: "Answers to different requests do not have one and the same request ID.",
		Why:     "Who reports a failure by its ID reports all requests that there ever were.",
		Source:  "the declared header whose name ends in Request-Id or Correlation-Id",
		Level:   contract.Should,
		Last:    true,
		Applies: func(s *contract.Subject) bool { return s.Op.Method == http.MethodGet && requestIDHeader(s.Op) != nil },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			h := requestIDHeader(c.Op)
			if c.Carried(&openapi.Parameter{In: "header", Name: h.Name}) {
				return nil, contract.Skip("every request has %s", h.Name)
			}
			if _, err := c.Probes(ctx); err != nil {
				return nil, err
			}
			var first, last *contract.Exchange
			urls, statuses := map[string]bool{}, map[int]bool{}
			for _, x := range c.Seen() {
				value := x.Header.Get(h.Name)
				if value == "" || x.Sent.Get(h.Name) != "" {
					continue
				}
				if first == nil {
					first = x
				}
				if value != first.Header.Get(h.Name) {
					return nil, nil
				}
				if x.Status != first.Status {
					last = x
				}
				urls[x.Method+x.URL], statuses[x.Status] = true, true
			}
			if len(urls) < 3 || len(statuses) < 2 {
				return nil, contract.Skip("too few different answers have %s", h.Name)
			}
			return []contract.Finding{c.New(last, "header "+h.Name, "", "unique", "another ID than the answers to other requests have", quote(last.Header.Get(h.Name))+" in all answers", h.Place.FileLine()).And(first)}, nil
		},
	}
}

// requestIDHeader is the declared header of a success that names the request, nil where there is none of which that is to be expected.
func requestIDHeader(op *openapi.Compiled) *openapi.Header {
	success, _ := op.Success()
	if success == nil {
		return nil
	}
	for _, h := range success.Headers {
		lower := strings.ToLower(h.Name)
		if (strings.HasSuffix(lower, "request-id") || strings.HasSuffix(lower, "correlation-id")) && h.Schema != nil && h.Schema.Enum == nil {
			return h
		}
	}
	return nil
}
