package mock

import (
	"net/http"
	"net/url"
	"slices"
	"sync"

	"troth/openapi"
	"troth/openapi/convention"
	"troth/openapi/schema"
)

// Defect breaks exactly one promise on purpose: to see what a client, or a contract suite, does with a broken server.
type Defect struct {
	Name   string // kebab-case
	Breaks string // ID of the contract check that catches it
	Text   string // what the server does wrong
	plant  func(*tweaks)
}

// tweaks are the places where a defect takes hold; the zero value changes nothing.
type tweaks struct {
	noAuth                                                       bool
	lateAuth                                                     bool // credentials are looked at behind what a request asks for
	tokenPrefix, tokenCase, anyScheme, oneCase, firstAlternative bool // of credentials: what follows the token, its case, the scheme, its case are not read as they should; writes take the first alternative only
	lenient                                                      bool // constraints of query parameters are not checked
	unbound                                                      bool // an item is changed and deleted below any parent
	anyItem                                                      bool // items that do not exist are answered
	loop                                                         bool // the next page begins where this one does
	mismatch                                                     bool // error bodies hold another status
	noMemo                                                       bool // answers are not kept: they differ from time to time
	whole                                                        bool // pages are built as values, not printed by stencils
	tagOfName                                                    bool // ETags tell items apart by their names alone
	again                                                        bool // what the document says there is one of is taken again

	bareLinks     bool   // links of pages lose the parameters that were sent
	unsortedLinks bool   // links of pages lose the parameter that sorts
	anyCursor     bool   // a cursor that was not issued leads to the first page
	alwaysTotal   bool   // the parameter that switches the total does nothing
	anyAccept     bool   // Accept is not read
	shared        bool   // all parents hold the same items
	lost          bool   // what is created is not kept
	undeleted     bool   // what is deleted stays
	takeReadOnly  bool   // readOnly members of requests are taken
	unfiltered    bool   // parameters that choose and sort items do nothing
	anyParent     bool   // parents that do not exist are answered as if they did
	anyPath       bool   // a path below a known one is answered as that one
	anyVersion    bool   // a version from before the first is answered by the first
	exactVersion  bool   // a version of a day behind the newest is refused
	dropBeside    bool   // changes during which another write arrives are not kept
	keepRefused   bool   // bodies that are refused are carried out all the same
	sameID        bool   // all that is created has one ID
	unchanged     bool   // changes are answered and not kept
	leftOutStays  bool   // PUT leaves what it does not name
	innerStays    bool   // PUT leaves what it does not name in objects within an item
	kindStays     bool   // PUT leaves the members of another kind in objects within an item
	mapReplaced   bool   // a merge patch replaces a map as a whole
	nullStays     bool   // null in a merge patch removes nothing
	childrenStay  bool   // what stands below a deleted item stays
	bareMatch     bool   // If-Match is not read
	unconditional bool   // If-Match may be missing
	conditionCode int    // status of a change without If-Match in place of 428, 0 for that
	lostBeside    bool   // what is created beside others is not kept
	fourthLost    bool   // every fourth created item is not kept
	matchRaced    bool   // If-Match is not read beside other changes
	unmetDone     string // method by which is carried out what a condition forbids, and refused all the same
	bareNone      string // method by which If-None-Match is not read
	oldTags       bool   // If-Match holds for the tags that an item had, too
	oneOrder      bool   // the parameter that sorts does nothing
	firstOnly     bool   // items are chosen on the first page only
	readsDeleted  bool   // what is deleted is read still
	failsDeleted  bool   // deleting what is deleted fails
	answersOld    bool   // changes are answered with the item as it was
	upsertsAny    bool   // what does not exist is changed all the same
	keepValid     bool   // of a body that is refused, what is valid is carried out
	reason        string // of error bodies, "" for the right one
	code          string // of error bodies, "" for the right one
	keyUnread     bool   // idempotency keys are not read
	oneKey        bool   // all idempotency keys are one
	keyCut        bool   // 32 characters of an idempotency key are read
	weakMatch     bool   // If-Match compares weakly
	keyAnswered   bool   // what is sent again with its idempotency key is carried out and answered as before
	keyRaced      bool   // idempotency keys are kept behind what they are sent with
	unruled       bool   // items do not follow the rules of troth.yaml
	linksOn       bool   // a full last page links to the empty one behind it
	blankOpens    bool   // no user with an empty password is right
	ownerTold     bool   // the detail of errors ends with whose it is that was asked for
	leak          string // what the detail of errors ends with

	anyLength bool   // bodies are taken whatever the document says of their length
	headFinds bool   // items that do not exist are answered where HEAD asks for them
	nobody    bool   // users that are not known have the empty password
	anyUser   bool   // a digest is right whatever its user is called
	anyURI    bool   // a digest is right for whatever request target
	ofGet     bool   // a digest for GET is right for every method
	anyNonce  bool   // a digest is right with a nonce that the server did not give
	wrongDone string // the method by which what is sent with wrong credentials is refused, and carried out all the same
	typesAny  bool   // Accept is not read where something is changed

	basicFails bool // credentials of the scheme Basic that cannot be decoded make the server fail

	guess func(user, password string) string // a password that is right, too

	conflict     func(call *Call) error // refuses valid requests, which are carried out all the same
	otherDefault bool                   // what is left out of a new item has another value than the document says

	given []func(base *schema.Schema, call *Call, given map[string]any) // change what is created, before it is kept

	lastBeyond  bool      // the link last leads behind the last page where the size divides the number of items
	beforeFirst bool      // the link previous leads to a negative offset
	linksUpTo   int       // no link leads on behind this many items, 0 for any number
	elsewhere   bool      // links of pages lead to another host
	rawLinks    bool      // links of pages have the parameters decoded
	beside      linking   // the links of a page beside its cursor, nil where they are as they should be
	issued      *sync.Map // call by cursor, where that leads to the list of that call
	choice      choice    // of the items that are listed

	asked   func(s *Server, r *http.Request)        // changes requests before they are routed
	open    func(r *http.Request) bool              // lets requests in whatever their credentials are
	ignore  func(openapi.Violation) bool            // violations of requests that are not seen
	refuse  func(call *Call) error                  // refuses valid requests
	blame   func(call *Call, f *Fault)              // before a refusal is written
	typed   func(call *Call) error                  // looks at a body's media type first
	records func(w window, all []*record) []*record // reorders a list

	removed func(c *collection, r *record)                         // behind a deletion that was kept
	list    func(c *collection, all []*record) []*record           // what a list shows
	edited  func(c *collection, call *Call, object map[string]any) // before a change is kept
	written func(c *collection, call *Call, was, now *record)      // behind a change that was kept
	made    func(c *collection, call *Call, was, now *record)      // behind an item that was created
	accept  func(member string) string                             // reads a member of Accept, "" where it does not

	page  func(w *window, p *convention.Pagination, total int)                       // before the page is cut
	reply func(s *Server, call *Call, reply *Reply) error                            // after the reply was verified
	wire  func(s *Server, call *Call, status int, h http.Header, body []byte) []byte // before it is sent
}

// Defects lists every defect that WithDefect knows.
func Defects() []Defect { return append(broadDefects(), narrowDefects()...) }

// Narrow tells whether the check judges other things, too: on a document that has not what the defect spoils, it passes.
func (d Defect) Narrow() bool {
	return slices.ContainsFunc(narrowDefects(), func(n Defect) bool { return n.Name == d.Name })
}

// broadDefects are those that their check catches on every document that it judges anything of.
func broadDefects() []Defect {
	return []Defect{
		{"status-undeclared", "status-declared", "answers 299 instead of the declared success", onReply(statusUndeclared)},
		{"server-error", "not-a-server-error", "answers 500 to every valid request", onReply(serverError)},
		{"content-type-wrong", "content-type-declared", "labels every success text/html", onWire(contentTypeWrong)},
		{"member-missing", "body-matches-schema", "leaves out a required member of a success", onReply(memberMissing)},
		{"member-mistyped", "body-matches-schema", "turns a member of a success into another type", onReply(memberMistyped)},
		{"body-truncated", "body-matches-schema", "cuts the last byte off every successful body", onWire(bodyTruncated)},
		{"header-mistyped", "headers-match-schema", "sends declared headers of type integer as text", onWire(headerMistyped)},
		{"page-size-ignored", "page-size-honoured", "answers every page size with the default", onPage(pageSizeIgnored)},
		{"page-limits-ignored", "page-limits-enforced", "takes page sizes outside the limits as they are", func(t *tweaks) { t.lenient = true }},
		{"page-default-wrong", "page-default", "uses half the default page size where none is asked for", onPage(pageDefaultWrong)},
		{"page-overlap", "page-disjoint", "begins every page but the first one item early", onPage(pageOverlap)},
		{"page-gap", "page-complete", "begins every page but the first one item late", onPage(pageGap)},
		{"links-elsewhere", "links-walk", "links pages on another host", func(t *tweaks) { t.elsewhere = true }},
		{"total-wrong", "total-exact", "reports one item more than there are, or half as many again where the total is an estimate", onReply(totalWrong)},
		{"next-loops", "links-walk", "links every page's next to the page itself", func(t *tweaks) { t.loop = true }},
		{"next-ends-early", "links-walk", "links no next page behind the first 100 items", func(t *tweaks) { t.linksUpTo = 100 }},
		{"last-beyond", "link-last", "links an empty page as the last where the page size divides the number of items", func(t *tweaks) { t.lastBeyond = true }},
		{"offset-rounded", "offset-shift", "reads an offset as that of the page that it is in", onPage(offsetRounded)},
		{"previous-negative", "offset-links", "links to a negative offset from a page that begins within the first", func(t *tweaks) { t.beforeFirst = true }},
		{"cursor-once", "cursor-repeats", "takes each cursor once", cursorOnce},
		{"cursor-rounded", "cursor-repeats", "begins a page at a multiple of the page size, whatever its cursor was issued for", onPage(cursorRounded)},
		{"cursor-anywhere", "cursor-parent", "shows the list that a cursor was issued for, whatever the path", cursorAnywhere},
		{"past-the-end-wraps", "past-the-end", "answers the first page behind the last", onPage(pastTheEndWraps)},
		{"error-unshaped", "error-shape", "answers errors as plain text", onWire(errorUnshaped)},
		{"error-status-mismatch", "error-status-member", "puts another status into error bodies", func(t *tweaks) { t.mismatch = true }},
		{"auth-not-checked", "authentication-required", "answers requests without credentials", func(t *tweaks) { t.noAuth = true }},
		{"token-prefix", "authentication-required", "takes tokens that begin with the right one", func(t *tweaks) { t.tokenPrefix = true }},
		{"scheme-unread", "authentication-required", "takes the right token under another scheme", func(t *tweaks) { t.anyScheme = true }},
		{"existence-told", "authentication-required", "says without credentials which items there are", func(t *tweaks) { t.lateAuth = true }},
		{"scheme-one-case", "credentials-accepted", "takes the name of a scheme in one case only", func(t *tweaks) { t.oneCase = true }},
		{"public-locked", "public-answered", "asks for credentials where none are needed", onRequest(publicLocked)},
		{"parent-unbound", "parent-binds", "changes and deletes items below any parent", func(t *tweaks) { t.unbound = true }},
		{"etag-restless", "entity-tag", "gives every answer a tag of its own", tagRestless},
		{"head-tag-other", "head-equals-get", "gives HEAD another tag than GET", onWire(headTagOther)},
		{"type-missing-fails", "not-a-server-error", "fails where a body has no Content-Type", func(t *tweaks) { t.typed = typeless }},
		{"member-misspelt", "unknown-members", "misspells an optional member", onReply(memberMisspelt)},
		{"single-differs", "single-agrees", "says other things in an item than in its list", onReply(singleDiffers)},
		{"type-unchecked", "parameter-constraints", "takes query parameters of another type", onViolation(mistypedQuery)},
		{"maximum-refused", "parameter-boundaries", "refuses the largest valid value of a query parameter", onRequest(maximumRefused)},
		{"order-unstable", "page-order-stable", "shows a list in another order at times", orderUnstable},
		{"order-by-size", "page-prefix", "shows large pages in the reverse order", onRecords(reversedWhereLarge)},
		{"total-of-page", "total-constant", "reports the number of items on the page as the total", onReply(totalOfPage)},
		{"total-switch-ignored", "total-switch", "reports the total also where it is switched off", func(t *tweaks) { t.alwaysTotal = true }},
		{"cursor-unchecked", "cursor-tampering", "takes cursors that it did not issue", func(t *tweaks) { t.anyCursor = true }},
		{"reason-wrong", "error-reason", "puts the reason phrase of another status into error bodies", func(t *tweaks) { t.reason = http.StatusText(http.StatusTeapot) }},
		{"stack-trace", "error-leak", "ends errors with a stack trace", func(t *tweaks) { t.leak = " goroutine 17 [running]: main.serve(/srv/app/main.go:42)" }},
		{"retry-after-missing", "retry-after", "answers 429 without Retry-After at times", retryAfterMissing},
		{"allow-missing", "unknown-method", "answers 405 without Allow", onWire(allowMissing)},
		{"tenants-shared", "tenant-isolation", "shows the same items below every parent, anybody's", func(t *tweaks) { t.anyParent, t.shared = true, true }},
		{"ranges-unread", "accept-ranges", "does not read ranges of media types", func(t *tweaks) { t.accept = rangeUnread }},
		{"weight-zero-taken", "accept-excluded", "takes the weight 0 of a media type for any other", func(t *tweaks) { t.accept = zeroTaken }},
		{"head-differs", "head-equals-get", "labels answers to HEAD as plain text", onWire(headDiffers)},
		{"gzip-broken", "gzip-decodes", "says that bodies are in gzip which are not", onWire(gzipBroken)},
		{"envelope-lost", "representation", "leaves the envelope out behind the first page", onWire(envelopeLost)},
		{"pretty-ignored", "representation", "does not indent where that is asked for", onWire(prettyIgnored)},
		{"fails-at-times", "repeatable", "answers every seventh valid request 500", failsAtTimes},
		{"answers-mixed", "side-by-side", "answers overlapping requests with what one of them asked for", answersMixed},
		{"members-lost-at-times", "repeatable", "leaves optional members out of every fourth answer", atTimes(4, optionalLost)},
		{"body-unchecked", "body-constraints", "takes request bodies that break their schema", onViolation(func(v openapi.Violation) bool { return v.In == "body" })},
		{"created-lost", "created-exists", "does not keep what is created", func(t *tweaks) { t.lost = true }},
		{"read-only-taken", "read-only-ignored", "takes readOnly members of requests", func(t *tweaks) { t.takeReadOnly = true }},
		{"secrets-shown", "write-only-hidden", "shows writeOnly members in answers to writes", onReply(secretsShown)},
		{"secrets-listed", "write-only-hidden", "shows writeOnly members in lists", secretsListed},
		{"delete-ignored", "deleted-gone", "keeps what is deleted", func(t *tweaks) { t.undeleted = true }},
		{"delete-takes-more", "deleted-gone", "deletes the first other item as well", onRemoved(removesNeighbour)},
		{"deleted-read", "deleted-gone", "answers what is deleted where it is read alone", func(t *tweaks) { t.readsDeleted = true }},
		{"deleted-listed", "deleted-gone", "lists what is deleted", deletedListed},
		{"deleted-counted", "deleted-gone", "counts what is deleted in totals", deletedCounted},
		{"delete-again-fails", "deleted-gone", "answers 500 to the second deletion of an item", func(t *tweaks) { t.failsDeleted = true }},
		{"cache-public", "shared-caches", "lets shared caches keep what credentials are asked for", onWire(cachePublic)},
		{"date-malformed", "http-dates", "sends Last-Modified in another form than HTTP's", onWire(dateMalformed)},
		{"header-twice", "header-once", "sends Last-Modified twice, with two dates", onWire(headerTwice)},
		{"weekday-wrong", "http-dates", "sends Last-Modified with another day of the week than the date is", onWire(weekdayWrong)},
		{"modified-later", "http-dates", "sends a Last-Modified that is to come", onWire(modifiedLater)},
		{"etag-unquoted", "entity-tag", "sends ETags without quotes", onWire(etagUnquoted)},
		{"etag-constant", "entity-tag", "gives every state of a list one ETag", onWire(etagConstant)},
		{"always-unmodified", "preconditions", "answers 304 whatever If-None-Match says", alwaysUnmodified},
		{"trace-echoed", "trace-echo", "answers TRACE with the fields that were sent", onWire(traceEchoed)},
		{"options-name-more", "unknown-method", "names methods in answers to OPTIONS that it refuses", onWire(optionsNameMore)},
		{"gzip-unasked", "gzip-decodes", "compresses bodies for clients that take no coding", onWire(gzipUnasked)},
		{"secret-shown", "error-leak", "ends errors with a URL that has a password", func(t *tweaks) { t.leak = " postgres://app:s3cr3t@10.2.0.14/jobs refused it" }},
		{"list-cached", "list-current", "answers a list that was asked for as it was then", listCached},
		{"remaining-above", "rate-limit-fields", "tells more requests left than the limit is", onWire(remainingAbove)},
		{"filter-ignored", "filter-honoured", "lists all items whatever they are chosen by", func(t *tweaks) { t.unfiltered = true }},
		{"echo-wrong", "page-echo", "says another size, offset or number of each page", onReply(echoWrong)},
		{"self-wrong", "item-links", "links items to their list as themselves", onReply(selfWrong)},
		{"unknown-parent-found", "unknown-parent", "answers below parents that do not exist as below those that do", func(t *tweaks) { t.anyParent, t.shared = true, true }},
		{"unknown-path-found", "unknown-path", "answers any path below a known one", func(t *tweaks) { t.anyPath = true }},
		{"version-unchecked", "version-before-first", "answers any version of a media type", func(t *tweaks) { t.anyVersion = true }},
		{"edge-refused", "body-boundaries", "refuses members at the edge of their bounds", onRequest(edgeRefused)},
		{"refused-kept", "refused-unchanged", "carries out what it refuses", func(t *tweaks) { t.keepRefused, t.noMemo = true, true }},
		{"refused-kept-last", "refused-unchanged", "carries out what it refuses, and shows what is created on the last page", refusedKeptLast},
		{"id-given-twice", "created-distinct", "gives all that is created one ID", func(t *tweaks) { t.sameID = true }},
		{"created-beside-lost", "created-distinct", "does not keep what is created while something else is", onOverlap(func(t *tweaks) { t.lostBeside = true })},
		{"created-fourth-lost", "created-stays", "does not keep every fourth item of those that are created in a list", func(t *tweaks) { t.fourthLost = true }},
		{"names-raced", "created-once", "takes each name once, but for requests that arrive at the same time, where it declares 409", namesRaced},
		{"match-raced", "lost-update", "changes an item whatever If-Match says while it is changed by others", onOverlap(func(t *tweaks) { t.matchRaced = true })},
		{"conflict-kept", "conflict-unchanged", "answers 409 to a name that is taken, and creates the item", func(t *tweaks) { t.again, t.conflict = true, namesOnce(http.MethodPost) }},
		{"kind-fixed", "created-kinds", "creates the first word of an enumeration whichever was sent", onGiven(firstWords)},
		{"text-garbled", "values-kept", "keeps texts of what is created in small letters, and ? for each character beyond ASCII", onGiven(garbled(asciiOnly))},
		{"location-wrong", "created-location", "sends a Location that leads nowhere", onWire(locationWrong)},
		{"location-missing", "created-location", "sends no Location", onWire(locationMissing)},
		{"created-answer-other", "created-answer", "says other things in the answer to creating than in the item", onReply(createdAnswerOther)},
		{"write-tag-other", "write-tag", "sends another ETag in answers to writes than the item has", onWire(writeTagOther)},
		{"post-refused", "operation-answered", "answers 405 to POST", onRequest(postRefused)},
		{"changes-refused", "change-taken", "refuses every change", onRequest(changesRefused)},
		{"location-elsewhere", "created-location", "sends a Location on another host", onWire(locationElsewhere)},
		{"change-lost", "update-kept", "answers changes and does not keep them", func(t *tweaks) { t.unchanged = true }},
		{"put-merges", "put-replaces", "leaves the members that PUT does not name", func(t *tweaks) { t.leftOutStays = true }},
		{"put-copies", "change-alone", "adds what PUT sends as another item besides", onWritten(putCopies)},
		{"neighbour-changed", "change-alone", "makes each change to the first other item as well", onWritten(changesNeighbour)},
		{"change-reorders", "change-alone", "turns lists round with each change", changeReorders},
		{"change-unlisted", "change-alone", "shows items in lists as they were before they were changed", changeUnlisted},
		{"created-renewed", "update-kept", "sets the time of creation anew with each PUT", onEdited(createdRenewed)},
		{"empty-patch-clears", "empty-patch", "clears optional members where a PATCH names none", onEdited(emptyClears)},
		{"answer-outdated", "update-kept", "answers changes with the item as it was before", func(t *tweaks) { t.answersOld = true }},
		{"unknown-changed", "unknown-changed", "changes items that do not exist", func(t *tweaks) { t.upsertsAny = true }},
		{"refused-half-kept", "refused-unchanged", "refuses a body for one member and carries out the others", func(t *tweaks) { t.keepValid, t.noMemo = true, true }},
		{"null-kept", "merge-patch", "removes nothing that a merge patch sets to null", func(t *tweaks) { t.nullStays = true }},
		{"children-kept", "deleted-children", "finds what stands below a deleted item", func(t *tweaks) { t.childrenStay = true }},
		{"idempotency-key-unread", "idempotency-key", "carries out again what is sent again with its idempotency key", func(t *tweaks) { t.keyUnread = true }},
		{"idempotency-key-answered", "idempotency-key", "carries out again what is sent again with its idempotency key, and answers as the first time", func(t *tweaks) { t.keyAnswered = true }},
		{"idempotency-key-one", "idempotency-key", "takes every idempotency key for the first one", func(t *tweaks) { t.oneKey = true }},
		{"idempotency-key-raced", "idempotency-key", "carries out each of the requests that come together with one idempotency key", func(t *tweaks) { t.keyRaced = true }},
		{"match-unread", "preconditions", "changes an item whatever If-Match says", func(t *tweaks) { t.bareMatch = true }},
		{"condition-undemanded", "condition-demanded", "changes an item without If-Match where 428 is declared for that", func(t *tweaks) { t.unconditional = true }},
		{"old-tag-taken", "outdated-refused", "changes an item for a tag that it had before", func(t *tweaks) { t.oldTags = true }},
		{"unmet-change-kept", "outdated-refused", "answers 412 and makes the change", func(t *tweaks) { t.unmetDone = http.MethodPut }},
		{"unmet-delete-kept", "preconditions", "answers 412 and deletes the item", func(t *tweaks) { t.unmetDone = http.MethodDelete }},
		{"none-match-unread", "none-match", "puts what there is already whatever If-None-Match says", func(t *tweaks) { t.bareNone = http.MethodPut }},
		{"never-unmodified", "unmodified", "answers 200 whatever If-None-Match says", func(t *tweaks) { t.bareNone = http.MethodGet }},
		{"filter-cut", "filter-complete", "looks for what is chosen among the first 100 items", func(t *tweaks) { t.choice.first = 100 }},
		{"total-unfiltered", "filter-honoured", "counts all items where some are chosen", func(t *tweaks) { t.choice.counted = true }},
		{"range-ignored", "range-filters", "lists all items whatever bounds them", func(t *tweaks) { t.choice.unbounded = true }},
		{"range-turned", "range-filters", "lists what is outside of bounds", func(t *tweaks) { t.choice.turned = true }},
		{"range-on-page", "range-filters", "cuts pages before it looks at bounds, and counts all items", func(t *tweaks) { t.choice.onPage = true }},
		{"range-edge-lost", "range-filters", "leaves out items at the edge of bounds that include it, and lists those at the edge of others", func(t *tweaks) { t.choice.edges = true }},
		{"range-one-end", "range-filters", "looks at the last bound only where there are several", func(t *tweaks) { t.choice.oneEnd = true }},
		{"filter-single", "filters-together", "chooses by one parameter where there are several", func(t *tweaks) { t.choice.single = true }},
		{"filter-fallback", "filter-unknown", "lists all items where none is chosen", func(t *tweaks) { t.choice.fallback = true }},
		{"search-farther", "search-narrows", "finds an item by a text that does not stand in the list", onReply(searchFarther)},
		{"links-decoded", "filter-special", "writes the parameters in links decoded", func(t *tweaks) { t.rawLinks = true }},
		{"chosen-unsorted", "filter-sorted", "does not sort what is chosen", func(t *tweaks) { t.choice.unsorted = true }},
		{"sorted-unchosen", "filter-sorted", "lists all items where they are sorted", func(t *tweaks) { t.choice.unchosen = true }},
		{"sort-by-page", "sort-pages", "sorts each page by itself", func(t *tweaks) { t.choice.eachPage = true }},
		{"ties-unstable", "sort-pages", "shows items that are sorted alike in another order at times", tiesUnstable},
		{"sort-rises-only", "sort-honoured", "sorts from the smallest to the largest in any case", func(t *tweaks) { t.choice.rising = true }},
		{"sort-default-reversed", "sort-default", "sorts the other way round by default", func(t *tweaks) { t.choice.backwards = true }},
		{"sort-ignored", "sort-honoured", "sorts by no parameter", func(t *tweaks) { t.oneOrder = true }},
		{"filter-first-page", "filter-kept", "chooses items on the first page only", func(t *tweaks) { t.firstOnly = true }},
		{"parent-wrong", "parent-agrees", "names another parent in items than the path does", onReply(parentWrong)},
		{"unknown-item-found", "unknown-item", "answers 200 for items that do not exist", func(t *tweaks) { t.anyItem = true }},
	}
}

func defectNames() []string {
	var names []string
	for _, d := range Defects() {
		names = append(names, d.Name)
	}
	return names
}

// tolerate leaves out the violations that a lenient server does not see.
func (t *tweaks) tolerate(violations []openapi.Violation) []openapi.Violation {
	if !t.lenient && t.ignore == nil {
		return violations
	}
	var seen []openapi.Violation
	for _, v := range violations {
		if !(t.lenient && v.In == "query") && !(t.ignore != nil && t.ignore(v)) {
			seen = append(seen, v)
		}
	}
	return seen
}

// found tells whether what does not exist is answered all the same.
func (t *tweaks) found(item bool, method string) bool {
	changed := t.upsertsAny && (method == http.MethodPut || method == http.MethodPatch)
	return item && (t.anyItem || changed || t.headFinds && method == http.MethodHead) || !item && t.anyParent
}

// linked is how many items of a list links lead through.
func (t *tweaks) linked(total int) int {
	if t.linksUpTo > 0 {
		return min(total, t.linksUpTo)
	}
	return total
}

// home is the scheme and host of links.
func (t *tweaks) home() string {
	if t.elsewhere {
		return elsewhere
	}
	return base
}

// spelt is the query that links keep.
func (t *tweaks) spelt(query string) string {
	if !t.rawLinks {
		return query
	}
	decoded, err := url.QueryUnescape(query)
	if err != nil {
		return query
	}
	return decoded
}

// errorStatus is what an error body says its status is.
func (t *tweaks) errorStatus(status int) int {
	if t.mismatch {
		return status + 1
	}
	return status
}
