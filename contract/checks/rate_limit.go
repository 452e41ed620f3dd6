package checks

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"troth/contract"
)

func rateLimit() contract.Check {
	return contract.Check{
		ID:      "rate-limit-fields",
		Promise: "What is left of a rate limit is a whole number from 0 to the limit; who is over it is answered 429, where that is declared.",
		Why:     "Clients that pace themselves by it stop for nothing, or run into the limit.",
		Source:  "draft-ietf-httpapi-ratelimit-headers-06 §3; RFC 6585 §4",
		Level:   contract.Should,
		Last:    true,
		Applies: always,
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			seen := false
			findings, err := eachProbe(ctx, c, func(x *contract.Exchange) []contract.Finding {
				seen = seen || x.Header.Get("RateLimit-Remaining") != "" || x.Header.Get("X-RateLimit-Remaining") != ""
				return append(judgeRemaining(c, x), overLimit(c, x)...)
			})
			if err == nil && !seen {
				return nil, contract.Skip("no answer tells what is left of a rate limit")
			}
			return findings, err
		},
	}
}

// judgeRemaining reads the fields of the draft, and those with X- that came before it. Nobody says what the latter hold: they are judged only
// where both are single numbers.
func judgeRemaining(c *contract.Case, x *contract.Exchange) []contract.Finding {
	for _, prefix := range []string{"", "X-"} {
		left, limit := fieldOf(x, prefix+"RateLimit-Remaining"), fieldOf(x, prefix+"RateLimit-Limit")
		finding := func(keyword, want string) []contract.Finding {
			return []contract.Finding{c.New(x, "header "+prefix+"RateLimit-Remaining", "", keyword, want, quote(left), "draft-ietf-httpapi-ratelimit-headers-06 §3.3")}
		}
		if _, err := strconv.ParseFloat(left, 64); prefix == "" && err == nil && !isWhole(left) {
			return finding("integer", "a whole number, 0 or more")
		}
		if prefix == "" {
			limit = limit[:len(limit)-len(strings.TrimLeft(limit, "0123456789"))] // it may be followed by its windows: 100, 100;w=60
		}
		most, err := strconv.ParseUint(limit, 10, 64)
		rest, failed := strconv.ParseUint(left, 10, 64)
		if err == nil && failed == nil && rest > most {
			return finding("limit", "no more than the limit, "+limit)
		}
	}
	return nil
}

// overLimit finds another refusal than 429 that tells of a limit: none is left, and there is a time to come again.
func overLimit(c *contract.Case, x *contract.Exchange) []contract.Finding {
	r := c.Op.Response(http.StatusTooManyRequests)
	if x.Status != http.StatusForbidden && x.Status != http.StatusBadRequest || r == nil || r.Code != "429" || x.Header.Get("Retry-After") == "" || fieldOf(x, "RateLimit-Remaining") != "0" {
		return nil
	}
	return []contract.Finding{c.New(x, "status over the rate limit", "", "429", "429, as declared", strconv.Itoa(x.Status), r.Place.FileLine())}
}

// fieldOf is the only value of a field, "" where there is none or more than one.
func fieldOf(x *contract.Exchange, name string) string {
	if lines := x.Header[http.CanonicalHeaderKey(name)]; len(lines) == 1 {
		return lines[0]
	}
	return ""
}
