package checks

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"troth/contract"
)

func notAServerError() contract.Check {
	return contract.Check{
		ID:      "not-a-server-error",
		Promise: "No request, valid or not, makes the server fail.",
		Why:     "A request that makes the server fail can be sent by anybody, and tells the caller nothing to mend.",
		Source:  "RFC 9110 §15.6: 5xx says that the server erred",
		Level:   contract.Must,
		Last:    true,
		Asks:    true,
		Applies: always,
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			if err := hostile(ctx, c); err != nil {
				return nil, err
			}
			if err := large(ctx, c); err != nil {
				return nil, err
			}
			if err := nulls(ctx, c); err != nil {
				return nil, err
			}
			if _, err := c.Probes(ctx); err != nil { // all are sent before any is said to be the only one of its kind
				return nil, err
			}
			broken := brokenOff(c)
			findings, err := eachExchange(ctx, c, func(x *contract.Exchange) []contract.Finding {
				if slices.Contains(broken, x) || x.NoAnswer != nil && mayBeUnread(x) {
					return nil
				}
				if x.NoAnswer != nil {
					return []contract.Finding{c.New(x, "status of the "+x.Name, "", "answer", "an HTTP response", x.NoAnswer.Error(), c.Op.Place.FileLine())}
				}
				if x.Status < 500 || undeclaredIsUsual(x.Status) {
					return nil
				}
				got := strconv.Itoa(x.Status) + " " + http.StatusText(x.Status) + ": " + quote(string(x.Body))
				f := c.New(x, "status of the "+x.Name, "", strconv.Itoa(x.Status), "an answer below 500", got, c.Op.Place.FileLine())
				return []contract.Finding{f.Shrinks(func(y *contract.Exchange) bool { return y.Status == x.Status }, nil)}
			})
			return append(atRate(c, broken), findings...), err
		},
	}
}

// severalBroken is from how many requests without a response on it is not what they ask that breaks connections.
const severalBroken = 3

// brokenOff are requests that got no response at times: those that got one when they were sent again, be it by another check, and those that cannot be
// sent again.
func brokenOff(c *contract.Case) (broken []*contract.Exchange) {
	seen, names := c.Seen(), map[string]bool{}
	for _, x := range seen {
		if mayBeUnread(x) {
			continue
		}
		again := x.Method == http.MethodPost || x.Method == http.MethodPatch
		if x.NoAnswer != nil && (again || slices.ContainsFunc(seen, func(y *contract.Exchange) bool { return y.NoAnswer == nil && sameRequest(x, y) })) {
			broken = append(broken, x)
			names[x.Name] = true
		}
		for _, before := range x.Waited {
			if x.NoAnswer == nil && before.NoAnswer != nil && !slices.Contains(broken, before) {
				broken = append(broken, before)
				names[x.Name] = true
			}
		}
	}
	if len(names) < severalBroken || len(broken) > len(seen)/2 {
		return nil // each is judged by itself
	}
	return broken
}

// sameRequest tells whether two requests are the same.
func sameRequest(x, y *contract.Exchange) bool {
	return x.Method == y.Method && x.URL == y.URL && x.SentBody == y.SentBody && maps.EqualFunc(x.Sent, y.Sent, slices.Equal)
}

// atRate tells how many requests got no response.
func atRate(c *contract.Case, broken []*contract.Exchange) []contract.Finding {
	if len(broken) == 0 {
		return nil
	}
	got := fmt.Sprintf("no response to %d of %d requests: %s", len(broken), len(c.Seen()), broken[0].NoAnswer)
	return []contract.Finding{c.New(broken[0], "connection", "", "answer", "an HTTP response to each request", got, c.Op.Place.FileLine())}
}
