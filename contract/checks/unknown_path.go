package checks

import (
	"context"
	"net/http"
	"strconv"

	"troth/contract"
)

// nowhere is a path segment that no API has.
const nowhere = "x-nowhere"

func unknownPath() contract.Check {
	return contract.Check{
		ID:      "unknown-path",
		Promise: "A path that the document does not have is not found.",
		Why:     "A server that answers every path hides the client's typing errors, and serves what nobody reviewed.",
		Source:  "RFC 9110 §15.5.5; OpenAPI 3.1 §4.8.8 Paths Object",
		Level:   contract.Should,
		Applies: func(s *contract.Subject) bool { return s.Op.Method == http.MethodGet },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			ordinary, err := c.Ordinary(ctx)
			if err != nil {
				return nil, err
			}
			to, known, err := c.Beneath(ordinary, nowhere)
			if err != nil {
				return nil, err
			}
			if known { // an item may be called anything
				if to, known, err = c.Misspelt(ordinary, nowhere); err != nil {
					return nil, err
				}
			}
			if known {
				return nil, contract.Skip("the document has a path there: %s", to)
			}
			x, err := c.Follow(ctx, "a path that the document does not have", to, contract.Provoking())
			if err != nil {
				return nil, err
			}
			if !x.OK() {
				return nil, nil
			}
			return []contract.Finding{c.New(x, "path", "", "unknown", "404", strconv.Itoa(x.Status), c.Op.Place.FileLine())}, nil
		},
	}
}
