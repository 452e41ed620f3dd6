package checks

import (
	"context"
	"net/http"
	"strconv"

	"troth/contract"
)

func publicAnswered() contract.Check {
	return contract.Check{
		ID:      "public-answered",
		Promise: "An operation that asks for no authentication is answered without credentials.",
		Why:     "Those whom the operation is for, who cannot have credentials yet, are turned away.",
		Source:  "OpenAPI 3.1 §4.8.10.1: an empty array removes the requirement of the document; §4.8.30",
		Level:   contract.Must,
		Applies: isPublic,
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			x, err := c.Ask(ctx, "without credentials", contract.Authorization(""))
			if err != nil {
				return nil, err
			}
			if x.Status != http.StatusUnauthorized && x.Status != http.StatusForbidden {
				return nil, nil
			}
			with, err := c.Ask(ctx, "ordinary request")
			if err != nil {
				return nil, err
			}
			undeclared := c.Op.Method == http.MethodGet && !declaresStatus(&c.Subject, x.Status) // else it may be about something else: a login with wrong names
			if !with.OK() && !undeclared {
				return nil, contract.Skip("the ordinary request was answered %d, with credentials", with.Status)
			}
			return []contract.Finding{c.New(x, "request "+x.Name, "", "security", "an answer: the document asks for no credentials here", strconv.Itoa(x.Status), c.Op.Place.FileLine()).And(with)}, nil
		},
	}
}

// isPublic tells whether the document says of an operation that it asks for no authentication, unlike others.
func isPublic(s *contract.Subject) bool {
	schemes, err := s.Op.Document.SecuritySchemes()
	return err == nil && len(schemes) > 0 && s.Op.Place.Child("security").Exists() && !s.Secured()
}
