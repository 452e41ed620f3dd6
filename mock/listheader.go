package mock

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"troth/openapi"
	"troth/openapi/convention"
)

// listField is a declared field of a list's response that tells of the page: X-Total-Count, X-Next-Page and the like.
type listField struct {
	name   string // in canonical form
	what   listFact
	header *openapi.Header
}

// listFact is what a field tells of a list.
type listFact int

const (
	noFact listFact = iota
	factTotal
	factPages
	factPage
	factSize
	factOffset
	factNextPage
	factPreviousPage
	factCursor
	factRange
)

// listFacts are ends of names, lower case without separators; the longer ones first, where one is the end of another.
var listFacts = []struct {
	what  listFact
	names []string
}{
	{factPages, []string{"totalpages", "pagecount", "pagestotal"}},
	{factNextPage, []string{"nextpage"}},
	{factPreviousPage, []string{"prevpage", "previouspage"}},
	{factSize, []string{"perpage", "pagesize", "paginationlimit", "paginglimit"}},
	{factPage, []string{"currentpage", "pagenumber", "pagenum", "paginationpage", "pagingpage"}},
	{factOffset, []string{"paginationoffset", "pagingoffset"}},
	{factCursor, []string{"nextcursor", "nextpagetoken", "nexttoken", "continuationtoken"}},
	{factRange, []string{"contentrange"}},
}

// listFields are those of a response.
func listFields(r *openapi.Response) (fields []listField) {
	if r == nil {
		return nil
	}
	for _, h := range r.Headers {
		if what := listFactOf(h.Name); what != noFact {
			fields = append(fields, listField{http.CanonicalHeaderKey(h.Name), what, h})
		}
	}
	return fields
}

func listFactOf(name string) listFact {
	bare := plainName(name)
	switch {
	case convention.CountsRequests(name):
		return noFact
	case convention.CountsItems(name):
		return factTotal
	}
	for _, fact := range listFacts {
		if slices.ContainsFunc(fact.names, func(end string) bool { return strings.HasSuffix(bare, end) }) {
			return fact.what
		}
	}
	switch {
	case bare == "page":
		return factPage
	case bare == "pages":
		return factPages
	case bare == "offset":
		return factOffset
	}
	return noFact
}

// tellHeaders writes what the fields of a list's response tell of the page; one that is not due is not sent. What a field's schema refuses
// stays as it was sampled, and what troth.yaml gives as it is given. The total stands where the convention says, declared or not.
func (s *Server) tellHeaders(call *Call, reply *Reply, p *convention.Pagination, w window, total int) {
	promised := promisedTotal(call.plan.listFields, p)
	if len(call.plan.listFields) == 0 && promised == "" {
		return
	}
	given := s.conv.HeadersFor(call.Operation, reply.Status)
	if reply.Header == nil {
		reply.Header = http.Header{}
	}
	if promised != "" {
		reply.Header[promised] = []string{itoa(total)}
		if p.TotalInRange() {
			reply.Header[promised] = []string{contentRange(w, total)}
		}
	}
	for _, f := range call.plan.listFields {
		if _, ok := given[f.header.Name]; ok {
			continue
		}
		value, known := s.listFact(call, f.what, p, w, total)
		switch {
		case !known:
		case value == "" && !f.header.Required:
			reply.Header[f.name] = nil // none is sent, not even a sampled one
		case value != "" && fits(f.header, value):
			reply.Header[f.name] = []string{value}
		}
	}
}

// promisedTotal is the field that has the total by troth.yaml, where its name does not say so.
func promisedTotal(fields []listField, p *convention.Pagination) string {
	if p == nil || p.Total != "-" || p.TotalHeader == "" {
		return ""
	}
	name := http.CanonicalHeaderKey(p.TotalHeader)
	if slices.ContainsFunc(fields, func(f listField) bool { return f.name == name && (f.what == factTotal || f.what == factRange) }) {
		return ""
	}
	return name
}

// listFact is the value of a field, "" for one that is not due; known is false for what this list has not.
func (s *Server) listFact(call *Call, what listFact, p *convention.Pagination, w window, total int) (value string, known bool) {
	numbered := p != nil && (p.Style == "page" || p.Style == "offset")
	switch what {
	case factTotal:
		return itoa(total), true
	case factRange:
		return contentRange(w, total), true
	case factSize:
		return itoa(w.size), p != nil
	case factPages:
		return itoa(w.tells("pages", p, total)), p != nil
	case factOffset:
		return itoa(w.start + firstItemOf(p)), p != nil
	case factCursor:
		if w.start+w.step() >= total {
			return "", p != nil
		}
		return s.cursor(call, s.following(w)), p != nil && p.Style == "cursor"
	case factPreviousPage:
		if w.start == 0 {
			return "", numbered
		}
		return itoa(pageAt(w.start-w.size, w, p)), numbered
	case factNextPage:
		if w.start+w.step() >= total {
			return "", numbered
		}
		return itoa(pageAt(s.following(w), w, p)), numbered
	}
	return itoa(pageAt(w.start, w, p)), numbered
}

func firstItemOf(p *convention.Pagination) int {
	if p == nil {
		return 0
	}
	return firstItem(p)
}

// pageAt is the number of the page that begins at an item.
func pageAt(start int, w window, p *convention.Pagination) int {
	if p == nil || p.Style != "page" {
		return start/max(w.size, 1) + 1
	}
	return w.numberAt(max(start, 0), p.First)
}

// contentRange is RFC 9110 §14.4 with items as the unit.
func contentRange(w window, total int) string {
	last := min(w.start+w.step(), total) - 1
	if last < w.start {
		return fmt.Sprintf("items */%d", total)
	}
	return fmt.Sprintf("items %d-%d/%d", w.start, last, total)
}
