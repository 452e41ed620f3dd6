package checks

import (
	"context"
	"net/http"
	"strconv"

	"troth/contract"
)

func notModified() contract.Check {
	return contract.Check{
		ID:      "not-modified",
		Promise: "If-None-Match is answered 304 only where it names the tag that the representation has.",
		Why:     "A client that asks whether its copy is current keeps an outdated one.",
		Source:  "RFC 9110 §13.1.2",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool { return s.Op.Method == http.MethodGet },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			ordinary, err := c.Ordinary(ctx)
			if err != nil {
				return nil, err
			}
			if ordinary.Header.Get("ETag") == "" {
				return nil, contract.Skip("the answer has no ETag")
			}
			x, err := c.Ask(ctx, "If-None-Match with a tag that nothing has", contract.Field("If-None-Match", `"x-nothing"`))
			if err != nil {
				return nil, err
			}
			if x.Status == http.StatusNotModified {
				return []contract.Finding{c.New(x, "header If-None-Match", "", "status", strconv.Itoa(ordinary.Status)+": the tag is "+ordinary.Header.Get("ETag"), strconv.Itoa(x.Status), c.Op.Place.FileLine()).And(ordinary)}, nil
			}
			_, err = c.Ask(ctx, "If-None-Match with the tag that it has", contract.Field("If-None-Match", ordinary.Header.Get("ETag"))) // not-a-server-error judges it
			return nil, err
		},
	}
}
