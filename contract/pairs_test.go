package contract_test

import (
	"cmp"
	"flag"
	"slices"
	"testing"

	"troth/contract"
	"troth/mock"
)

var allPairs = flag.Bool("pairs", false, "plant every pair of defects, not a part of them (make pairs)")

// hides tells why one defect leaves nothing of others to be seen: not in the suite, but in what the server does. A pair that is not here has to
// have both defects reported, and one that is here and does not need to be fails as well.
var hides = []struct {
	defect, reason string
	others         []string // all of them where there are none
}{
	{"server-error", "no valid request has another answer than 500", nil},
	{"body-truncated", "no body of a success can be read", nil},
	{"status-undeclared", "what declares the headers is unknown, and nothing counts as created", []string{"header-mistyped", "location-wrong", "etag-constant"}},
	{"page-size-ignored", "all pages are of one size", []string{"page-gap", "page-limits-ignored", "total-of-page"}},
	{"fails-at-times", "a failed POST is not sent again: it may have been carried out", []string{"body-unchecked", "delete-ignored", "change-lost"}},
	{"error-unshaped", "errors have no members", []string{"error-status-mismatch", "reason-wrong", "stack-trace", "secret-shown"}},
	{"created-lost", "nothing is kept that could be kept wrongly", []string{"refused-kept", "delete-ignored", "change-lost", "put-merges", "null-kept", "children-kept", "match-unread", "etag-constant", "kind-fixed", "text-garbled", "list-cached"}},
	{"change-lost", "nothing is changed that could be changed wrongly", []string{"put-merges"}},
	{"etag-unquoted", "what is no ETag can neither be sent back nor be one tag of two states", []string{"match-unread", "etag-constant"}},
	{"list-cached", "a list that was asked for is shown as it was, whatever becomes of it", []string{"refused-kept", "etag-constant", "order-unstable"}},
	{"gzip-unasked", "what is labelled gzip is in gzip", []string{"gzip-broken"}},
	{"member-missing", "the member that is left out is the one that tells the kind", []string{"kind-fixed"}},
	{"order-by-size", "what is created does not stand on the first page, and the check says so", []string{"list-cached"}},
	{"page-gap", "the two make up for each other", []string{"page-overlap"}},
	{"page-overlap", "the two make up for each other", []string{"page-gap"}},
	{"order-unstable", "a list whose order changes may have changed otherwise, too: inconclusive", []string{"page-gap", "id-given-twice"}},
	{"id-given-twice", "what was carried out is listed under an ID that was there before", []string{"refused-kept"}},
	{"body-unchecked", "nothing is refused", []string{"refused-kept"}},
	{"created-fourth-lost", "what is not kept cannot be changed", []string{"change-reorders"}},
	{"item-gone-at-times", "an item that cannot be read may have been changed otherwise", []string{"unmet-change-kept"}},
	{"item-empty", "an item without members says nothing that could be wrong, nor of what it stands below", []string{"single-differs", "parent-wrong-alone", "parent-wrong"}},
}

func hidden(by, what string) bool {
	for _, h := range hides {
		if h.defect == by && h.others == nil {
			return true
		}
	}
	return listedPair(by, what)
}

// atTimes tells whether a defect hides what it is listed with at times only: which of the requests that are sent side by side fails is by chance.
func atTimes(by string) bool {
	return by == "fails-at-times" || by == "order-unstable" || by == "item-gone-at-times" || by == "created-fourth-lost"
}

func listedPair(by, what string) bool {
	for _, h := range hides {
		if h.defect == by && slices.Contains(h.others, what) {
			return true
		}
	}
	return false
}

// identities are those of a check's findings: operation, check, place and keyword.
func identities(r *contract.Report, check string) map[string]bool {
	ids := map[string]bool{}
	for _, o := range r.Outcomes {
		for _, f := range o.Findings {
			if o.Check == check {
				ids[o.Case+" "+f.Where+" "+f.Pointer+" "+f.Keyword] = true
			}
		}
	}
	return ids
}

// TestPairs plants two defects at a time: both are reported as if the other were not there, but for those that leave nothing to be seen of others.
func TestPairs(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: make test plants pairs without the race detector")
	}
	defects, every := mock.Defects(), 499
	if *allPairs {
		every = 1
	}
	type plant struct{ path, name string }
	known := map[plant]map[string]bool{}
	alone := func(path string, d mock.Defect) map[string]bool {
		ids, ok := known[plant{path, d.Name}]
		if !ok {
			ids = identities(run(t, path, mock.WithItems(120), mock.WithDefect(d.Name)), d.Breaks)
			known[plant{path, d.Name}] = ids
		}
		return ids
	}
	planted := 0
	for i, a := range defects {
		for j, b := range defects[:i] {
			if (i*len(defects)+j)%every != 0 {
				continue
			}
			path, ok := both(func(path string) bool { return len(alone(path, a)) > 0 && len(alone(path, b)) > 0 })
			if !ok {
				continue
			}
			planted++
			ids := map[string]map[string]bool{a.Name: alone(path, a), b.Name: alone(path, b)}
			t.Run(a.Name+"+"+b.Name, func(t *testing.T) {
				t.Parallel()
				seen := func(what, other mock.Defect, r *contract.Report) bool {
					for id := range identities(r, what.Breaks) {
						if ids[what.Name][id] || !ids[other.Name][id] {
							return true
						}
					}
					return false
				}
				one, two := run(t, path, mock.WithItems(120), mock.WithDefect(a.Name), mock.WithDefect(b.Name)), (*contract.Report)(nil)
				for _, p := range [][2]mock.Defect{{a, b}, {b, a}} {
					what, other := p[0], p[1]
					reported := seen(what, other, one)
					if !reported { // a defect that takes only what is valid has to be planted first
						two = cmp.Or(two, run(t, path, mock.WithItems(120), mock.WithDefect(b.Name), mock.WithDefect(a.Name)))
						reported = seen(what, other, two)
					}
					if !reported && !hidden(other.Name, what.Name) {
						t.Errorf("document %q: %s hides %s from %s\n%s", path, other.Name, what.Name, what.Breaks, text(t, one))
					}
					if reported && listedPair(other.Name, what.Name) && !atTimes(other.Name) {
						t.Errorf("document %q: %s does not hide %s: take it off the list", path, other.Name, what.Name)
					}
				}
			})
		}
	}
	t.Logf("%d pairs", planted)
}

// both is the first document on which both defects of a pair show.
func both(show func(path string) bool) (string, bool) {
	for _, path := range planted() {
		if show(path) {
			return path, true
		}
	}
	return "", false
}
