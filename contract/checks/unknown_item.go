package checks

import (
	"context"
	"net/http"
	"strconv"

	"troth/contract"
)

func unknownItem() contract.Check {
	return contract.Check{
		ID:      "unknown-item",
		Promise: "An item that does not exist is not found.",
		Why:     "Clients take an item that does not exist for one that does.",
		Source:  "RFC 9110 §15.5.5",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool { return s.Op.Method == http.MethodGet && s.PicksItem() },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			if _, err := c.Ordinary(ctx); err != nil {
				return nil, err
			}
			x, err := c.Unknown(ctx)
			if err != nil {
				return nil, err
			}
			switch x.Status {
			case http.StatusNotFound, http.StatusGone, http.StatusForbidden:
				return nil, nil
			}
			return []contract.Finding{c.New(x, "request "+x.Name, "", "status", "404", strconv.Itoa(x.Status), c.Op.Place.FileLine())}, nil
		},
	}
}
