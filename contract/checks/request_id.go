package checks

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/source"
)

func requestID() contract.Check {
	return contract.Check{
		ID:      "request-id",
		Promise: "Answers to different requests do not have one and the same request ID, and an error names the same one as the header of its answer.",
		Why:     "Who reports a failure by its ID reports all requests that there ever were, or one that nobody finds.",
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
			findings := otherID(c, h)
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
					return findings, nil
				}
				if x.Status != first.Status {
					last = x
				}
				urls[x.Method+x.URL], statuses[x.Status] = true, true
			}
			few := len(urls) < 3 || len(statuses) < 2
			if few && len(findings) > 0 {
				return findings, nil
			}
			if few {
				return nil, contract.Skip("too few different answers have %s", h.Name)
			}
			return append(findings, c.New(last, "header "+h.Name, "", "unique", "another ID than the answers to other requests have", quote(last.Header.Get(h.Name))+" in all answers", h.Place.FileLine()).And(first)), nil
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

// otherID finds an error whose body names the request by another ID than its header does, in a member of the header's name. In a success such a member
// may speak of another request.
func otherID(c *contract.Case, h *openapi.Header) []contract.Finding {
	for _, x := range c.Seen() {
		told := x.Header.Get(h.Name)
		body, err := x.JSON()
		if x.Status < 400 || told == "" || err != nil {
			continue
		}
		pointer, id := namedIn(c.Plain(x, body), unprefixed(h.Name))
		if id != "" && id != told {
			f := c.New(x, "body of "+strconv.Itoa(x.Status), pointer, "same", quote(told)+", as "+h.Name+" says", quote(id), h.Place.FileLine())
			return []contract.Finding{f}
		}
	}
	return nil
}

// namedIn is the text of an object's member of a name, or of a member of one of its objects.
func namedIn(v any, name string) (pointer, text string) {
	object, _ := v.(map[string]any)
	for _, member := range slices.Sorted(maps.Keys(object)) {
		at := "/" + source.Escape(member)
		switch inner := object[member].(type) {
		case string:
			if unprefixed(member) == name {
				return at, inner
			}
		case map[string]any:
			if below, text := namedIn(inner, name); text != "" {
				return at + below, text
			}
		}
	}
	return "", ""
}

// unprefixed is the name of a header or a member as people read it: X-Request-Id, requestId and request_id are one.
func unprefixed(name string) string {
	return letters(strings.TrimPrefix(strings.ToLower(name), "x-"))
}
