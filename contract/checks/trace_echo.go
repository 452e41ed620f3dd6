package checks

import (
	"bytes"
	"context"
	"net/http"
	"strings"

	"troth/contract"
)

func traceEcho() contract.Check {
	return contract.Check{
		ID:      "trace-echo",
		Promise: "TRACE does not send credentials back.",
		Why:     "A script that may not read a client's credentials reads them in the answer, and logs of answers keep them.",
		Source:  "RFC 9110 §9.3.8",
		Level:   contract.Should,
		Applies: func(s *contract.Subject) bool { return s.Op.Method == http.MethodGet },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			apart := c.Other(c.Op.Operation) // what refuses TRACE often stands before the API, with errors of its own
			if apart == nil {
				return nil, contract.Skip("the operation cannot be asked apart")
			}
			token := madeUp(c) // no secret: the target's own credentials are not sent
			x, err := apart.Ask(ctx, "TRACE with made-up credentials", contract.Method(http.MethodTrace), contract.Authorization(token))
			if err != nil {
				return nil, err
			}
			if bytes.Contains(x.Body, []byte(token)) {
				return []contract.Finding{c.New(x, "method TRACE", "", http.MethodTrace, "an answer without the field Authorization", quote(string(x.Body)), "RFC 9110 §9.3.8")}, nil
			}
			if x.Status != http.StatusUnauthorized && x.Status != http.StatusForbidden {
				return nil, nil
			}
			return traceInside(ctx, c, apart)
		},
	}
}

// madeUpCookie is no secret, and of a field whose values are.
const madeUpCookie = "x-troth-trace=4f3a9c"

// traceInside asks as somebody who is let in: what comes back then may hold the credentials, so that a cookie is looked for, and none of it is shown.
func traceInside(ctx context.Context, c, apart *contract.Case) ([]contract.Finding, error) {
	x, err := apart.Ask(ctx, "TRACE with a made-up cookie", contract.Method(http.MethodTrace), contract.Field("Cookie", madeUpCookie))
	if err != nil || !bytes.Contains(x.Body, []byte(madeUpCookie)) {
		return nil, err
	}
	return []contract.Finding{c.New(x, "method TRACE", "", http.MethodTrace, "an answer without the field Cookie", "Cookie: "+madeUpCookie, "RFC 9110 §9.3.8")}, nil
}

// madeUp are credentials of nobody, in the form that the operation asks for.
func madeUp(c *contract.Case) string {
	for _, requirement := range c.Op.Security {
		for _, need := range requirement {
			switch strings.ToLower(need.Scheme.Scheme) {
			case "digest":
				return `Digest username="x-troth-trace", realm="x", nonce="x", uri="/", response="00000000000000000000000000000000"`
			case "basic":
				return "Basic eC10cm90aC10cmFjZTp4"
			}
		}
	}
	return "Bearer x-troth-trace"
}
