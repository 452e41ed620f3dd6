package mock

import (
	"slices"

	"troth/openapi/schema"
	"troth/openapi/source"
)

// searched tells whether a call looks for a text in a list.
func searched(call *Call) bool {
	return slices.ContainsFunc([]string{"q", "query", "search"}, func(name string) bool { return call.Values.Has("query", name) })
}

// searchFarther gives the first item that a search finds the ID of none that the list has.
func searchFarther(s *Server, call *Call, reply *Reply) error {
	p := s.conv.Pagination(call.Operation)
	if reply.Status >= 300 || reply.Content == nil || p == nil || !searched(call) {
		return nil
	}
	body := source.Clone(reply.Body)
	found, _ := source.Get(body, p.Items)
	items, _ := found.([]any)
	if len(items) == 0 {
		return nil
	}
	item, _ := items[0].(map[string]any)
	id, _ := item["id"].(string)
	letters := []byte(id)
	slices.Reverse(letters)
	if item["id"] = string(letters); id != "" && reply.Content.Schema.Valid(body, schema.Response) {
		reply.Body, reply.Encoded = body, nil
	}
	return nil
}
