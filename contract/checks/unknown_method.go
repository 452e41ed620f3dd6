package checks

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"troth/contract"
)

func unknownMethod() contract.Check {
	return contract.Check{
		ID:      "unknown-method",
		Promise: "A method that the path does not declare is refused; 405 names those that it has.",
		Why:     "A method that is accepted undeclared may do what nobody meant to offer; without Allow clients cannot tell what is offered.",
		Source:  "RFC 9110 §9.1, §15.5.6",
		Level:   contract.Must,
		Applies: always,
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			methods := []string{contract.NoMethod}
			if c.Writes() {
				methods = append(methods, undeclared(c)...)
			}
			var findings []contract.Finding
			for _, method := range methods {
				x, err := c.Ask(ctx, "method "+method, contract.Method(method))
				if err != nil {
					return nil, err
				}
				finding := func(where, want, got string) {
					findings = append(findings, c.New(x, where, "", method, want, got, c.Op.Place.FileLine()))
				}
				switch {
				case x.OK():
					finding("method "+method, "a refusal: 405, 404 or 501", strconv.Itoa(x.Status))
				case x.Status == http.StatusMethodNotAllowed && x.Header.Get("Allow") == "":
					finding("header Allow of 405", "the methods of the path", "none")
				case x.Status >= 500 && !undeclaredIsUsual(x.Status):
					finding("method "+method, "a refusal: 405, 404 or 501", strconv.Itoa(x.Status))
				}
			}
			return findings, nil
		},
	}
}

// undeclared are methods that the path does not have, and that delete nothing: a server might know them all the same.
func undeclared(c *contract.Case) (methods []string) {
	var has []string
	for _, o := range c.Op.Document.Operations {
		if o.Route == c.Op.Route {
			has = append(has, o.Method)
		}
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch} {
		if !slices.Contains(has, method) {
			methods = append(methods, method)
		}
	}
	return methods
}
