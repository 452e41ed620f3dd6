package checks

import (
	"context"
	"net/http"
	"strconv"

	"troth/contract"
)

func authenticationRequired() contract.Check {
	return contract.Check{
		ID:      "authentication-required",
		Promise: "Requests without or with wrong credentials are refused, with a challenge.",
		Source:  "OpenAPI 3.1 §4.8.30 Security Requirement Object; RFC 9110 §15.5.2",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool { return s.Secured() },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			var findings []contract.Finding
			for _, attempt := range []struct{ name, field string }{
				{"without credentials", ""},
				{"wrong bearer token", "Bearer wrong"},
				{"malformed Authorization", "Nonsense"},
			} {
				x, err := c.Ask(ctx, attempt.name, contract.Authorization(attempt.field))
				if err != nil {
					return nil, err
				}
				findings = append(findings, judgeRefusal(c, x)...)
			}
			return findings, nil
		},
	}
}

func judgeRefusal(c *contract.Case, x *contract.Exchange) []contract.Finding {
	from := c.Op.Place.FileLine()
	switch {
	case x.Status == http.StatusForbidden:
		return nil
	case x.Status != http.StatusUnauthorized:
		return []contract.Finding{c.New(x, "request "+x.Name, "", "security", "401 or 403", strconv.Itoa(x.Status), from)}
	case x.Header.Get("WWW-Authenticate") == "":
		return []contract.Finding{c.New(x, "header WWW-Authenticate of 401", "", "required", "a challenge", "none", from)}
	}
	return nil
}
