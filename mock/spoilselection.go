package mock

import (
	"maps"
	"net/url"
	"slices"
	"sync/atomic"
)

// choice is what defects do to how a list's items are chosen and sorted; the zero value changes nothing.
type choice struct {
	first      int            // of so many items of the list some are chosen, 0 for all
	counted    bool           // the total counts the items that are not chosen, too
	single     bool           // of several filters the last one chooses
	unsorted   bool           // what is chosen is not sorted
	unchosen   bool           // of what is sorted nothing is chosen
	fallback   bool           // where nothing is chosen, all is
	twice      bool           // texts are decoded once more
	eachPage   bool           // each page is sorted by itself
	rising     bool           // nothing is sorted from the largest to the smallest
	tiesByTurn *atomic.Uint64 // items that are alike stand in another order each time, nil where they do not
}

// query is a selection as the defects have it.
func (d *choice) query(q *query) *query {
	if d.single && len(q.wanted) > 1 {
		last := slices.Max(slices.Collect(maps.Keys(q.wanted)))
		q.wanted = map[string]any{last: q.wanted[last]}
	}
	switch {
	case d.unsorted && len(q.wanted) > 0:
		q.keys = nil
	case d.unchosen && len(q.keys) > 0:
		q.wanted = nil
	}
	for i := range q.keys {
		q.keys[i].Falls = q.keys[i].Falls && !d.rising
	}
	for member, v := range q.wanted {
		if text, isText := v.(string); d.twice && isText {
			if more, err := url.QueryUnescape(text); err == nil {
				q.wanted[member] = more
			}
		}
	}
	return q
}

// among are the items that are looked through.
func (d *choice) among(all []*record, q *query) []*record {
	if d.first > 0 && len(q.wanted) > 0 {
		return all[:min(len(all), d.first)]
	}
	return all
}

// turn reverses what is to be sorted at every other call.
func (d *choice) turn(kept []chosen) {
	if d.tiesByTurn != nil && d.tiesByTurn.Add(1)%2 == 0 {
		slices.Reverse(kept)
	}
}

// before is what is selected before pages are cut, and behind how a page that was cut is sorted.
func (d *choice) before(q *query) *query {
	if d.eachPage && q != nil {
		return &query{wanted: q.wanted}
	}
	return q
}

func (d *choice) behind(c *collection, q *query, page []*record) ([]*record, error) {
	if !d.eachPage || q == nil {
		return page, nil
	}
	return c.sorted(q, page)
}

// count is how many items a list holds, whatever is chosen.
func (c *collection) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.alive())
}

func tiesUnstable(t *tweaks) {
	t.noMemo = true
	t.choice.tiesByTurn = &atomic.Uint64{}
}
