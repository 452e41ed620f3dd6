package checks

import (
	"context"
	"net/http"

	"troth/contract"
)

func credentialsAccepted() contract.Check {
	return contract.Check{
		ID:      "credentials-accepted",
		Promise: "Each of the alternatives that an operation's security offers is enough by itself, and the name of a scheme may be written in any case.",
		Why:     "Clients that authenticate in another way than the most are refused, though the document lets them in.",
		Source:  "OpenAPI 3.1 §4.8.30 Security Requirement Object; RFC 9110 §11.1",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool { return s.Secured() },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			list := c.Alternatives()
			findings, err := eachAlone(ctx, c, list)
			if err != nil || len(findings) > 0 {
				return findings, err
			}
			judged := len(list) > 1
			for _, h := range holders(c) {
				if c.Op.Method != http.MethodGet || !c.CanRecaseScheme(h.of...) || c.CanMisdirect(h.of...) && !c.PicksItem() {
					continue
				}
				judged = true
				if findings, err := inAnyCase(ctx, c, h); err != nil || len(findings) > 0 {
					return findings, err
				}
			}
			if !judged {
				return nil, contract.Skip("one kind of credentials was given, which every request has")
			}
			return nil, nil
		},
	}
}

// eachAlone sends a request with the credentials of each alternative, with a query where it may have one: that is a part of what digest signs. One that is
// refused while others are let in is not taken.
func eachAlone(ctx context.Context, c *contract.Case, list []contract.Alternative) (findings []contract.Finding, err error) {
	if len(list) < 2 {
		return nil, nil
	}
	var let *contract.Exchange
	refused := map[string]*contract.Exchange{}
	for _, a := range list {
		x, err := c.Ask(ctx, "request with "+a.Name+" alone", append(otherForm(c), a.Alone())...)
		if err != nil {
			return nil, err
		}
		switch {
		case x.Status == http.StatusUnauthorized:
			refused[a.Name] = x
		case x.Status < 500 && x.Status != http.StatusForbidden && x.NoAnswer == nil:
			let = x
		}
	}
	for _, a := range list {
		if x := refused[a.Name]; x != nil && let != nil {
			f := c.New(x, "security "+a.Name, "", "alternative", "another answer than 401: the operation takes "+a.Name, "401", c.Op.Place.FileLine())
			findings = append(findings, f.And(let))
		}
	}
	return findings, nil
}

// inAnyCase sends the right credentials with the name of their scheme in lower and in upper case.
func inAnyCase(ctx context.Context, c *contract.Case, h holder) ([]contract.Finding, error) {
	ordinary, err := c.Ask(ctx, "ordinary request", h.changed()...)
	if err != nil {
		return nil, err
	}
	if ordinary.Status == http.StatusUnauthorized {
		return nil, contract.Skip("the ordinary request was answered 401")
	}
	for _, form := range []struct {
		name   string
		change contract.Change
	}{{"lower", contract.LowerScheme()}, {"upper", contract.UpperScheme()}} {
		x, err := c.Ask(ctx, "scheme of the credentials in "+form.name+" case", h.changed(form.change)...)
		if err != nil {
			return nil, err
		}
		if x.Status == http.StatusUnauthorized {
			f := c.New(x, "header Authorization", "", "case", "the answer to the ordinary request: the name of a scheme is taken in "+form.name+" case, too (RFC 9110 §11.1)", "401", "RFC 9110 §11.1")
			return []contract.Finding{f.And(ordinary).At(contract.Should)}, nil
		}
	}
	return nil, nil
}
