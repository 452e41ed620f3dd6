package convention

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"troth/openapi"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// totalEnds are ends of names of response headers that count the items of a list, lower case without separators.
var totalEnds = []string{"totalcount", "totalitems", "totalresults", "totalrecords", "totalelements", "paginationcount", "pagingcount"}

// budgetWords are in names of headers that count requests and not items.
var budgetWords = []string{"rate", "quota", "usage", "request", "credit"}

// CountsItems tells whether a response header of that name has the number of items of a list.
func CountsItems(name string) bool {
	bare := plain(name)
	if CountsRequests(name) {
		return false
	}
	return slices.ContainsFunc(totalEnds, func(end string) bool { return strings.HasSuffix(bare, end) }) ||
		bare == "total" || strings.HasSuffix(strings.ToLower(name), "-total")
}

// CountsRequests tells whether a response header of that name is about how many requests a client may send.
func CountsRequests(name string) bool {
	bare := plain(name)
	return slices.ContainsFunc(budgetWords, func(word string) bool { return strings.Contains(bare, word) })
}

// HasTotal tells whether a page says how many items there are in all.
func (p *Pagination) HasTotal() bool { return p.Total != "-" || p.TotalHeader != "" }

// onPage is how documents say that a number counts the items of the page and not all.
var onPage = regexp.MustCompile(`(?i)\b(in|on) (the|this) (current )?(page|response)\b`)

// totalIn is the member of an object that has the number of all items, "" where there is none.
func (p *Pagination) totalIn(home *schema.Schema) string {
	for _, want := range memberNames.total {
		name := memberNamed(home, []string{want}, schema.TypeInteger)
		if name != "" && !(oneOf(name, echoNames["count"]) && p.boundsPage(home.Find(name))) {
			return name
		}
	}
	return ""
}

// boundsPage tells whether a count is never larger than a page, or described as that of one.
func (p *Pagination) boundsPage(count *schema.Schema) bool {
	most, err := strconv.Atoi(string(count.Maximum))
	return err == nil && p.Maximum > 0 && most <= p.Maximum || onPage.MatchString(count.Description)
}

// totalHeader finds the declared header of a list's response that has the total: one that counts, else Content-Range.
func (p *Pagination) totalHeader(r *openapi.Response) {
	for _, h := range r.Headers {
		switch {
		case CountsItems(h.Name):
			p.TotalHeader = h.Name
			p.TotalExact = h.Schema == nil || !strings.Contains(strings.ToLower(h.Schema.Description), "estimate")
			return
		case strings.EqualFold(h.Name, "Content-Range"):
			p.TotalHeader = h.Name
		}
	}
}

// TotalText is what an answer says of the number of items, as a text; ok is false where it says nothing.
func (p *Pagination) TotalText(h http.Header, body any) (text string, ok bool) {
	if p.Total != "-" {
		v, has := source.Get(body, p.Total)
		text, ok = openapi.Text(v)
		return text, ok && has
	}
	if p.TotalHeader == "" || h.Get(p.TotalHeader) == "" {
		return "", false
	}
	text = strings.TrimSpace(h.Get(p.TotalHeader))
	if p.TotalInRange() {
		text = text[strings.LastIndexByte(text, '/')+1:] // "items 0-9/23"
	}
	return text, true
}

// TotalInRange tells whether the total is the end of a Content-Range (RFC 9110 §14.4).
func (p *Pagination) TotalInRange() bool {
	return p.Total == "-" && strings.EqualFold(p.TotalHeader, "Content-Range")
}
