package checks

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"

	"troth/contract"
)

func authenticationRequired() contract.Check {
	return contract.Check{
		ID:      "authentication-required",
		Promise: "Requests without or with wrong credentials are refused, with a challenge.",
		Why:     "Anybody without valid credentials can use the operation, or is not told how to authenticate.",
		Source:  "OpenAPI 3.1 §4.8.30 Security Requirement Object; RFC 9110 §15.5.2",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool { return s.Secured() },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			var findings []contract.Finding
			for _, a := range attempts(c) {
				x, err := c.Ask(ctx, a.name, append([]contract.Change{contract.Authorization(a.field), contract.Provoking()}, a.more...)...)
				if err != nil {
					return nil, err
				}
				findings = append(findings, judgeRefusal(c, a, x)...)
			}
			if c.HasCredentials() {
				x, err := c.Ask(ctx, "wrong secret", contract.WrongCredentials(), contract.Provoking())
				if err != nil {
					return nil, err
				}
				findings = append(findings, judgeRefusal(c, attempt{}, x)...)
			}
			return findings, nil
		},
	}
}

type attempt struct {
	name, field string
	more        []contract.Change
	malformed   bool // 400 is right, too (RFC 6750 §3.1)
}

// attempts are requests that must be refused: without credentials, with a malformed field, and with wrong ones for each scheme.
func attempts(c *contract.Case) []attempt {
	list := []attempt{{name: "without credentials"}, {name: "malformed Authorization", field: "Nonsense", malformed: true}}
	seen := map[string]bool{}
	add := func(a attempt) {
		if !seen[a.name] {
			seen[a.name] = true
			list = append(list, a)
		}
	}
	for _, requirement := range c.Op.Security {
		for _, need := range requirement {
			switch s := need.Scheme; {
			case s.Type == "http" && s.Scheme == "basic":
				add(attempt{name: "wrong password", field: "Basic " + base64.StdEncoding.EncodeToString([]byte("nobody:wrong"))})
			case s.Type == "http" && s.Scheme == "digest":
				add(attempt{name: "forged digest", field: fmt.Sprintf("Digest username=\"nobody\", realm=%q, nonce=\"00000000\", uri=\"/\", response=\"00000000000000000000000000000000\"", c.Conv.Authentication.Realm)})
			case s.Type == "apiKey" && s.In == "header":
				add(attempt{name: "wrong API key", more: []contract.Change{contract.Field(s.Key, "wrong")}})
			case s.Type == "oauth2" || s.Type == "openIdConnect" || s.Type == "http":
				add(attempt{name: "wrong bearer token", field: "Bearer wrong"})
				add(attempt{name: "empty bearer token", field: "Bearer", malformed: true})
			}
		}
	}
	return list
}

func judgeRefusal(c *contract.Case, a attempt, x *contract.Exchange) []contract.Finding {
	from := c.Op.Place.FileLine()
	switch {
	case x.Status == http.StatusForbidden || x.Status == http.StatusBadRequest && a.malformed:
		return nil
	case x.Status != http.StatusUnauthorized:
		return []contract.Finding{c.New(x, "request "+x.Name, "", "security", "401 or 403", strconv.Itoa(x.Status), from)}
	case x.Header.Get("WWW-Authenticate") == "":
		return []contract.Finding{c.New(x, "header WWW-Authenticate of 401", "", "required", "a challenge", "none", from)}
	}
	return nil
}
