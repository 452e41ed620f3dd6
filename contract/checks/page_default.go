package checks

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"troth/contract"
)

func pageDefault() contract.Check {
	return contract.Check{
		ID:      "page-default",
		Promise: "Without a page size, a page is as long as with the declared default.",
		Why:     "Clients that rely on the documented default skip items, or ask for them twice.",
		Source:  "default of the parameter of the page size (JSON Schema 2020-12 validation §9.2, OpenAPI 3.1 §4.8.24)",
		Level:   contract.Must,
		Last:    true,
		Asks:    true,
		Applies: func(s *contract.Subject) bool {
			return sized(s) && s.Page.Default > 0 && !s.Op.Parameter("query", s.Page.Size).Required
		},
		Needs: []contract.Need{twoItems()},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			p := c.Op.Parameter("query", c.Page.Size)
			var before [2]int    // how long both pages were
			for try := range 3 { // a collection that changes in between proves nothing
				var changes []contract.Change
				if try > 0 {
					changes = []contract.Change{contract.Again()}
				}
				without, err := ask(ctx, c, "ordinary request", append(changes, contract.Without(c.Page.Size))...)
				if err != nil {
					return nil, err
				}
				with, err := ask(ctx, c, "default page size", append(changes, contract.Query(c.Page.Size, strconv.Itoa(c.Page.Default)))...)
				if err != nil {
					return nil, err
				}
				if most := max(len(with.items), len(without.items)); most > c.Page.Default && len(with.items) == len(without.items) {
					return []contract.Finding{c.New(with.Exchange, "query "+c.Page.Size, c.Page.Items, "size", fmt.Sprintf("at most %d items", c.Page.Default), strconv.Itoa(most), p.Place.FileLine())}, nil
				}
				if len(with.items) == len(without.items) {
					return cutLater(c, p.Place.FileLine(), without), nil
				}
				lengths := [2]int{len(without.items), len(with.items)}
				if try > 0 && lengths != before {
					return nil, contract.Skip("inconclusive: the list changed between requests")
				}
				if before = lengths; try == 2 {
					f := c.New(without.Exchange, "query "+c.Page.Size, c.Page.Items, "default", fmt.Sprintf("%d items, as with %s=%d", len(with.items), c.Page.Size, c.Page.Default),
						strconv.Itoa(len(without.items)), p.Place.FileLine())
					f = f.And(with.Exchange)
					return []contract.Finding{f}, nil
				}
			}
			return nil, nil
		},
	}
}

// cutLater finds answers to a request without a page size that were cut, though there are more items and the first was not: the size of another request
// stayed with the server. Once may be by chance.
func cutLater(c *contract.Case, from string, first *page) []contract.Finding {
	cut := 0
	for _, x := range c.Seen() {
		if x.URL != first.URL || x.Method != http.MethodGet || !x.OK() {
			continue
		}
		p, err := pageOf(c, x)
		if err != nil || p.total != first.total || len(p.items) >= min(len(first.items), p.total) {
			continue
		}
		if cut++; cut > 1 {
			f := c.New(x, "query "+c.Page.Size, c.Page.Items, "kept", fmt.Sprintf("%d items, as before", len(first.items)), strconv.Itoa(len(p.items)), from)
			return []contract.Finding{f.And(first.Exchange)}
		}
	}
	return nil
}
