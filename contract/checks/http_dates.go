package checks

import (
	"context"
	"net/http"

	"troth/contract"
)

func httpDates() contract.Check {
	return contract.Check{
		ID:      "http-dates",
		Promise: "Header fields that hold a date have the form of HTTP's dates.",
		Why:     "Caches and clients that plan by a sunset drop a date that they cannot read.",
		Source:  "RFC 9110 §5.6.7, §6.6.1, §8.8.2; RFC 8594 §3",
		Level:   contract.Must,
		Last:    true,
		Applies: always,
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			return eachProbe(ctx, c, func(x *contract.Exchange) (findings []contract.Finding) {
				for _, name := range []string{"Date", "Last-Modified", "Sunset"} {
					text := x.Header.Get(name)
					if _, err := http.ParseTime(text); text != "" && err != nil {
						findings = append(findings, c.New(x, "header "+name, "", "date", "a date such as Sun, 06 Nov 1994 08:49:37 GMT", quote(text), "RFC 9110 §5.6.7"))
					}
				}
				return findings
			})
		},
	}
}
