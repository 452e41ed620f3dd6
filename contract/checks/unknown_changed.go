package checks

import (
	"context"
	"net/http"
	"strconv"

	"troth/contract"
)

func unknownChanged() contract.Check {
	return contract.Check{
		ID:      "unknown-changed",
		Promise: "What does not exist cannot be changed: that is answered 404, as declared, and creates nothing.",
		Why:     "A client with a wrong ID is told that its change was made, and what it wanted to change is as it was.",
		Source:  "RFC 9110 §15.5.5; §9.3.4: a PUT that creates something is answered 201",
		Level:   contract.Should,
		Applies: func(s *contract.Subject) bool {
			return s.Op.Body != nil && updates(s) && declaresStatus(s, http.StatusNotFound)
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			change, one, err := aChange(c)
			if err != nil {
				return nil, err
			}
			if makerOf(c) == nil {
				return nil, contract.Skip("items are created by their ID")
			}
			text, err := c.UnknownValue(ctx, c.Last())
			if err != nil {
				return nil, err
			}
			x, err := c.Ask(ctx, "change of an unknown "+c.Last().Name, change, contract.Path(c.Last().Name, text), contract.Again(), contract.Provoking())
			if err != nil {
				return nil, err
			}
			if !x.OK() || x.Status == http.StatusCreated {
				return nil, nil // status-declared tells of a 201 that is not declared
			}
			read, err := one.Ask(ctx, "what was changed and did not exist", contract.Beside(x), contract.Again())
			if err != nil {
				return nil, err
			}
			if read.OK() {
				(&made{answer: x, id: text}).clean(ctx, makerOf(c))
			}
			return []contract.Finding{c.New(x, "request "+x.Name, "", "status", "404, as declared", strconv.Itoa(x.Status), c.Op.Place.FileLine()).And(read)}, nil
		},
	}
}

// declaresStatus tells whether an operation declares a status by its number.
func declaresStatus(s *contract.Subject, status int) bool {
	r := s.Op.Response(status)
	return r != nil && r.Code == strconv.Itoa(status)
}
