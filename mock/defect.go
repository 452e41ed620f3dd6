package mock

import (
	"net/http"

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
	lenient  bool // constraints of query parameters are not checked
	anyItem  bool // items that do not exist are answered
	loop     bool // the next page begins where this one does
	mismatch bool // error bodies hold another status

	page  func(w *window, p *convention.Pagination, total int)                       // before the page is cut
	reply func(s *Server, call *Call, reply *Reply) error                            // after the reply was verified
	wire  func(s *Server, call *Call, status int, h http.Header, body []byte) []byte // before it is sent
}

// Defects lists every defect that WithDefect knows.
func Defects() []Defect {
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
		{"total-wrong", "total-exact", "reports one item more than there are", onReply(totalWrong)},
		{"next-loops", "links-walk", "links every page's next to the page itself", func(t *tweaks) { t.loop = true }},
		{"past-the-end-wraps", "past-the-end", "answers the first page behind the last", onPage(pastTheEndWraps)},
		{"error-unshaped", "error-shape", "answers errors as plain text", onWire(errorUnshaped)},
		{"error-status-mismatch", "error-status-member", "puts another status into error bodies", func(t *tweaks) { t.mismatch = true }},
		{"auth-not-checked", "authentication-required", "answers requests without credentials", func(t *tweaks) { t.noAuth = true }},
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

func onReply(f func(*Server, *Call, *Reply) error) func(*tweaks) {
	return func(t *tweaks) { t.reply = f }
}

func onWire(f func(*Server, *Call, int, http.Header, []byte) []byte) func(*tweaks) {
	return func(t *tweaks) { t.wire = f }
}

func onPage(f func(*window, *convention.Pagination, int)) func(*tweaks) {
	return func(t *tweaks) { t.page = f }
}

// tolerate leaves out the violations that a lenient server does not see.
func (t *tweaks) tolerate(violations []openapi.Violation) []openapi.Violation {
	if !t.lenient {
		return violations
	}
	var seen []openapi.Violation
	for _, v := range violations {
		if v.In != "query" {
			seen = append(seen, v)
		}
	}
	return seen
}

// errorStatus is what an error body says its status is.
func (t *tweaks) errorStatus(status int) int {
	if t.mismatch {
		return status + 1
	}
	return status
}
