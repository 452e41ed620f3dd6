package checks

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/schema"
)

func unknownItem() contract.Check {
	return contract.Check{
		ID:      "unknown-item",
		Promise: "An item that does not exist is not found.",
		Why:     "Clients take an item that does not exist for one that does.",
		Source:  "RFC 9110 §15.5.5",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool { return s.Op.Method == http.MethodGet && s.PicksItem() },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			ordinary, err := c.Ordinary(ctx)
			if err != nil {
				return nil, err
			}
			x, err := c.Unknown(ctx)
			if err != nil {
				return nil, err
			}
			switch x.Status {
			case http.StatusNotFound, http.StatusGone, http.StatusForbidden:
				findings, err := headFound(ctx, c, x)
				if err != nil || len(findings) > 0 {
					return findings, err
				}
				if findings, err = foundBelow(ctx, c, ordinary); err != nil || len(findings) > 0 {
					return findings, err
				}
				return cutShort(ctx, c, ordinary)
			}
			return []contract.Finding{c.New(x, "request "+x.Name, "", "status", "404", strconv.Itoa(x.Status), c.Op.Place.FileLine())}, nil
		},
	}
}

// headFound asks by HEAD for the item that GET did not find: who looks whether there is one is told the same (RFC 9110 §9.3.2).
func headFound(ctx context.Context, c *contract.Case, missing *contract.Exchange) ([]contract.Finding, error) {
	if sibling(&c.Subject, http.MethodHead) != nil {
		return nil, nil
	}
	x, err := c.Unknown(ctx, contract.Method(http.MethodHead))
	if err != nil || !x.OK() {
		return nil, err // HEAD may be refused
	}
	f := c.New(x, "HEAD of "+x.Name, "", "head", strconv.Itoa(missing.Status)+", as GET is answered", strconv.Itoa(x.Status), c.Op.Place.FileLine())
	return []contract.Finding{f.And(missing)}, nil
}

// foundBelow asks for an item below another parent of one's own, below which nothing is.
func foundBelow(ctx context.Context, c *contract.Case, known *contract.Exchange) ([]contract.Finding, error) {
	body, _ := known.JSON()
	id := contract.IDOf(body, c.Last())
	if !known.OK() || id == nil {
		return nil, nil
	}
	for _, p := range parentsAbove(&c.Subject) {
		for _, value := range c.Empty(p.Name) {
			if url.PathEscape(value) == known.PathValue(p.Name) {
				continue
			}
			x, err := c.Ask(ctx, "item below a "+p.Name+" without items", contract.Beside(known), contract.Path(p.Name, value), contract.Provoking())
			if err != nil {
				return nil, err
			}
			if body, _ := x.JSON(); x.OK() && schema.Equal(contract.IDOf(body, c.Last()), id) {
				f := c.New(x, "path "+p.Name, "", "parent", "404: nothing is below "+value, "the item of "+known.PathValue(p.Name), c.Op.Place.FileLine())
				return []contract.Finding{f.And(known)}, nil
			}
		}
	}
	return nil, nil
}

// cutShort asks for an item by its ID without the last character: a part of a name names nothing.
func cutShort(ctx context.Context, c *contract.Case, known *contract.Exchange) ([]contract.Finding, error) {
	body, _ := known.JSON()
	text, _ := openapi.Text(contract.IDOf(body, c.Last()))
	if len(text) < 8 {
		return nil, nil // a short one may well be another item's
	}
	part := text[:len(text)-1]
	x, err := c.Ask(ctx, "part of a "+c.Last().Name, contract.Path(c.Last().Name, part), contract.Beside(known), contract.Provoking())
	if err != nil || !x.OK() {
		return nil, err
	}
	if body, _ = x.JSON(); contract.IDOf(body, c.Last()) == nil {
		return nil, nil
	}
	if id, _ := openapi.Text(contract.IDOf(body, c.Last())); id == part {
		return nil, nil // there is one of that name
	}
	return []contract.Finding{c.New(x, "path "+c.Last().Name, "", "part", "404: no item has the ID "+part, "the item "+quote(text), c.Op.Place.FileLine()).At(contract.Should)}, nil
}
