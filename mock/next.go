package mock

import (
	"encoding/json"
	"slices"

	"troth/openapi/convention"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// putNext writes where the next page begins. On the last page the member is null where its schema takes that, else absent where it may be: that
// is what clients stop at. One that is required is empty, else the position behind the last item.
func (s *Server) putNext(call *Call, p *convention.Pagination, object map[string]any, w window, more bool) {
	member := schemaAt(call.Content.Schema, p.Next)
	if member == nil {
		return
	}
	next, _ := reading(member, s.cursor(call, s.following(w)))
	if p.Style == "offset" {
		next = json.Number(itoa(s.following(w) + p.First))
	}
	switch {
	case more:
		if member.Valid(next, schema.Response) {
			source.Put(object, p.Next, next)
		}
	case member.Valid(nil, schema.Response):
		source.Put(object, p.Next, nil)
	case !requires(call.Content.Schema, p.Next):
		source.Delete(object, p.Next)
	case member.Valid("", schema.Response):
		source.Put(object, p.Next, "")
	case member.Valid(next, schema.Response):
		source.Put(object, p.Next, next)
	}
}

// requires tells whether what stands at a pointer is required of the object that it stands in.
func requires(s *schema.Schema, pointer string) bool {
	tokens := source.Tokens(pointer)
	homes, name := []*schema.Schema{s}, tokens[len(tokens)-1]
	for _, token := range tokens[:len(tokens)-1] {
		homes = declaredBy(homes, token)
	}
	for _, home := range homes {
		for part := range home.Parts(false) {
			if slices.Contains(part.Required, name) {
				return true
			}
		}
	}
	return false
}

// putLinkObject writes links whose relations are member names; one that is not due is null or absent, as the schema has it. One that is required
// is empty, else it leads where a client finds nothing more: behind the last item, or to the first page.
func (s *Server) putLinkObject(call *Call, p *convention.Pagination, object map[string]any, w window, total int) {
	url := s.newPageURL(call, p, w, nil)
	for _, r := range s.relations(p.Links, w, total) {
		if r.rel == "" {
			continue
		}
		pointer := p.Links.Pointer + "/" + source.Escape(r.rel)
		link := any(url.from(r.from))
		if p.Links.Href != "" {
			link = map[string]any{p.Links.Href: link}
		}
		switch {
		case r.due:
			source.Put(object, pointer, link)
		case takes(call.Content.Schema, object, pointer, nil):
		case !requires(call.Content.Schema, pointer):
			source.Delete(object, pointer)
		case takes(call.Content.Schema, object, pointer, ""):
		default:
			source.Put(object, pointer, link)
		}
	}
}

// leadsOff tells whether a page holds a cursor or link that is not due: it is required, and differs from page to page.
func (s *Server) leadsOff(p *convention.Pagination, body any, w window, total int) bool {
	holds := func(pointer string) bool {
		v, _ := source.Get(body, pointer)
		return v != nil && v != ""
	}
	if p.Next != "-" && !w.kind(total).more && holds(p.Next) {
		return true
	}
	if p.Links == nil || !p.Links.Object {
		return false
	}
	for _, r := range s.relations(p.Links, w, total) {
		if r.rel != "" && !r.due && holds(p.Links.Pointer+"/"+source.Escape(r.rel)) {
			return true
		}
	}
	return false
}

// takes puts a value where it is valid.
func takes(s *schema.Schema, object map[string]any, pointer string, v any) bool {
	source.Put(object, pointer, v)
	return s.Valid(object, schema.Response)
}
