package checks

import (
	"context"
	"fmt"
	"net/http"

	"troth/contract"
	"troth/openapi"
)

func refusedUnchanged() contract.Check {
	return contract.Check{
		ID:      "refused-unchanged",
		Promise: "A request that is refused changes nothing.",
		Why:     "A client that is told no tries again, and finds two of what it asked for, or half of it.",
		Source:  "RFC 9110 §15.5: 4xx says that the request was not carried out",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool {
			return s.Op.Body != nil && (creates(s) || updates(s)) || deletes(s) && s.Secured()
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			if c.Op.Method == http.MethodDelete {
				return refusedDelete(ctx, c)
			}
			if updates(&c.Subject) {
				return refusedUpdate(ctx, c)
			}
			return refusedCreate(ctx, c)
		},
	}
}

// updates tells whether an operation changes an item that can be read.
func updates(s *contract.Subject) bool {
	return (s.Op.Method == http.MethodPut || s.Op.Method == http.MethodPatch) && s.PicksItem() && sibling(s, http.MethodGet) != nil
}

// refusedCreate compares what a list holds before and behind a refused POST; twice, since others may write to the list, too.
func refusedCreate(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
	list := listBefore(ctx, c)
	if list == nil {
		return nil, contract.Skip("the list of the items cannot be asked")
	}
	variable := itemVariable(c)
	refusable, err := refusable4xx(ctx, c)
	if err != nil {
		return nil, err
	}
	var bad, shows *contract.Exchange
	got, counts := "", false
	for range 2 {
		counts = false
		before, err := takeCensus(ctx, list, variable)
		if err != nil {
			return nil, err
		}
		refused, err := again4xx(ctx, c, refusable)
		if err != nil {
			return nil, err
		}
		behind, err := takeCensus(ctx, list, variable)
		if err != nil {
			return nil, err
		}
		if before == nil || behind == nil {
			return nil, contract.Skip("the list of the items cannot be read")
		}
		shows = behind.pages[0].Exchange
		came, gone := less(behind.ids, before.ids), less(before.ids, behind.ids)
		switch {
		case len(came) > 0:
			got, shows = "the item "+quote(came[0])+" behind it", behind.on[came[0]].Exchange
		case len(gone) > 0:
			got = "no item " + quote(gone[0]) + " behind it"
		case list.Page.TotalExact && behind.total != before.total:
			got, counts = fmt.Sprintf("a total of %d before and of %d behind it", before.total, behind.total), true
		default:
			return nil, nil
		}
		bad = refused[0]
	}
	if err := quiet(ctx, list, counts); err != nil {
		return nil, err
	}
	return []contract.Finding{c.New(bad, "list", list.Page.Items, "unchanged", "the same list before and behind a refused request", got, c.Op.Place.FileLine()).And(shows)}, nil
}

// refusable4xx are requests that the server refuses: one without credentials, one with wrong ones, and bodies that break the schema, one of each kind. What it takes is
// another check's, and would change what there is. Skip where it takes all.
func refusable4xx(ctx context.Context, c *contract.Case) (list [][]contract.Change, err error) {
	content, value, err := c.Small()
	if err != nil {
		return nil, err
	}
	misses, err := bodyMisses(c, content, value)
	if err != nil {
		return nil, err
	}
	var candidates [][]contract.Change
	if c.Secured() {
		candidates = append(candidates, []contract.Change{contract.Authorization("")})
	}
	if c.HasCredentials() {
		candidates = append(candidates, []contract.Change{contract.WrongCredentials()})
	}
	if valid, sent, err := content.Encode(value); err == nil {
		candidates = append(candidates, []contract.Change{contract.Body(sent, string(valid)), contract.Field("Accept", "application/x-nothing")})
	}
	seen := map[string]bool{}
	for _, m := range misses {
		if !seen[m.keyword] {
			candidates = append(candidates, []contract.Change{contract.Body(m.contentType, m.text), contract.Provoking()})
		}
		seen[m.keyword] = true
	}
	for _, changes := range candidates {
		x, err := c.Ask(ctx, "request to refuse", append(changes, contract.Provoking())...)
		if err != nil {
			return nil, err
		}
		if x.Status >= 400 && x.Status < 500 {
			list = append(list, changes)
		}
	}
	if len(list) == 0 {
		return nil, contract.Skip("no request that breaks its schema is refused")
	}
	return list, nil
}

// again4xx sends refusable requests anew.
func again4xx(ctx context.Context, c *contract.Case, requests [][]contract.Change) (refused []*contract.Exchange, err error) {
	for _, changes := range requests {
		x, err := c.Ask(ctx, "refused request", append(changes, contract.Again(), contract.Provoking())...)
		if err != nil {
			return nil, err
		}
		if x.Status < 400 || x.Status >= 500 {
			return nil, contract.Skip("what was refused is answered %d now", x.Status)
		}
		refused = append(refused, x)
	}
	return refused, nil
}

// refusedUpdate reads an item of the run's own before and behind a refused change.
func refusedUpdate(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
	probe, err := c.Ask(ctx, "ordinary request")
	if err != nil {
		return nil, err
	}
	one := c.Other(sibling(&c.Subject, http.MethodGet))
	if one == nil {
		return nil, contract.Skip("the item cannot be read")
	}
	read := func() (any, *contract.Exchange, error) {
		x, err := one.Ask(ctx, "item around a refusal", contract.Beside(probe), contract.Again())
		if err != nil {
			return nil, nil, err
		}
		body, err := x.JSON()
		if err != nil || !x.OK() {
			return nil, nil, contract.Skip("reading the item was answered %d", x.Status)
		}
		return declaredIn(one, x, body), x, nil
	}
	refusable, err := refusable4xx(ctx, c)
	if err != nil {
		return nil, err
	}
	before, _, err := read()
	if err != nil {
		return nil, err
	}
	refused, err := again4xx(ctx, c, refusable)
	if err != nil {
		return nil, err
	}
	behind, x, err := read()
	if err != nil {
		return nil, err
	}
	if pointer, same := agree(before, behind, ""); !same {
		f := c.New(refused[0], "item", pointer, "unchanged", "the item as it was", fmt.Sprintf("%d changed it", refused[0].Status), c.Op.Place.FileLine())
		f = f.And(x)
		return []contract.Finding{f}, nil
	}
	return refusedBeside(ctx, c)
}

// sibling is the operation of another method on the same path, nil where there is none.
func sibling(s *contract.Subject, method string) *openapi.Operation {
	for _, o := range s.Op.Document.Operations {
		if o.Route == s.Op.Route && o.Method == method {
			return o
		}
	}
	return nil
}
