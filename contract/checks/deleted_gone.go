package checks

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"troth/contract"
)

func deletedGone() contract.Check {
	return contract.Check{
		ID:      "deleted-gone",
		Promise: "What was deleted is gone: it is not found, not listed, and not counted.",
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
			before, err := takeCensus(ctx, listBeside(c, m), m.variable)
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
				if findings, err := onlyGone(ctx, c, m, gone, before); err != nil || len(findings) > 0 {
					return findings, err
				}
				if findings, err := deletedAgain(ctx, c, other, m, gone); err != nil || len(findings) > 0 {
					return findings, err
				}
				return parentCounts(ctx, c, m)
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

// onlyGone wants every other item to be there still, and the total to be one less, on a list that does not change by itself.
func onlyGone(ctx context.Context, c *contract.Case, m *made, gone *contract.Exchange, before *census) ([]contract.Finding, error) {
	list := listBeside(c, m)
	behind, err := takeCensus(ctx, list, m.variable)
	if err != nil || before == nil || behind == nil {
		return nil, err
	}
	finding := func(x *contract.Exchange, keyword, want, got string) ([]contract.Finding, error) {
		if err := quiet(ctx, list, keyword == "counted"); contract.WasSkipped(err) && keyword == "counted" {
			return nil, nil // total-steady tells
		} else if err != nil {
			return nil, err
		}
		return []contract.Finding{c.New(x, "list", list.Page.Items, keyword, want, got, c.Op.Place.FileLine()).After(gone)}, nil
	}
	lost := less(behind.came(before), []string{m.id, identity(m.body)}) // a variable may name an item by another member than its ID
	switch {
	case len(lost) > 0:
		return finding(behind.last(), "others", "every other item", "no item "+quote(lost[0]))
	case list.Page.TotalExact && before.total >= 0 && behind.total != before.total-1 && before.items[m.id] != nil:
		return finding(behind.pages[0].Exchange, "counted", fmt.Sprintf("a total of %d: one less than before", before.total-1), strconv.Itoa(behind.total))
	}
	return nil, nil
}

// deletedAgain deletes what is gone: that may be refused, and no server fails at it.
func deletedAgain(ctx context.Context, c, remove *contract.Case, m *made, gone *contract.Exchange) ([]contract.Finding, error) {
	x, err := remove.Ask(ctx, "delete again", contract.Beside(m.answer), contract.Path(remove.Last().Name, m.id), contract.Again(), contract.Provoking())
	if err != nil {
		return nil, err
	}
	finding := func(keyword, want string) []contract.Finding {
		return []contract.Finding{c.New(x, "second deletion", "", keyword, want, strconv.Itoa(x.Status), remove.Op.Place.FileLine()).After(gone)}
	}
	switch {
	case x.Status >= 500 && !undeclaredIsUsual(x.Status):
		return finding("server error", "404 or 410, or a success again"), nil
	case x.OK() && declaresStatus(&remove.Subject, http.StatusNotFound):
		return []contract.Finding{finding("status", "404, as declared")[0].At(contract.Advice)}, nil
	}
	return nil, nil
}
