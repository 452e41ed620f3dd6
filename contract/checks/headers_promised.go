package checks

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"troth/contract"
)

func headersPromised() contract.Check {
	return contract.Check{
		ID:      "headers-promised",
		Promise: "A header that is promised to hold a date says that date; what troth.yaml promises is sent with all successful answers if with any.",
		Why:     "Clients that plan by Sunset or Deprecation move too late, or never.",
		Source:  "troth.yaml, headers and charset; RFC 8594 §3; x-sunset of the document",
		Level:   contract.Advice,
		Last:    true,
		Applies: func(s *contract.Subject) bool { return len(promisesOf(s)) > 0 || ends(s.Op) },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			findings, err := eachProbe(ctx, c, func(x *contract.Exchange) (findings []contract.Finding) {
				if !x.OK() || !c.Declares(x, x.Method) {
					return nil
				}
				if f := sunsetElsewhen(c, x); f != nil {
					return []contract.Finding{*f}
				}
				promised := promisedDates(&c.Subject, x.Status)
				for _, name := range slices.Sorted(maps.Keys(promised)) {
					if got := x.Header.Get(name); got != "" && got != promised[name] {
						findings = append(findings, c.New(x, "header "+name, "", "promised", quote(promised[name]), quote(got), c.Op.Place.FileLine()))
					}
				}
				return findings
			})
			if err != nil {
				return findings, err
			}
			return append(findings, promisedTogether(ctx, c)...), nil
		},
	}
}

// promisedDates are the headers of a response that troth.yaml gives a date: unlike what counts, that is the same in every answer.
func promisedDates(s *contract.Subject, status int) map[string]string {
	promised := map[string]string{}
	for name, value := range s.Conv.HeadersFor(s.Op, status) {
		if _, err := http.ParseTime(value); err == nil {
			promised[name] = value
		}
	}
	return promised
}
