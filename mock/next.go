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
	next := any(s.cursor(call, s.following(w)))
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
