package checks

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/source"
)

func errorReason() contract.Check {
	return contract.Check{
		ID:      "error-reason",
		Promise: "The reason in an error body is the phrase of its status.",
		Why:     "People who read the reason look for another error than the one that happened.",
		Source:  "the member of the reason phrase; RFC 9110 §15, RFC 9457 §4.2.1 (about:blank)",
		Level:   contract.Must,
		Last:    true,
		Applies: func(s *contract.Subject) bool {
			content := errorContent(s.Op)
			return content != nil && s.Conv.ErrorsFor(content.Schema).Reason != ""
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			content := errorContent(c.Op)
			pointer := c.Conv.ErrorsFor(content.Schema).Reason
			exact := c.Conv.Source.Child("errors").Child("reason").Exists() // else it may be in another language (RFC 9457 §4.2.1)
			return refusals(ctx, c, func(x *contract.Exchange) []contract.Finding {
				body, err := x.JSON()
				if err != nil {
					return nil
				}
				told, ok := source.Get(c.Plain(x, body), pointer)
				text, isText := told.(string)
				if typed(c.Plain(x, body)) || !ok || !isText || http.StatusText(x.Status) == "" || isPhrase(text, x.Status) || !exact && !ofAnother(text) ||
					!maySay(content.Schema, pointer, http.StatusText(x.Status)) {
					return nil
				}
				return []contract.Finding{c.New(x, fmt.Sprintf("body of %d", x.Status), pointer, "reason", http.StatusText(x.Status), quote(text), content.Place.FileLine())}
			})
		},
	}
}

// isPhrase tells whether a text is a status's phrase: of RFC 9110, or of those before it, which Go's standard library has.
func isPhrase(text string, status int) bool {
	renamed := map[int][]string{
		http.StatusRequestEntityTooLarge:        {"Content Too Large", "Payload Too Large"},
		http.StatusRequestURITooLong:            {"URI Too Long", "Request-URI Too Long"},
		http.StatusRequestedRangeNotSatisfiable: {"Range Not Satisfiable"},
		http.StatusUnprocessableEntity:          {"Unprocessable Content"},
	}
	return slices.ContainsFunc(append(renamed[status], http.StatusText(status)), func(phrase string) bool { return strings.EqualFold(text, phrase) })
}

// ofAnother tells whether a text is the phrase of some status.
func ofAnother(text string) bool {
	for status := 100; status < 600; status++ {
		if http.StatusText(status) != "" && isPhrase(text, status) {
			return true
		}
	}
	return false
}

// typed tells whether a problem has a type of its own: then its title is that type's (RFC 9457 §3.1.3, §4.2.1).
func typed(body any) bool {
	object, _ := body.(map[string]any)
	text, _ := object["type"].(string)
	return text != "" && text != "about:blank"
}

// refusals runs judge on each refusal that was seen.
func refusals(ctx context.Context, c *contract.Case, judge func(*contract.Exchange) []contract.Finding) ([]contract.Finding, error) {
	refused := false
	findings, err := eachProbe(ctx, c, func(x *contract.Exchange) []contract.Finding {
		if x.Status < 400 {
			return nil
		}
		refused = true
		return judge(x)
	})
	if err == nil && !refused {
		return nil, contract.Skip("no request was refused")
	}
	return findings, err
}

func retryAfter() contract.Check {
	return contract.Check{
		ID:      "retry-after",
		Promise: "A 429 says when to come again, where the document declares it.",
		Why:     "Clients that are not told when to come again come at once, or far too late.",
		Source:  "OpenAPI 3.1 §4.8.17 Response Object, headers; RFC 6585 §4",
		Level:   contract.Should,
		Last:    true,
		Applies: func(s *contract.Subject) bool {
			r := s.Op.Response(http.StatusTooManyRequests)
			return r != nil && r.Code == "429" && header(r, "Retry-After") != nil
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			seen := false
			findings, err := eachProbe(ctx, c, func(x *contract.Exchange) []contract.Finding {
				if x.Status != http.StatusTooManyRequests {
					return nil
				}
				if seen = true; x.Header.Get("Retry-After") != "" {
					return nil
				}
				r := c.Op.Response(x.Status)
				return []contract.Finding{c.New(x, "header Retry-After of 429", "", "required", "a time to wait", "none", header(r, "Retry-After").Place.FileLine())}
			})
			if err == nil && !seen {
				return nil, contract.Skip("no request was answered 429")
			}
			return findings, err
		},
	}
}

func header(r *openapi.Response, name string) *openapi.Header {
	for _, h := range r.Headers {
		if strings.EqualFold(h.Name, name) {
			return h
		}
	}
	return nil
}
