package checks

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

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
		Applies: func(s *contract.Subject) bool { return s.Op.Body != nil && (creates(s) || updates(s)) },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
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
	list := listOf(c)
	if list == nil {
		return nil, contract.Skip("the list of the items cannot be asked")
	}
	var bad *contract.Exchange
	for range 2 {
		before, err := held(ctx, list)
		if err != nil {
			return nil, err
		}
		refused, err := nearMisses(ctx, c)
		if err != nil {
			return nil, err
		}
		behind, err := held(ctx, list)
		if err != nil {
			return nil, err
		}
		if behind <= before {
			return nil, nil
		}
		bad = refused[0]
	}
	f := c.New(bad, "list", list.Page.Items, "unchanged", "no item more behind a refused request", "more items", c.Op.Place.FileLine())
	again, err := list.Ask(ctx, "list behind a refusal", contract.Again())
	if err != nil {
		return nil, err
	}
	f = f.And(again)
	return []contract.Finding{f}, nil
}

// nearMisses sends bodies that have to be refused, one of each kind; Skip where none is.
func nearMisses(ctx context.Context, c *contract.Case) (refused []*contract.Exchange, err error) {
	content, value, err := c.Small()
	if err != nil {
		return nil, err
	}
	misses, err := bodyMisses(c, content, value)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, m := range misses {
		if seen[m.keyword] {
			continue
		}
		seen[m.keyword] = true
		x, err := m.ask(ctx, c, contract.Again())
		if err != nil {
			return nil, err
		}
		if x.Status >= 400 && x.Status < 500 {
			refused = append(refused, x)
		}
	}
	if len(refused) == 0 {
		return nil, contract.Skip("no body that breaks its schema is refused")
	}
	return refused, nil
}

// held counts a list: by its total where that is exact, else by its largest page.
func held(ctx context.Context, list *contract.Case) (int, error) {
	changes := []contract.Change{contract.Again()}
	if list.Page.Size != "" && list.Page.Maximum > 0 {
		changes = append(changes, contract.Query(list.Page.Size, strconv.Itoa(list.Page.Maximum)))
	}
	p, err := ask(ctx, list, "list around a refusal", changes...)
	if err != nil {
		return 0, err
	}
	if list.Page.TotalExact && p.total >= 0 {
		return p.total, nil
	}
	return len(p.items), nil
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
		return body, x, nil
	}
	before, _, err := read()
	if err != nil {
		return nil, err
	}
	refused, err := nearMisses(ctx, c)
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
	return nil, nil
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
