package contract_test

import (
	"flag"
	"fmt"
	"hash/fnv"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"troth/contract"
	"troth/contract/checks"
	"troth/mock"
)

var (
	everyPair = flag.Int("pairs", 199, "plant each `n`-th pair of defects (make pairs: 1)")
	pairedOf  = flag.String("paired", "", "plant all pairs of these `defects` (make pairs DEFECTS=page-gap,large-short)")
)

// hides tells why one defect leaves nothing of others to be seen: not in the suite, but in what the server does. A pair that is not here has to
// have both defects reported, and one that is here and does not need to be fails as well.
var hides = []struct {
	defect, reason string
	others         []string // all of them where there are none
}{
	{"server-error", "no valid request has another answer than 500", nil},
	{"body-truncated", "no body of a success can be read", nil},
	{"created-at-times", "what is created is listed at times only: nobody can tell what a request created", []string{"refused-kept", "refused-kept-last", "refused-half-kept", "kind-unlisted", "create-overwrites", "created-twice", "read-lags", "id-given-twice", "wrong-credentials-kept"}},
	{"order-unstable", "a list whose order changes may have moved an item to another page", []string{"created-at-times"}},
	{"id-given-twice", "two items of one ID look like one", []string{"created-at-times"}},
	{"item-empty", "an item says nothing of what was sent", []string{"reference-of-parent"}},
	{"created-fourth-lost", "what is created once more may not be there", []string{"reference-of-parent"}},
	{"empty-null", "a list that is null has no total that could be missed", []string{"total-zero-lost"}},
	{"post-refused", "nothing is created below which a list is empty", []string{"total-zero-lost"}},
	{"unknown-parent-found", "no parent is without items", []string{"total-zero-lost"}},
	{"delete-takes-more", "items are gone that a list without items is made of", []string{"total-zero-lost"}},
	{"created-lost", "nothing that was created is there", []string{"total-zero-lost"}},
	{"header-mistyped", "the field of the total is no number", []string{"total-zero-lost"}},
	{"read-lags", "an item that is read late may be gone", []string{"delete-refused-done"}},
	{"method-dropped", "what is not answered is not refused", []string{"delete-refused-done"}},
	{"method-redirected", "what leads elsewhere is not refused", []string{"delete-refused-done"}},
	{"item-gone-at-times", "an item that is gone at times may not have been deleted, nor have another length", []string{"delete-refused-done", "head-of-envelope"}},
	{"unknown-item-found", "what is found whatever its ID cannot be missed", []string{"delete-refused-done", "delete-refused-kept"}},
	{"deleted-read", "what is deleted is read still", []string{"delete-refused-kept"}},
	{"qop-missing", "no digest is made without it: nothing is created that could be deleted", []string{"delete-refused-kept"}},
	{"open-at-times", "what is let in at times is not refused", []string{"delete-refused-kept", "wrong-credentials-kept"}},
	{"created-fourth-lost", "what is not kept cannot be deleted", []string{"delete-refused-kept"}},
	{"created-lost", "nothing that was created is there", []string{"delete-refused-kept", "wrong-credentials-kept", "weak-match-taken"}},
	{"fails-at-times", "what fails at times is not refused each time", []string{"wrong-credentials-kept"}},
	{"list-cached", "a list that was asked for does not show what is created", []string{"wrong-credentials-kept"}},
	{"id-given-twice", "two items of one ID look like one", []string{"wrong-credentials-kept"}},
	{"members-lost-at-times", "a list that changes by itself does not tell what was created: inconclusive", []string{"wrong-credentials-kept"}},
	{"token-prefix", "the wrong credentials are right", []string{"wrong-credentials-kept"}},
	{"next-lost-at-times", "a list that leads on at times only does not show whether it changed: inconclusive", []string{"weak-match-taken"}},
	{"old-tag-taken", "any tag is right: told as that", []string{"weak-match-taken"}},
	{"match-unread", "any tag is right: told as that", []string{"weak-match-taken"}},
	{"change-lost", "nothing is changed, and no tag is an old one", []string{"weak-match-taken"}},
	{"changes-refused", "nothing is changed, and no tag is an old one", []string{"weak-match-taken"}},
	{"always-unmodified", "no tag changes with its item", []string{"weak-match-taken"}},
	{"head-tag-other", "no tag changes with its item", []string{"weak-match-taken"}},
	{"etag-restless", "a tag changes by itself", []string{"weak-match-taken"}},
	{"idempotency-key-answered", "what a key does is told as that", []string{"idempotency-key-cut"}},
	{"idempotency-key-unread", "what a key does is told as that", []string{"idempotency-key-cut"}},
	{"conflict-by-change", "another item is refused for its name, whatever its key", []string{"idempotency-key-cut"}},
	{"conflict-kept", "another item is refused for its name, whatever its key", []string{"idempotency-key-cut"}},
	{"names-raced", "another item is refused for its name, whatever its key", []string{"idempotency-key-cut"}},
	{"status-undeclared", "what declares the headers is unknown, and nothing counts as created", []string{"header-mistyped", "location-wrong", "etag-constant", "tag-of-name"}},
	{"page-size-ignored", "all pages are of one size", []string{"page-limits-ignored", "total-of-page", "create-overwrites", "filter-on-page", "last-beyond", "total-wrong"}},
	{"fails-at-times", "a failed POST is not sent again: it may have been carried out", []string{"body-unchecked", "delete-ignored", "change-lost"}},
	{"error-unshaped", "errors have no members", []string{"error-code-other", "error-status-mismatch", "reason-wrong", "stack-trace", "secret-shown", "error-of-another"}},
	{"promised-at-times", "what lacks at times lacks in no place of its own", []string{"promised-unlisted"}},
	{"post-refused", "the answer to creating is the one that a list is compared with", []string{"promised-unlisted"}},
	{"created-lost", "nothing is kept that could be kept wrongly", []string{"refused-kept", "delete-ignored", "change-lost", "put-merges", "put-merges-inside", "put-kind-stays", "map-replaced", "null-kept", "children-kept", "match-unread", "etag-constant", "kind-fixed", "text-garbled", "text-escaped", "text-cut", "default-other", "null-fails", "list-cached"}},
	{"change-lost", "nothing is changed that could be changed wrongly", []string{"put-merges", "put-merges-inside", "put-kind-stays", "map-replaced", "patches-raced"}},
	{"single-differs", "what an item says by itself is never what was put", []string{"put-merges-inside", "put-kind-stays", "map-replaced"}},
	{"item-empty", "an item says nothing of what was sent", []string{"text-escaped", "text-cut", "default-other", "put-kind-stays", "map-replaced", "answer-outdated", "change-lost", "change-unlisted", "conflict-by-change", "created-answer-other", "created-renewed", "empty-patch-clears", "kind-fixed", "null-kept", "put-merges", "put-merges-inside", "text-garbled", "unmet-change-kept", "write-tag-other", "keys-lowered", "patches-raced"}},
	{"created-fourth-lost", "what is created once more may not be there", []string{"text-escaped", "text-cut", "put-kind-stays", "map-replaced", "read-only-refused"}},
	{"filter-ignored", "nothing is read of how a list is sorted either", []string{"sort-default-reversed"}},
	{"etag-unquoted", "what is no ETag can neither be sent back nor be one tag of two states", []string{"match-unread", "etag-constant"}},
	{"list-cached", "a list that was asked for is shown as it was, whatever becomes of it", []string{"refused-kept", "etag-constant", "order-unstable", "kind-unlisted", "next-lost-at-times"}},
	{"member-mistyped", "the map is of another type where it is read", []string{"map-replaced"}},
	{"gzip-unasked", "what is labelled gzip is in gzip", []string{"gzip-broken"}},
	{"member-missing", "the member that is left out is the one that tells the kind", []string{"kind-fixed"}},
	{"order-by-size", "what is created does not stand on the first page, and the check says so", []string{"list-cached"}},
	{"page-gap", "the two make up for each other", []string{"page-overlap"}},
	{"page-gap", "pages that lose items tell of no total that would be steady", []string{"total-wrong-at-times"}},
	{"page-overlap", "the two make up for each other", []string{"page-gap"}},
	{"order-unstable", "a list whose order changes may have changed otherwise, too: inconclusive", []string{"page-gap", "id-given-twice"}},
	{"id-given-twice", "what was carried out is listed under an ID that was there before", []string{"refused-kept"}},
	{"body-unchecked", "nothing is refused", []string{"refused-kept", "null-fails"}},
	{"body-type-unchecked", "nothing is refused for its type", []string{"null-fails"}},
	{"refused-half-kept", "what is refused is carried out before, and does not fail", []string{"null-fails"}},
	{"past-the-end-wraps", "what is behind the last page has items", []string{"link-next-on-last"}},
	{"items-refused", "a refusal that holds items says nothing else", []string{"owner-told"}},
	{"total-grows", "where the total is wrong nobody knows where the far page is", []string{"pages-cut"}},
	{"promised-at-times", "a header that lacks at times may lack in the answer to HEAD by chance", []string{"head-field-missing"}},
	{"zero-unread", "a page size of zero is taken, as a server does that clamps", []string{"page-below-first"}},
	{"next-lost-at-times", "a list that leads on at times only does not show whether it changed: inconclusive", []string{"children-kept", "children-listed", "cursor-once", "cursor-rounded", "cursor-unchecked", "day-unchecked", "element-in-part", "link-next-missing", "link-next-on-last", "match-unread", "null-kept", "old-tag-taken", "put-merges-inside", "text-escaped", "unmet-change-kept", "unmet-delete-kept", "write-tag-other"}},
	{"total-grows", "no page has the total that it had before", []string{"next-lost-at-times"}},
	{"pretty-fails-refused", "what is refused fails", []string{"alternative-refused"}},
	{"cursor-once", "a page whose cursor was used is not read again", []string{"link-first-here"}},
	{"created-fourth-lost", "what is not kept cannot be changed", []string{"change-reorders"}},
	{"item-gone-at-times", "an item that is not found may have been changed otherwise, and one that should not be found is not", []string{"unmet-change-kept", "change-unlisted", "map-replaced"}},
	{"list-wrapped", "the first list that is asked for in an envelope shows it, and no other page is asked for so", []string{"envelope-lost"}},
	{"empty-null", "a list that is null has nothing to count", []string{"empty-total"}},
	{"created-half", "the member that is changed is not read", []string{"change-lost", "answer-outdated", "change-unlisted", "empty-patch-clears", "text-escaped", "text-cut", "write-tag-other"}},
	{"unknown-item-found", "an item that is found still is not deleted, and may be listed", []string{"deleted-listed"}},
	{"idempotency-key-unread", "the first request that is sent again shows it, and nothing more is sent", []string{"idempotency-key-answered", "idempotency-key-one", "idempotency-key-raced"}},
	{"idempotency-key-one", "the first other key shows it, and nothing more is sent", []string{"idempotency-key-answered", "idempotency-key-raced"}},
	{"idempotency-key-answered", "the first request that is sent again shows it, and nothing more is sent", []string{"idempotency-key-raced"}},
	{"conflict-kept", "what is sent again is refused for its name", []string{"idempotency-key-answered", "idempotency-key-one", "idempotency-key-raced"}},
	{"conflict-by-change", "what is sent again is refused for its name", []string{"idempotency-key-answered", "idempotency-key-one", "idempotency-key-raced"}},
	{"names-raced", "what is sent again is refused for its name", []string{"idempotency-key-answered", "idempotency-key-one", "idempotency-key-raced"}},
	{"fails-at-times", "what is sent again may fail", everyKey},
	{"created-lost", "nothing that was created is there", []string{"idempotency-key-answered", "idempotency-key-raced", "idempotency-key-unread", "filter-decoded-twice", "patches-raced", "keys-lowered"}},
	{"id-given-twice", "two items of one ID look like one", []string{"idempotency-key-answered", "idempotency-key-raced", "idempotency-key-unread", "kind-unlisted"}},
	{"created-fourth-lost", "what is created once more may not be there", []string{"idempotency-key-answered", "idempotency-key-raced"}},
	{"created-beside-lost", "what is created side by side is not there", []string{"idempotency-key-raced"}},
	{"item-gone-at-times", "what is created side by side may not be found", []string{"idempotency-key-raced"}},
	{"list-cached", "a list that was asked for does not show what is created once more", []string{"idempotency-key-answered"}},
	{"members-lost-at-times", "a list that changes by itself does not tell what was created: inconclusive", []string{"idempotency-key-answered"}},
	{"total-wrong-at-times", "a list that changes by itself does not tell what was created: inconclusive", []string{"idempotency-key-answered", "deleted-counted", "filter-decoded-twice", "links-decoded", "tenants-shared"}},
	{"total-of-page", "the total is that of the page, whatever was counted", []string{"range-on-page"}},
	{"range-ignored", "bounds choose nothing", []string{"range-edge-lost", "range-on-page"}},
	{"item-empty", "an item without members says nothing that could be wrong, nor of what it stands below", []string{"single-differs", "parent-wrong-alone", "parent-wrong"}},
	{"alternative-refused", "what is refused does not fail", []string{"fails-at-times"}},
	{"content-type-wrong", "what is not said to be JSON is not read as the item or the list", []string{"item-empty", "rules-unread", "sent-echoed"}},
	{"created-lost", "nothing that was created is there", []string{"empty-total"}},
	{"created-mistyped", "an item that is not of its schema is not compared with the answer to the write", []string{"write-tag-other"}},
	{"delete-takes-more", "items are gone that a list without items is made of", []string{"empty-total"}},
	{"empty-null", "a list that is null where it has no items is no list: body-matches-schema tells", []string{"filter-decoded-twice", "pages-cut", "total-lost-behind"}},
	{"fails-at-times", "one kind of credentials fails at times, too", []string{"alternative-refused"}},
	{"filter-on-page", "what is not chosen is left out on each page all the same", []string{"filter-ignored", "filter-fallback"}},
	{"header-mistyped", "the field of the total is no number", []string{"empty-total", "last-beyond"}},
	{"id-given-twice", "two items of one ID look like one", []string{"create-overwrites"}},
	{"item-gone-at-times", "an item that is not found does not say what it stands below", []string{"parent-wrong-alone"}},
	{"list-cached", "a list that was asked for does not show what is created", []string{"create-overwrites"}},
	{"member-misspelt", "the member that names the parent has another name", []string{"parent-wrong-alone"}},
	{"members-lost-at-times", "a list that changes by itself does not tell what was created: inconclusive", []string{"create-overwrites"}},
	{"next-loops", "a walk goes in circles before it comes to an end", []string{"next-ends-early"}},
	{"offset-rounded", "no page begins within the first", []string{"previous-negative"}},
	{"page-overlap", "items that stand on two pages may be one or two: how many there are is not known", []string{"last-beyond", "previous-negative", "total-wrong-at-times"}},
	{"post-refused", "nothing is created", []string{"empty-total", "write-accept-unread", "body-unacceptable"}},
	{"qop-missing", "no digest is made without it: what takes nothing else is not answered", []string{"letters-unread", "location-elsewhere", "location-missing", "location-wrong", "unknown-path-found"}},
	{"range-ignored", "bounds choose nothing", []string{"range-to-midnight"}},
	{"range-one-end", "the upper bound is not read at all", []string{"range-to-midnight"}},
	{"status-undeclared", "what is answered with another status is no success that could be compared", []string{"item-empty"}},
	{"tenants-shared", "nothing of another tenant is refused", []string{"owner-told"}},
	{"total-lost-at-times", "a list that changes by itself does not tell what a request changed: inconclusive", []string{"deleted-counted", "total-wrong-at-times"}},
	{"total-of-page", "the total is that of the page each time", []string{"total-wrong-at-times"}},
	{"total-wrong", "where the total is wrong, nobody knows when a page size divides the number of items, nor what it is each time", []string{"last-beyond", "total-wrong-at-times"}},
	{"unknown-parent-found", "nothing of another tenant is refused, and no parent is without items", []string{"empty-total", "owner-told"}},
	{"always-unmodified", "the item is answered 304 where it is read for its tag", []string{"never-unmodified", "none-match-unread", "put-kind-stays", "unmet-change-kept"}},
	{"body-unchecked", "nothing is refused", []string{"idempotency-key-answered"}},
	{"change-lost", "nothing is changed", []string{"answer-outdated", "conflict-by-change", "created-renewed", "empty-patch-clears", "match-raced", "tag-of-name", "unmet-change-kept"}},
	{"changes-refused", "nothing is changed", []string{"conflict-by-change", "map-replaced", "match-raced", "none-match-unread", "put-kind-stays", "put-merges-inside", "read-only-refused", "tag-of-name", "unmet-change-kept", "patches-raced"}},
	{"conflict-by-change", "a name is taken by POST once and by a change any number of times", []string{"conflict-kept", "names-raced"}},
	{"conflict-kept", "what is refused for its name is created", []string{"name-again"}},
	{"created-fourth-lost", "what is created once more may not be there", []string{"answer-outdated", "conflict-by-change", "created-renewed", "empty-patch-clears", "none-match-unread", "unmet-delete-kept"}},
	{"created-lost", "nothing that was created is there", []string{"changes-refused", "children-listed", "condition-bad-request", "condition-undemanded", "created-answer-other", "links-decoded", "none-match-unread", "read-lags", "refused-half-kept", "tag-of-name", "unmet-delete-kept", "write-tag-other"}},
	{"created-mistyped", "a member of another type does not tell what it was sent as", []string{"map-replaced"}},
	{"delete-ignored", "nothing is deleted", []string{"unmet-delete-kept"}},
	{"deleted-read", "what is deleted is read still", []string{"unmet-delete-kept"}},
	{"edge-refused", "what is put at the edge of its bounds is refused", []string{"none-match-unread"}},
	{"empty-null", "a list that is null where nothing is chosen is no list: body-matches-schema tells", []string{"range-to-midnight"}},
	{"etag-restless", "a tag that is another each time lets no change through", []string{"never-unmodified", "none-match-unread", "put-kind-stays", "tag-of-name", "unmet-change-kept"}},
	{"etag-unquoted", "what is no ETag cannot be sent back", []string{"condition-bad-request", "condition-undemanded", "never-unmodified", "none-match-unread", "old-tag-taken", "put-kind-stays", "tag-of-name", "unmet-change-kept", "unmet-delete-kept", "write-tag-other"}},
	{"fails-at-times", "what fails proves nothing", []string{"large-taken", "plain-text-taken", "write-accept-unread"}},
	{"filter-decoded-twice", "one finding tells of a text that is not found, whatever was done to it", []string{"links-decoded"}},
	{"filter-fallback", "all items are listed where none is chosen", []string{"filter-decoded-twice"}},
	{"filter-ignored", "all items are listed whatever is chosen", []string{"chosen-unsorted", "filter-decoded-twice", "ties-unstable", "total-unfiltered"}},
	{"filter-on-page", "pages of chosen items are cut first, and have links of their own", []string{"link-loses-sort", "links-lose-parameters"}},
	{"head-tag-other", "a tag of HEAD that is not the one of GET lets no change through", []string{"none-match-unread", "put-kind-stays", "tag-of-name", "unmet-change-kept"}},
	{"id-given-twice", "two items of one ID look like one", []string{"change-unlisted", "children-listed", "read-lags", "refused-half-kept"}},
	{"item-empty", "an item says nothing of what was sent", []string{"name-again", "tag-of-name"}},
	{"item-gone-at-times", "an item that is not found does not tell what became of it", []string{"children-listed", "conflict-by-change", "created-answer-other", "name-again", "never-unmodified", "parent-wrong", "tag-of-name", "text-escaped", "text-cut", "unknown-path-found", "create-overwrites", "head-finds", "keys-lowered"}},
	{"large-fails", "a large body fails, so that it is not refused", []string{"large-taken"}},
	{"link-bare", "the target of a link cannot be read", []string{"last-beyond", "link-loses-sort", "links-decoded", "previous-negative", "link-first-here", "link-next-missing", "link-next-on-last"}},
	{"links-elsewhere", "links that lead to another host are reported for that", []string{"link-loses-sort", "links-lose-parameters"}},
	{"list-cached", "a list that was asked for is shown as it was", []string{"filter-decoded-twice", "links-decoded", "neighbour-changed", "put-copies", "refused-half-kept"}},
	{"location-elsewhere", "a Location on another host is reported for that", []string{"location-wrong"}},
	{"match-unread", "no condition is read", []string{"match-raced", "unmet-change-kept"}},
	{"maximum-refused", "pages of the largest size are refused", []string{"page-one-more"}},
	{"member-missing", "what is left out of answers tells nothing", []string{"filter-decoded-twice", "links-decoded", "name-again", "put-merges-inside", "range-to-midnight", "search-farther", "total-lost-behind", "text-cut", "pages-cut", "keys-lowered"}},
	{"member-misspelt", "a member of another name does not tell what it was sent as", []string{"created-renewed", "map-replaced", "put-kind-stays"}},
	{"member-mistyped", "a member of another type does not tell what it was sent as", []string{"range-to-midnight", "search-farther"}},
	{"members-lost-at-times", "what changes by itself proves nothing: inconclusive", []string{"change-reorders", "change-unlisted", "large-short", "map-replaced", "neighbour-changed", "put-merges", "put-merges-inside", "range-one-end", "read-lags", "refused-half-kept", "sort-default-reversed", "default-other"}},
	{"method-dropped", "what is refused has no answer", []string{"post-refused"}},
	{"method-redirected", "what is refused is redirected, whatever it is refused for", []string{"options-name-more", "post-refused"}},
	{"names-raced", "a name is taken once but for requests side by side", []string{"name-again"}},
	{"next-loops", "a walk goes in circles before it comes to its end", []string{"link-next-missing", "next-behind-last"}},
	{"nobody-without-password", "what only a careless server answers is asked where nothing is amiss so far", []string{"existence-told"}},
	{"old-tag-taken", "a tag of before holds as well as the last", []string{"match-raced"}},
	{"order-by-size", "items do not stand on the page that is looked at", []string{"filter-decoded-twice", "links-decoded", "sort-rises-only"}},
	{"order-unstable", "a list whose order changes may have changed otherwise, too: inconclusive", []string{"large-short", "total-of-small", "zero-unread"}},
	{"page-32-bits", "a number below zero is a large one in 32 bits", []string{"page-from-end"}},
	{"page-one-more", "a page that holds more than its size is reported for that", []string{"next-behind-last", "size-sticks"}},
	{"page-size-ignored", "all pages are of one size", []string{"filter-cut", "zero-unread"}},
	{"post-refused", "nothing is created", []string{"body-type-unchecked", "body-unchecked", "changes-refused", "charset-refused", "conflict-by-change", "day-unchecked", "edge-refused", "etag-constant", "large-taken", "links-decoded", "names-raced", "tag-of-name"}},
	{"promised-date-form", "a date of another form is not compared", []string{"sunset-early"}},
	{"promised-uncreated", "what lacks in one place is reported there", []string{"promised-unlisted"}},
	{"read-lags", "an item that is not found at first does not tell what was kept of it", []string{"created-answer-other", "idempotency-key-raced", "idempotency-key-unread", "text-escaped", "text-cut", "default-other", "create-overwrites", "keys-lowered"}},
	{"read-only-taken", "the time of creation is the one that was sent", []string{"created-renewed"}},
	{"refused-kept-last", "items that nobody created stand on the page that is looked at", []string{"filter-decoded-twice", "links-decoded", "sort-rises-only", "ties-unstable"}},
	{"single-differs", "an item by itself says other things than were sent", []string{"created-renewed", "name-again"}},
	{"size-sticks", "no page has the size that it was asked for with", []string{"next-ends-early", "zero-unread"}},
	{"sort-by-page", "each page is sorted by itself", []string{"filter-fallback", "ties-unstable"}},
	{"sort-ignored", "nothing is sorted", []string{"sorted-unchosen", "ties-unstable"}},
	{"sort-rises-only", "nothing is sorted the other way round", []string{"ties-unstable"}},
	{"status-undeclared", "what is answered with another status is no success that could be compared", []string{"location-elsewhere", "location-missing", "never-unmodified"}},
	{"long-fails", "no long text is taken", []string{"text-cut"}},
	{"text-escaped", "a text is not what was sent", []string{"links-decoded", "filter-decoded-twice"}},
	{"text-garbled", "a text is not what was sent", []string{"name-again"}},
	{"total-of-page", "the total is that of the page, which its size is told by", []string{"size-sticks"}},
	{"unknown-item-found", "what is found whatever its ID cannot be missed", []string{"created-beside-lost", "created-fourth-lost", "delete-takes-more", "deleted-counted", "existence-told", "unmet-delete-kept"}},
	{"unknown-parent-found", "no parent is told from another", []string{"children-kept", "name-again"}},
	{"unknown-refused", "bodies with members that are not declared are refused", []string{"read-only-taken"}},
}

// everyKey are the defects of idempotency keys.
var everyKey = []string{"idempotency-key-answered", "idempotency-key-one", "idempotency-key-raced", "idempotency-key-unread"}

func hidden(by, what string) bool {
	for _, h := range hides {
		if h.defect == by && h.others == nil {
			return true
		}
	}
	return listedPair(by, what)
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

// planting is what becomes of planted defects: the identities that each check has found, and all requests with their answers in whatever order they
// were sent. A report holds the answers: those of all defects take gigabytes.
type planting struct {
	found   map[string]map[string]bool
	traffic map[uint64]bool
	text    string
}

func plantedOn(t *testing.T, path string, how []contract.Option, names ...string) planting {
	t.Helper()
	p := planting{found: map[string]map[string]bool{}, traffic: map[uint64]bool{}}
	var mu sync.Mutex
	opts := []mock.Option{mock.WithItems(120)}
	for _, name := range names {
		opts = append(opts, mock.WithDefect(name))
	}
	report := behind(t, path, how, func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			exchange := fnv.New64a()
			r.Body = io.NopCloser(io.TeeReader(r.Body, exchange))
			answer := httptest.NewRecorder()
			h.ServeHTTP(answer, r)
			maps.Copy(w.Header(), answer.Header())
			answer.Header().Del("WWW-Authenticate") // a nonce is another each time, and so is what is made of it
			r.Header.Del("Authorization")
			r.Header.Del("Idempotency-Key") // no two runs send the same
			fmt.Fprint(exchange, r.Method, r.URL, r.Header, answer.Code, answer.Header(), answer.Body)
			mu.Lock()
			p.traffic[exchange.Sum64()] = true
			mu.Unlock()
			w.WriteHeader(answer.Code)
			_, _ = w.Write(answer.Body.Bytes())
		})
	}, opts...)
	for _, check := range checks.All() {
		p.found[check.ID] = identities(report, check.ID)
	}
	if len(names) > 1 {
		p.text = text(t, report)
	}
	return p
}

// TestPairs plants two defects at a time: both are reported as if the other were not there, but for those that leave nothing to be seen of others: the
// server answers each request as it does with the other one alone, or the pair is listed with the reason.
func TestPairs(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: make test plants pairs without the race detector")
	}
	defects := slices.DeleteFunc(mock.Defects(), func(d mock.Defect) bool { return d.Breaks == "items-steady" }) // which look lacks the item is by chance, and no other follows
	type plant struct{ path, name string }
	known := map[plant]func() planting{}
	for _, d := range defects {
		for _, path := range planted() {
			known[plant{path, d.Name}] = sync.OnceValue(func() planting { return plantedOn(t, path, nil, d.Name) })
		}
	}
	alone := func(path string, d mock.Defect) planting { return known[plant{path, d.Name}]() }
	var planted atomic.Int64
	t.Cleanup(func() {
		if planted.Load() == 0 {
			t.Error("no pair was planted")
		}
		t.Logf("%d pairs", planted.Load())
	})
	for i, a := range defects {
		for j, b := range defects[:i] {
			if !wantedPair(i*(i-1)/2+j, a.Name, b.Name) {
				continue
			}
			t.Run(a.Name+"+"+b.Name, func(t *testing.T) {
				t.Parallel()
				path, ok := both(func(path string) bool {
					return len(alone(path, a).found[a.Breaks]) > 0 && len(alone(path, b).found[b.Breaks]) > 0
				})
				if !ok {
					return
				}
				planted.Add(1)
				pairOf{path: path, defects: [2]mock.Defect{a, b}, alone: [2]planting{alone(path, a), alone(path, b)}}.judge(t)
			})
		}
	}
}

// wantedPair tells whether the n-th pair is to be planted.
func wantedPair(n int, a, b string) bool {
	if *pairedOf == "" {
		return n%*everyPair == 0
	}
	of := strings.Split(*pairedOf, ",")
	return slices.Contains(of, a) || slices.Contains(of, b)
}

// TestUnmasked plants pairs of defects of which one hid the other: in one check that told of the first thing that is wrong only, or that did not look again.
func TestUnmasked(t *testing.T) {
	defects := map[string]mock.Defect{}
	for _, d := range mock.Defects() {
		defects[d.Name] = d
	}
	for _, pair := range []struct{ path, a, b string }{
		{"", "page-gap", "large-short"},
		{"", "zero-unread", "page-from-end"},
		{"", "word-not-found", "truth-in-capitals"},
		{"", "password-blank", "existence-told"},
		{shop, "put-copies", "neighbour-changed"},
		{shop, "neighbour-changed", "change-unlisted"},
		{shop, "read-lags", "change-lost"},
	} {
		t.Run(pair.a+"+"+pair.b, func(t *testing.T) {
			t.Parallel()
			two := [2]mock.Defect{defects[pair.a], defects[pair.b]}
			p := pairOf{path: pair.path, defects: two, alone: [2]planting{plantedOn(t, pair.path, nil, pair.a), plantedOn(t, pair.path, nil, pair.b)}}
			for k, d := range two {
				if len(p.alone[k].found[d.Breaks]) == 0 {
					t.Fatalf("%s alone: %s does not catch it", d.Name, d.Breaks)
				}
			}
			p.judge(t)
		})
	}
}

// pairOf are two defects on a document, and what is seen of each alone.
type pairOf struct {
	path    string
	defects [2]mock.Defect
	alone   [2]planting
}

// judge plants both, in the other order, too, where one is not reported: a defect that takes only what is valid has to be planted first.
func (p pairOf) judge(t *testing.T) {
	one, two := plantedOn(t, p.path, nil, p.defects[0].Name, p.defects[1].Name), planting{}
	for k, what := range p.defects {
		other := p.defects[1-k]
		reported, blocked := p.reported(k, one), maps.Equal(one.traffic, p.alone[1-k].traffic)
		if !reported {
			if two.found == nil {
				two = plantedOn(t, p.path, nil, p.defects[1].Name, p.defects[0].Name)
			}
			reported, blocked = p.reported(k, two), blocked && maps.Equal(two.traffic, p.alone[1-k].traffic)
		}
		if !reported && capricious[other.Name] { // which request it meets is by chance
			reported = p.reported(k, plantedOn(t, p.path, []contract.Option{contract.Only("*/" + what.Breaks)}, p.defects[0].Name, p.defects[1].Name))
		}
		if !reported && !blocked && !hidden(other.Name, what.Name) {
			t.Errorf("document %q: %s hides %s from %s\n%s", p.path, other.Name, what.Name, what.Breaks, one.text)
		}
		if reported && listedPair(other.Name, what.Name) && !capricious[other.Name] && !capricious[what.Name] {
			t.Errorf("document %q: %s does not hide %s: take it off the list", p.path, other.Name, what.Name)
		}
	}
}

// reported tells whether the k-th defect's check has a finding that it has without the other one, or that the other one alone does not have.
func (p pairOf) reported(k int, both planting) bool {
	check := p.defects[k].Breaks
	own, others := p.alone[k].found[check], p.alone[1-k].found[check]
	for id := range both.found[check] {
		if own[id] || !others[id] {
			return true
		}
	}
	return false
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
