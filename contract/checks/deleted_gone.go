package checks

import (
	"context"
	"net/http"
	"strconv"

	"troth/contract"
)

func deletedGone() contract.Check {
	return contract.Check{
		ID:      "deleted-gone",
		Promise: "What was deleted is gone: it is not found, and not listed.",
		Why:     "What a client deleted, perhaps because it had to, is still given out.",
		Source:  "RFC 9110 §9.3.5",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool { return creates(s) && itemOperation(s, http.MethodDelete) != nil },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			stays, err := create(ctx, c, "create beside what is deleted", fresh(c))
			if stays != nil {
				defer stays.clean(ctx, c)
			}
			if err != nil && !contract.WasSkipped(err) { // there may be room for one only
				return nil, err
			}
			m, err := create(ctx, c, "create to delete", fresh(c))
			if err != nil {
				return nil, err
			}
			other := c.Other(itemOperation(&c.Subject, http.MethodDelete))
			if other == nil || !other.PicksItem() {
				return nil, contract.Skip("the delete operation cannot be asked")
			}
			before, err := inventory(ctx, listBeside(c, m))
			if err != nil {
				return nil, err
			}
			gone, err := other.Ask(ctx, "delete", contract.Beside(m.answer), contract.Path(other.Last().Name, m.id), contract.Again())
			if err != nil {
				return nil, err
			}
			if !gone.OK() {
				return nil, contract.Skip("deleting was answered %d", gone.Status)
			}
			x, _, err := m.read(ctx, "read what was deleted")
			if err != nil {
				return nil, err
			}
			if x.Status == http.StatusNotFound || x.Status == http.StatusGone {
				if findings, err := stillListed(ctx, c, m, gone); err != nil || len(findings) > 0 {
					return findings, err
				}
				if findings, err := othersStay(ctx, c, stays, m, gone); err != nil || len(findings) > 0 {
					return findings, err
				}
				return onlyGone(ctx, c, m, gone, before)
			}
			f := c.New(x, "deleted item", "", "read", "404 or 410", strconv.Itoa(x.Status), other.Op.Place.FileLine())
			f = f.After(gone)
			return []contract.Finding{f}, nil
		},
	}
}

// othersStay reads an item that was created beside a deleted one.
func othersStay(ctx context.Context, c *contract.Case, stays, m *made, gone *contract.Exchange) ([]contract.Finding, error) {
	if stays == nil || stays.id == "" || stays.id == m.id {
		return nil, nil // created-distinct tells
	}
	x, _, err := stays.read(ctx, "read what was created beside")
	if err != nil || x.Status != http.StatusNotFound && x.Status != http.StatusGone {
		return nil, err
	}
	f := c.New(x, "other item", "", "others", "the item "+stays.id+", which nobody deleted", strconv.Itoa(x.Status), c.Op.Place.FileLine())
	return []contract.Finding{f.After(stays.answer, gone)}, nil
}

// stillListed looks for a deleted item in its list.
func stillListed(ctx context.Context, c *contract.Case, m *made, gone *contract.Exchange) ([]contract.Finding, error) {
	list := listOf(c)
	if list == nil || !walked(&list.Subject) && list.Page.Page != "" {
		return nil, nil
	}
	found, _, _, err := onPages(ctx, list.Below(m.answer), m.id, m.variable)
	if err != nil || found == nil {
		return nil, err
	}
	f := c.New(found.Exchange, "list", list.Page.Items, "listed", "no item "+m.id+", which was deleted", "the item", c.Op.Place.FileLine())
	f = f.After(gone)
	return []contract.Finding{f}, nil
}

// listBeside is the list that a created item stands in, nil where there is none.
func listBeside(c *contract.Case, m *made) *contract.Case {
	if list := listOf(c); list != nil {
		return list.Below(m.answer)
	}
	return nil
}

// onlyGone wants every other item to be there still, on a list that does not change by itself.
func onlyGone(ctx context.Context, c *contract.Case, m *made, gone *contract.Exchange, before *stock) ([]contract.Finding, error) {
	list := listBeside(c, m)
	behind, err := inventory(ctx, list)
	if err != nil || before == nil || behind == nil || !before.whole {
		return nil, err
	}
	lost := less(before.ids, append([]string{m.id, identity(m.body)}, behind.ids...)) // a variable may name an item by another member than its ID
	if len(lost) == 0 {
		return nil, nil
	}
	if err := quiet(ctx, list); err != nil {
		return nil, err
	}
	return []contract.Finding{c.New(behind.page, "list", list.Page.Items, "others", "every other item", "no item "+quote(lost[0]), c.Op.Place.FileLine()).After(gone)}, nil
}
