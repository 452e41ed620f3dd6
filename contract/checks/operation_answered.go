package checks

import (
	"context"
	"net/http"
	"strconv"

	"troth/contract"
)

func operationAnswered() contract.Check {
	return contract.Check{
		ID:      "operation-answered",
		Promise: "An operation that the document declares is there: its method is not refused, and what can be read can be deleted.",
		Why:     "Clients that are made from the document call what does not exist.",
		Source:  "OpenAPI 3.1 §4.8.9 Path Item Object",
		Level:   contract.Must,
		Applies: always,
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			x, err := c.Ask(ctx, "ordinary request")
			if err != nil {
				return nil, err
			}
			refused := func(want string) contract.Finding {
				return c.New(x, "status", "", "method", want, strconv.Itoa(x.Status)+" "+http.StatusText(x.Status), c.Op.Place.FileLine())
			}
			switch {
			case x.Status == http.StatusMethodNotAllowed && !declaresStatus(&c.Subject, x.Status):
				return []contract.Finding{refused("an answer to " + c.Op.Method + ", which the document declares")}, nil
			case x.Status == http.StatusNotImplemented && !declaresStatus(&c.Subject, x.Status):
				return []contract.Finding{refused("an answer to " + c.Op.Method + ", which the document declares").At(contract.Should)}, nil
			case x.Status == http.StatusUnsupportedMediaType && x.SentBody != "" && c.Op.Body != nil:
				sent := x.Sent.Get("Content-Type")
				return []contract.Finding{c.New(x, "header Content-Type", "", "declared", "a body of "+sent+" taken, which the document declares", strconv.Itoa(x.Status), c.Op.Body.Place.FileLine())}, nil
			case x.Status == http.StatusNotFound && deletes(&c.Subject):
				one := c.Other(sibling(&c.Subject, http.MethodGet))
				if one == nil {
					return nil, nil
				}
				read, err := one.Ask(ctx, "item that is not found to be deleted", contract.Beside(x), contract.Again())
				if err != nil || !read.OK() {
					return nil, err
				}
				return []contract.Finding{refused("a deletion: the item is there").And(read)}, nil
			}
			return nil, nil
		},
	}
}
