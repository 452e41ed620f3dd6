package mock

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"

	"troth/openapi/convention"
)

// choice is what defects do to how a list's items are chosen and sorted; the zero value changes nothing.
type choice struct {
	first      int            // of so many items of the list some are chosen, 0 for all
	counted    bool           // the total counts the items that are not chosen, too
	single     bool           // of several filters the last one chooses
	unbounded  bool           // what bounds a member does nothing
	turned     bool           // bounds leave out what they should list
	edges      bool           // what is at the edge of a bound is listed where it should not be, and not where it should
	oneEnd     bool           // of several bounds the last one counts
	inverted   bool           // a range whose end is before its beginning is taken
	onPage     bool           // bounds choose of each page, which is cut before, and the total counts all
	chosenLate bool           // values choose of each page, which is cut before
	unnarrowed bool           // where a text is searched for, values do not choose
	midnight   bool           // a day as the upper bound of a time is its first moment
	unsorted   bool           // what is chosen is not sorted
	unchosen   bool           // of what is sorted nothing is chosen
	fallback   bool           // where nothing is chosen, all is
	twice      bool           // texts are decoded once more
	eachPage   bool           // each page is sorted by itself
	rising     bool           // nothing is sorted from the largest to the smallest
	backwards  bool           // what is sorted by default is sorted the other way round
	tiesByTurn *atomic.Uint64 // items that are alike stand in another order each time, nil where they do not

	element func(v, want any) bool // whether an element of an array is a wanted value
}

// inPart tells whether a text begins with a wanted one.
func inPart(v, want any) bool { return strings.HasPrefix(text(v), text(want)) }

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
	q.bounds, q.element = d.bounds(q.bounds), d.element
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

// bounds are those of a request as the defects have them.
func (d *choice) bounds(list []bound) []bound {
	switch {
	case d.unbounded:
		return nil
	case d.oneEnd && len(list) > 1:
		list = list[len(list)-1:]
	}
	for i, b := range list {
		if d.turned {
			list[i].Side = map[string]string{convention.From: convention.To, convention.To: convention.From}[b.Side]
		}
		list[i].midnight = d.midnight
		if d.edges {
			list[i].Edge = map[bool]string{true: convention.Excluded, false: convention.Included}[b.Includes(b.parameter)]
		}
	}
	return list
}

// keys are what a list is sorted by, by what was sent or by default.
func (d *choice) keys(keys []convention.Key, sent bool) []convention.Key {
	for i := range keys {
		keys[i].Falls = keys[i].Falls != (d.backwards && !sent)
	}
	return keys
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
	if q != nil && (d.eachPage || d.onPage || d.chosenLate) {
		left := *q
		if d.eachPage {
			left.keys = nil
		}
		if d.onPage {
			left.bounds = nil
		}
		if d.chosenLate {
			left.wanted = nil
		}
		return &left
	}
	return q
}

func (d *choice) behind(c *collection, q *query, page []*record) ([]*record, error) {
	late := q != nil && (d.eachPage || d.onPage && len(q.bounds) > 0 || d.chosenLate && len(q.wanted) > 0)
	if !late {
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
