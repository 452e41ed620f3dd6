package contract

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"troth/openapi"
	"troth/openapi/source"
)

// looks is how often a check that found something looks again at most, and enough how often it has to show it with the collection at rest.
const (
	looks  = 4
	enough = 2
)

// atRest looks again at what a check found: others may have written to the collection while it was looked at, and then answers rightly
// differ. A finding counts where later looks show it and the collection holds the same items before and behind them, or holds
// still by itself so that only the check can have changed it.
func (c *Case) atRest(ctx context.Context, found []Finding) ([]Finding, error) {
	list, shown := c.collection(), 0
	for range looks {
		before, known := c.holds(ctx, list)
		sent := c.session.sentSoFar()
		again := *c
		again.anew = true
		findings, err := c.check.Run(ctx, &again)
		if err != nil || len(findings) == 0 || !known {
			return findings, err
		}
		if after, _ := c.holds(ctx, list); slices.Equal(before, after) || c.still(ctx, list, after, c.session.sentSoFar()-sent) {
			if shown++; shown == enough {
				return findings, nil
			}
		}
	}
	return nil, Skip("inconclusive: the collection changed while it was looked at")
}

// collection is the case of the list that an operation reads or writes, nil where there is none.
func (c *Case) collection() *Case {
	if c.Page != nil {
		return c
	}
	route := c.Op.Route
	if last := c.Last(); last != nil {
		route = strings.TrimSuffix(route, "/{"+last.Name+"}")
	}
	for _, o := range c.Op.Document.Operations {
		if o.Method == http.MethodGet && openapi.Unnamed(o.Route) == openapi.Unnamed(route) {
			if list := c.Other(o); list != nil && list.Page != nil {
				return list
			}
		}
	}
	return nil
}

// holds are the items of a collection's largest pages, in no order and without those that this run made, and its total where nothing was
// made; known is false where it cannot be told.
func (c *Case) holds(ctx context.Context, list *Case) (items []string, known bool) {
	if list == nil {
		return nil, false
	}
	pages, known := list.largePages(ctx)
	for _, p := range pages {
		for _, item := range p.items {
			if text := nameOf(item); !c.session.isMine(text) {
				items = append(items, text)
			}
		}
	}
	if known && c.Op.Method == http.MethodGet && pages[0].total != "" && len(pages[len(pages)-1].items) >= list.Largest(ctx, 0) { // else all were seen: a total that changes all the same is wrong
		items = append(items, "total "+pages[0].total)
	}
	slices.Sort(items)
	return items, known
}

// mostPages is how many of the largest pages are looked at, and the last one where the total tells which it is.
const mostPages = 6

// largePage is one of a collection's largest pages.
type largePage struct {
	body  any
	items []any
	total string
}

// largePages asks for a collection's largest pages; known is false where there is not even the first.
func (c *Case) largePages(ctx context.Context) (pages []largePage, known bool) {
	var leads []Change
	count, size := 0, c.Largest(ctx, 0)
	for range mostPages {
		p, ok := c.large(ctx, size, leads)
		if !ok {
			return pages, len(pages) > 0
		}
		pages, count = append(pages, p), count+len(p.items)
		if leads = c.leadsOn(p, count, size); leads == nil {
			return pages, true
		}
	}
	if total, err := strconv.Atoi(pages[0].total); err == nil && c.Page.TotalExact && c.Page.Style != "cursor" && total > count {
		if p, ok := c.large(ctx, size, []Change{Query(c.Page.Page, strconv.Itoa(c.Page.Number((total-1)/size, size)))}); ok {
			pages = append(pages, p)
		}
	}
	return pages, true
}

// leadsOn is what asks for the page behind one, nil where there is none: by its cursor, else by number where it has no place left.
func (c *Case) leadsOn(p largePage, count, size int) []Change {
	switch {
	case c.Page.Size == "" || c.Page.Page == "" || len(p.items) == 0:
		return nil
	case c.Page.Style == "cursor":
		v, _ := source.Get(p.body, c.Page.Next)
		if cursor, _ := openapi.Text(v); v != nil && cursor != "" {
			return []Change{Query(c.Page.Page, cursor)}
		}
		return nil
	case len(p.items) < size:
		return nil
	}
	return []Change{Query(c.Page.Page, strconv.Itoa(c.Page.Number(count/size, size)))}
}

// large asks for one of the largest pages.
func (c *Case) large(ctx context.Context, size int, leads []Change) (p largePage, ok bool) {
	changes := append([]Change{Again()}, leads...)
	if c.Page.Size != "" {
		changes = append(changes, Query(c.Page.Size, strconv.Itoa(size)))
	}
	x, err := c.Ask(ctx, "the collection at rest", changes...)
	if err != nil || !x.OK() {
		return p, false
	}
	if p.body, err = x.JSON(); err != nil {
		return p, false
	}
	p.total, _ = c.Page.TotalText(x.Header, p.body)
	found, _ := source.Get(p.body, c.Page.Items)
	p.items, ok = found.([]any)
	return p, ok
}

// nameOf is an item's ID, else its whole text.
func nameOf(item any) string {
	object, _ := item.(map[string]any)
	for _, name := range []string{"id", "_id", "uuid"} {
		if id, ok := openapi.Text(object[name]); ok && object[name] != nil {
			return id
		}
	}
	data, err := json.Marshal(item)
	if err != nil {
		return ""
	}
	return string(data)
}

// still tells whether a collection stays as it is while as many requests are sent as the check sent.
func (c *Case) still(ctx context.Context, list *Case, as []string, requests int) bool {
	for range min(max(requests, 4), 40) {
		if now, known := c.holds(ctx, list); !known || !slices.Equal(now, as) {
			return false
		}
	}
	return true
}
