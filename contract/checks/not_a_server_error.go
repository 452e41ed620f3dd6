package checks

import (
	"context"
	"net/http"
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
		Applies: always,
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			if err := hostile(ctx, c); err != nil {
				return nil, err
			}
			return eachExchange(ctx, c, func(x *contract.Exchange) []contract.Finding {
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
		},
	}
}
