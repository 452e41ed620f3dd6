package checks

import (
	"context"
	"net/url"
	"slices"
	"strconv"

	"troth/contract"
	"troth/openapi"
)

// listedSteady asks for the page that showed a new item twice again: where it lacks the item, which is there still, and shows it once more, the list has
// it at times only, as when servers that are out of step take turns.
func listedSteady(ctx context.Context, c, list *contract.Case, m *made, found *page) ([]contract.Finding, error) {
	for range 2 {
		again, shows, err := lookAgain(ctx, list, m, found)
		if err != nil || again == nil {
			return nil, err
		}
		if shows || moved(list, found, again, m) {
			continue
		}
		x, _, err := m.read(ctx, "read what its list lacks")
		if err != nil || !x.OK() {
			return nil, err
		}
		back, shows, err := lookAgain(ctx, list, m, found)
		if err != nil || !shows {
			return nil, err
		}
		f := c.New(again.Exchange, "list", list.Page.Items, "steady", "the item "+m.id+", which was created, as before and after", "a page without it", c.Op.Place.FileLine())
		return []contract.Finding{f.After(m.answer).And(back.Exchange)}, nil
	}
	return nil, nil
}

// lookAgain asks for a page once more and tells whether it shows an item; nil where it is no page now.
func lookAgain(ctx context.Context, list *contract.Case, m *made, found *page) (again *page, shows bool, err error) {
	x, err := list.Follow(ctx, "list behind creating", found.URL, contract.Again())
	if err != nil {
		return nil, false, err
	}
	again, err = pageOf(list, x)
	if contract.WasSkipped(err) {
		return nil, false, nil
	}
	return again, err == nil && m.among(again.items), err
}

// moved tells whether an item may stand on another page now, since others came or went. It does not where some in front of it and some behind it are
// still there; the last of a page may where there are new ones.
func moved(list *contract.Case, found, again *page, m *made) bool {
	before, now := idsOf(found, m.variable), idsOf(again, m.variable)
	stays := func(id string) bool { return slices.Contains(now, id) }
	at := slices.Index(before, m.id)
	if !slices.ContainsFunc(before[:at], stays) && !(at == 0 && isFirst(list, found)) {
		return true
	}
	if slices.ContainsFunc(before[at+1:], stays) {
		return false
	}
	return slices.ContainsFunc(now, func(id string) bool { return !slices.Contains(before, id) })
}

// isFirst tells whether a page was asked for as the first one.
func isFirst(list *contract.Case, p *page) bool {
	u, err := url.Parse(p.URL)
	if err != nil {
		return false
	}
	number := u.Query().Get(list.Page.Page)
	return number == "" || number == strconv.Itoa(list.Page.First) && (list.Page.Style == "page" || list.Page.Style == "offset")
}

// idsOf are the IDs of a page's items, by which a path variable picks one.
func idsOf(p *page, variable *openapi.Parameter) (list []string) {
	for _, item := range p.items {
		object, _ := item.(map[string]any)
		id, _ := openapi.Text(contract.IDOf(object, variable))
		list = append(list, id)
	}
	return list
}
