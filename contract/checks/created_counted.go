package checks

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"troth/contract"
)

func createdDistinct() contract.Check {
	return contract.Check{
		ID:      "created-distinct",
		Promise: "Two items that were created are two: each has its own ID, and the list's total counts both.",
		Why:     "An ID that is given twice lets one item overwrite the other.",
		Source:  "RFC 9110 §9.3.3, §15.3.2",
		Level:   contract.Must,
		Applies: creates,
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			list := listOf(c)
			before, exact := -1, false
			if list != nil && list.Page.TotalExact {
				p, err := ask(ctx, list, "list before creating", contract.Again())
				if err != nil {
					return nil, err
				}
				before, exact = p.total, p.total >= 0
			}
			var two [2]*made
			for i := range two {
				m, err := create(ctx, c, "create "+strconv.Itoa(i+1)+" of 2", fresh(c))
				if m != nil {
					defer m.clean(ctx, c)
				}
				if err != nil {
					return nil, err
				}
				two[i] = m
			}
			if two[0].id == two[1].id {
				f := c.New(two[1].answer, "created item", "", "distinct", "another ID than the item before has", two[1].id, c.Op.Place.FileLine())
				f = f.After(two[0].answer)
				return []contract.Finding{f}, nil
			}
			if !exact {
				return nil, nil
			}
			p, err := ask(ctx, list.Below(two[0].answer), "list behind creating two", contract.Again())
			if err != nil {
				return nil, err
			}
			if p.total >= before+2 {
				return nil, nil
			}
			f := c.New(p.Exchange, "list", list.Page.Total, "counted", fmt.Sprintf("%d: two more than before", before+2), strconv.Itoa(p.total), c.Op.Place.FileLine())
			f = f.After(two[0].answer, two[1].answer)
			return []contract.Finding{f}, nil
		},
	}
}

func createdLocation() contract.Check {
	return contract.Check{
		ID:      "created-location",
		Promise: "Location leads to the item that was created.",
		Why:     "A client that follows Location, as HTTP says it may, finds nothing or somebody else's item.",
		Source:  "RFC 9110 §10.2.2, §15.3.2",
		Level:   contract.Must,
		Applies: creates,
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			m, err := create(ctx, c, "create for its Location", fresh(c))
			if m != nil {
				defer m.clean(ctx, c)
			}
			if err != nil {
				return nil, err
			}
			field := m.answer.Header.Get("Location")
			if field == "" || m.answer.Status != http.StatusCreated {
				return nil, contract.Skip("the answer to creating has no Location")
			}
			finding := func(want, got string) []contract.Finding {
				return []contract.Finding{c.New(m.answer, "header Location", "", "resolves", want, got, c.Op.Place.FileLine())}
			}
			here, err := url.Parse(m.answer.URL)
			if err != nil {
				return nil, err
			}
			to, err := here.Parse(field)
			if err != nil {
				return finding("a URL reference (RFC 3986)", quote(field)), nil
			}
			if to.Host != here.Host {
				return nil, contract.Skip("Location leads to another host: %s", to.Host)
			}
			x, err := c.Follow(ctx, "Location of what was created", to.String(), contract.Again())
			if err != nil {
				return nil, err
			}
			if !x.OK() {
				return finding("the item "+m.id, fmt.Sprintf("%s, which is answered %d", field, x.Status)), nil
			}
			body, _ := x.JSON()
			if object, _ := body.(map[string]any); object != nil && m.variable != nil {
				if id := contract.IDOf(object, m.variable); id != nil && fmt.Sprint(id) != m.id {
					return finding("the item "+m.id, "the item "+fmt.Sprint(id)), nil
				}
			}
			return nil, nil
		},
	}
}
