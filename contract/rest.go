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
	for i := range mostPages {
		listed, total, ok := list.large(ctx, i)
		if !ok {
			return items, i > 0
		}
		for _, item := range listed {
			if text := nameOf(item); !c.session.isMine(text) {
				items = append(items, text)
			}
		}
		if c.Op.Method == http.MethodGet && total != "" && i == 0 {
			items = append(items, "total "+total)
		}
		if p := list.Page; len(listed) == 0 || p.Size == "" || p.Page == "" || p.Style == "cursor" {
			break
		}
	}
	slices.Sort(items)
	return items, true
}

// mostPages is how many of the largest pages are looked at.
const mostPages = 6

// large asks for the i-th of the largest pages.
func (c *Case) large(ctx context.Context, i int) (items []any, total string, ok bool) {
	changes := []Change{Again()}
	size := c.Largest(ctx, 0)
	if c.Page.Size != "" {
		changes = append(changes, Query(c.Page.Size, strconv.Itoa(size)))
	}
	if i > 0 {
		changes = append(changes, Query(c.Page.Page, strconv.Itoa(c.Page.Number(i, size))))
	}
	x, err := c.Ask(ctx, "the collection at rest", changes...)
	if err != nil || !x.OK() {
		return nil, "", false
	}
	body, err := x.JSON()
	if err != nil {
		return nil, "", false
	}
	total, _ = c.Page.TotalText(x.Header, body)
	found, _ := source.Get(body, c.Page.Items)
	items, ok = found.([]any)
	return items, total, ok
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
