package mock

import (
	"encoding/json"
	"net/http"
	"strings"

	"troth/openapi"
	"troth/openapi/convention"
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
	noAuth   bool
	lenient  bool                                                          // constraints of query parameters are not checked
	page     func(p *convention.Pagination, w *window)                     // before the page is cut
	reply    func(*Call, *Reply)                                           // after the reply was verified
	fault    func(*Call, *Fault) *Fault                                    // before an error is rendered
	wire     func(call *Call, status int, h http.Header, b []byte) []byte // before it is sent
}

// Defects lists every defect that WithDefect knows.
func Defects() []Defect {
	return []Defect{
		{"status-undeclared", "status-declared", "answers 299 instead of the declared success", onReply(statusUndeclared)},
		{"server-error", "not-a-server-error", "answers 500 to every valid request", onReply(serverError)},
		{"content-type-wrong", "content-type-declared", "labels every success text/html", onWire(contentTypeWrong)},
		{"member-missing", "body-matches-schema", "leaves out a required member of a success", onReply(memberMissing)},
		{"member-mistyped", "body-matches-schema", "turns a number, boolean or string of a success into another type", onReply(memberMistyped)},
		{"body-truncated", "body-matches-schema", "cuts the last byte off every successful body", onWire(bodyTruncated)},
		{"header-mistyped", "headers-match-schema", "sends declared headers of type integer as text", onWire(headerMistyped)},
		{"page-size-ignored", "page-size-honoured", "answers every page size with the default", onPage(pageSizeIgnored)},
		{"page-limits-ignored", "page-limits-enforced", "accepts page sizes outside the limits", func(t *tweaks) { t.lenient = true }},
		{"page-default-wrong", "page-default", "uses half the default page size where none is asked for", onReply(pageDefaultWrong)},
		{"page-overlap", "page-disjoint", "begins every page but the first one item early", onPage(pageOverlap)},
		{"page-gap", "page-complete", "begins every page but the first one item late", onPage(pageGap)},
		{"total-wrong", "total-exact", "reports one item more than there are", onReply(totalWrong)},
		{"next-loops", "links-walk", "links every page's next to the page itself", onReply(nextLoops)},
		{"past-the-end-wraps", "past-the-end", "answers the first page behind the last", onPage(pastTheEndWraps)},
		{"error-unshaped", "error-shape", "answers errors as plain text", onWire(errorUnshaped)},
		{"error-status-mismatch", "error-status-member", "puts another status into error bodies", onWire(errorStatusMismatch)},
		{"auth-not-checked", "authentication-required", "answers requests without credentials", func(t *tweaks) { t.noAuth = true }},
		{"unknown-item-found", "unknown-item", "answers 200 for items that do not exist", onFault(unknownItemFound)},
	}
}

func defectNames() []string {
	var names []string
	for _, d := range Defects() {
		names = append(names, d.Name)
	}
	return names
}
