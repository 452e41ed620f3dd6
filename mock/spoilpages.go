package mock

import (
	"net/http"
	"slices"
	"strings"
	"sync/atomic"

	"troth/openapi"
	"troth/openapi/convention"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// nextLost has no link to the next page on every fourth page that another follows.
func nextLost(t *tweaks) {
	var count atomic.Int64
	t.noMemo = true
	onPage(func(w *window, _ *convention.Pagination, total int) {
		w.unlinked = w.start+w.step() < total && count.Add(1)%4 == 0
	})(t)
}

// headFails fails where HEAD asks for a page by its number.
func headFails(call *Call) error {
	if call.Request.Method == http.MethodHead && pageAsked(call) != "" {
		return plantedFault()
	}
	return nil
}

// pageAsked is the parameter that a call names a page by, "" where it names none.
func pageAsked(call *Call) string {
	for _, p := range call.Operation.Parameters {
		if p.In == "query" && p.Schema.Types == schema.TypeInteger && strings.HasPrefix(strings.ToLower(p.Name), "page") && call.Request.URL.Query().Has(p.Name) {
			return p.Name
		}
	}
	return ""
}

// pageBelowFirst reads a page number below the first as the first.
func pageBelowFirst(v openapi.Violation) bool {
	return v.In == "query" && v.Keyword == "minimum" && strings.HasPrefix(strings.ToLower(v.Name), "page")
}

// prettyRefused fails where a refusal is asked for in lines.
func prettyRefused(call *Call, f *Fault) {
	if switched(call, "pretty") {
		*f = *plantedFault()
	}
}

// prettyNothing fails where a page without items is asked for in lines.
func prettyNothing(s *Server, call *Call, reply *Reply) error {
	p := s.conv.Pagination(call.Operation)
	if p == nil || s.conv.Pretty == nil || !switched(call, s.conv.Pretty.Parameter) {
		return nil
	}
	if items, _ := source.Get(reply.Body, p.Items); isEmpty(items) {
		return plantedFault()
	}
	return nil
}

// kindUnlisted lists nothing that was created but the first kind.
func kindUnlisted(c *collection, all []*record) (shown []*record) {
	for _, r := range all {
		if !c.madeByClient(r.id) || !c.otherKind(r) {
			shown = append(shown, r)
		}
	}
	return shown
}

// createdAtTimes leaves what clients created out of every second list.
func createdAtTimes(t *tweaks) {
	var count atomic.Int64
	t.noMemo = true
	onListed(func(c *collection, all []*record) []*record {
		if count.Add(1)%2 == 1 {
			return all
		}
		return slices.DeleteFunc(slices.Clone(all), func(r *record) bool { return c.madeByClient(r.id) })
	})(t)
}

// otherKind tells whether an item is not of the first kind that the schema has a word for.
func (c *collection) otherKind(r *record) bool {
	object, _ := r.value.(map[string]any)
	for name, v := range object {
		s := c.resource.shape.base.Find(name)
		if name = strings.ToLower(name); s != nil && len(s.Enum) > 1 && (strings.HasSuffix(name, "type") || strings.HasSuffix(name, "kind")) {
			return !schema.Equal(v, s.Enum[0])
		}
	}
	return false
}
