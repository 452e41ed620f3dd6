package checks

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"troth/contract"
	"troth/openapi"
)

// refusesInput tells whether a server may refuse what a request holds by a status that the document leaves out: 400 and 422 stand for one
// another only where the operation declares neither.
func refusesInput(op *openapi.Compiled, status int) bool {
	switch status {
	case http.StatusBadRequest:
		return op.Response(http.StatusUnprocessableEntity) == nil
	case http.StatusUnprocessableEntity:
		return op.Response(http.StatusBadRequest) == nil
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusRequestURITooLong, http.StatusRequestHeaderFieldsTooLarge:
		return true
	}
	return false
}

// refusesKey tells whether an answer may refuse an idempotency key that was sent before, which documents forget.
func refusesKey(op *openapi.Compiled, x *contract.Exchange) bool {
	p := op.IdempotencyKey()
	return p != nil && x.Provoked && x.Sent.Get(p.Name) != "" && (x.Status == http.StatusConflict || x.Status == http.StatusUnprocessableEntity)
}

func statusDeclared() contract.Check {
	return contract.Check{
		ID:      "status-declared",
		Promise: "Every response has a status code that the operation declares.",
		Why:     "Clients branch on the statuses that are declared: another one ends in code that nobody wrote.",
		Source:  "OpenAPI 3.1 §4.8.16 Responses Object",
		Level:   contract.Must,
		Last:    true,
		Applies: always,
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			return eachProbe(ctx, c, func(x *contract.Exchange) []contract.Finding {
				if c.Op.Response(x.Status) != nil || x.Status >= 500 && !undeclaredIsUsual(x.Status) {
					return nil // a server error is the next check's
				}
				if (x.Provoked || unlistedSize(c, x)) && (undeclaredIsUsual(x.Status) || refusesInput(c.Op, x.Status)) {
					return nil // documents leave out what every server does with a request that breaks them
				}
				if x.Status == http.StatusNotModified && x.Sent.Get("If-None-Match") != "" {
					return nil // HTTP's own answer to what the request asks
				}
				if success, _ := c.Op.Success(); success == nil && x.OK() {
					return nil // the document tells of no success: none is wrong
				}
				var codes []string
				for _, r := range c.Op.Responses {
					codes = append(codes, r.Code)
				}
				got := strconv.Itoa(x.Status) + " " + http.StatusText(x.Status) + " to the " + x.Name
				f := c.New(x, "status", "", strconv.Itoa(x.Status), "one of "+strings.Join(codes, ", "), got, c.Op.Place.Child("responses").FileLine())
				if undeclaredIsUsual(x.Status) || refusesKey(c.Op, x) {
					f = f.At(contract.Advice)
				}
				return []contract.Finding{f}
			})
		},
	}
}
