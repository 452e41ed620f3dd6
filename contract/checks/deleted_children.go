package checks

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"troth/contract"
	"troth/openapi"
)

func deletedChildren() contract.Check {
	return contract.Check{
		ID:      "deleted-children",
		Promise: "What stands below an item is not found once the item is deleted, or keeps it from being deleted.",
		Why:     "What belonged to a deleted item is given out still, and nobody can find it to delete it.",
		Source:  "RFC 9110 §9.3.5; the path: what stands below an item belongs to it",
		Level:   contract.Should,
		Applies: func(s *contract.Subject) bool {
			return creates(s) && itemOperation(s, http.MethodDelete) != nil && childMaker(s) != nil
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			m, err := create(ctx, c, "create to hold others", fresh(c))
			if m != nil {
				defer m.clean(ctx, c)
			}
			if err != nil {
				return nil, err
			}
			maker, remove := c.Other(childMaker(&c.Subject)), c.Other(itemOperation(&c.Subject, http.MethodDelete))
			if maker == nil || remove == nil || !remove.PicksItem() {
				return nil, contract.Skip("what stands below the item, or the delete operation, cannot be asked")
			}
			child, err := create(ctx, maker, "create below it", fresh(maker), contract.Beside(m.answer), contract.Path(parentVariable(c, maker), m.id))
			if child != nil {
				defer child.clean(ctx, maker)
			}
			if err != nil {
				return nil, err
			}
			if x, _, err := child.read(ctx, "read what stands below it"); err != nil {
				return nil, err
			} else if !x.OK() {
				return nil, contract.Skip("reading what was created below the item was answered %d", x.Status)
			}
			gone, err := remove.Ask(ctx, "delete what holds others", contract.Beside(m.answer), contract.Path(remove.Last().Name, m.id), contract.Again())
			if err != nil {
				return nil, err
			}
			if gone.Status >= 500 || gone.NoAnswer != nil {
				return []contract.Finding{c.New(gone, "status", "", "server error", "a success, or a refusal (4xx)", strconv.Itoa(gone.Status), remove.Op.Place.FileLine()).After(m.answer, child.answer).At(contract.Must)}, nil
			}
			if !gone.OK() || gone.Status == http.StatusAccepted {
				return nil, nil // refused, as long as there is something below it
			}
			x, _, err := child.read(ctx, "read what stood below a deleted item")
			if err != nil {
				return nil, err
			}
			if !x.OK() {
				if x, err = listedBelow(ctx, maker, child); x == nil || err != nil {
					return nil, err
				}
			}
			return []contract.Finding{c.New(x, "item below a deleted one", "", "read", "404 or 410: what it stood below is deleted", strconv.Itoa(x.Status), remove.Op.Place.FileLine()).After(m.answer, child.answer, gone)}, nil
		},
	}
}

// listedBelow is an answer of the list below a deleted item that shows what stood there, nil where it does not.
func listedBelow(ctx context.Context, maker *contract.Case, child *made) (*contract.Exchange, error) {
	list := listOf(maker)
	if list == nil {
		return nil, nil
	}
	p, _, _, err := onPages(ctx, list.Below(child.answer), child.id, child.variable)
	if err != nil && !contract.WasSkipped(err) {
		return nil, err
	}
	if p == nil {
		return nil, nil
	}
	return p.Exchange, nil
}

// childMaker is an operation that creates items below those of a list, nil where there is none.
func childMaker(s *contract.Subject) *openapi.Operation {
	for _, o := range s.Op.Document.Operations {
		rest, below := strings.CutPrefix(o.Route, s.Op.Route+"/{")
		variable, segment, ok := strings.Cut(rest, "}/")
		if !below || !ok || o.Method != http.MethodPost || variable == "" || strings.ContainsAny(segment, "/{") {
			continue
		}
		if op, err := o.Compile(); err == nil && creates(&contract.Subject{Op: op, Conv: s.Conv}) {
			return o
		}
	}
	return nil
}

// parentVariable is the variable that a child's path names an item of a list by.
func parentVariable(c, child *contract.Case) string {
	rest := strings.TrimPrefix(child.Op.Route, c.Op.Route+"/{")
	name, _, _ := strings.Cut(rest, "}")
	return name
}
