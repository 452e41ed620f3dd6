package checks

import (
	"context"
	"slices"
	"strconv"

	"troth/contract"
	"troth/openapi"
)

// census is what the pages of a list hold: all of them, or of a long list the first ones and the last.
type census struct {
	list  *contract.Case
	ids   []string // in order
	items map[string]map[string]any
	on    map[string]*page // where each item stands
	pages []*page
	total int
	whole bool
}

// mostCounted is how many pages a census takes at most, but for the last one.
const mostCounted = 6

// takeCensus takes the census of a list whose items are told apart by what a variable names, else by their IDs; nil where there is no list, or none that
// can be read so.
func takeCensus(ctx context.Context, list *contract.Case, variable *openapi.Parameter) (*census, error) {
	if list == nil {
		return nil, nil
	}
	pages, whole, err := countedPages(ctx, list)
	if contract.WasSkipped(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	s := &census{list: list, pages: pages, total: pages[0].total, whole: whole, items: map[string]map[string]any{}, on: map[string]*page{}}
	for _, p := range pages {
		for _, item := range p.items {
			object, _ := item.(map[string]any)
			id := idOf(item)
			if variable != nil {
				if text, ok := openapi.Text(contract.IDOf(object, variable)); ok && text != "null" {
					id = text
				}
			}
			if id == "" {
				return nil, nil
			}
			s.ids, s.items[id], s.on[id] = append(s.ids, id), object, p
		}
	}
	return s, nil
}

// countedPages are the largest pages of a list.
func countedPages(ctx context.Context, list *contract.Case) (pages []*page, whole bool, err error) {
	var changes []contract.Change
	size := 0
	if sized(&list.Subject) {
		size = largeSize(ctx, list, 50)
		changes = append(changes, contract.Query(list.Page.Size, strconv.Itoa(size)))
	}
	if walked(&list.Subject) && !numbered(&list.Subject) {
		return walk(ctx, list, size, true)
	}
	for len(pages) < mostCounted {
		p, err := ask(ctx, list, "list around a change", append(slices.Clone(changes), contract.Again())...)
		if err != nil {
			return nil, false, err
		}
		if pages = append(pages, p); size == 0 || len(p.items) < size || p.total == len(p.items) && len(pages) == 1 {
			return pages, size > 0 || list.Page.Page == "", nil
		}
		if !numbered(&list.Subject) {
			return pages, false, nil
		}
		changes = []contract.Change{contract.Query(list.Page.Size, strconv.Itoa(size)), contract.Query(list.Page.Page, strconv.Itoa(list.Page.Number(len(pages), size)))}
	}
	last := (pages[0].total - 1) / size
	if last < len(pages) {
		return pages, false, nil
	}
	p, err := ask(ctx, list, "last page of the list", contract.Query(list.Page.Size, strconv.Itoa(size)), contract.Query(list.Page.Page, strconv.Itoa(list.Page.Number(last, size))), contract.Again())
	if contract.WasSkipped(err) {
		return pages, false, nil
	}
	return append(pages, p), false, err
}

// came are items that a later census shows and this one does not, where both show all.
func (s *census) came(later *census) []string {
	if !s.whole || !later.whole {
		return nil
	}
	return less(later.ids, s.ids)
}

// changed is an item of both that says other things in the later one, with the pointer of what it says.
func (s *census) changed(later *census, but ...string) (id, pointer string) {
	for _, id := range s.ids {
		now, has := later.items[id]
		if !has || slices.Contains(but, id) {
			continue
		}
		if pointer, same := agree(declared(itemSchema(&s.list.Subject), s.items[id]), now, ""); !same {
			return id, pointer
		}
	}
	return "", ""
}

// turned tells whether the items of both stand in another order in the later one, but for some.
func (s *census) turned(later *census, but ...string) bool {
	both := func(a, b *census) []string {
		return slices.DeleteFunc(slices.Clone(a.ids), func(id string) bool { return b.items[id] == nil || slices.Contains(but, id) })
	}
	return !slices.Equal(both(s, later), both(later, s))
}

// last is the page to show where an item is missing.
func (s *census) last() *contract.Exchange { return s.pages[len(s.pages)-1].Exchange }

// itemVariable is what the items of a list are picked by, nil where nothing picks them.
func itemVariable(c *contract.Case) *openapi.Parameter {
	if op := itemOperation(&c.Subject, "GET"); op != nil {
		if one := c.Other(op); one != nil {
			return one.Last()
		}
	}
	return nil
}
