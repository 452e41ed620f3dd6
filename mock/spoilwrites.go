package mock

import (
	"strings"
	"unicode"

	"troth/openapi/schema"
	"troth/openapi/source"
)

// parentWrong changes the last character of what the items of a list say of the parents that the path names.
func parentWrong(s *Server, call *Call, reply *Reply) error {
	p := s.conv.Pagination(call.Operation)
	if p == nil || reply.Status >= 300 || reply.Content == nil {
		return nil
	}
	body := source.Clone(reply.Body)
	found, _ := source.Get(body, p.Items)
	items, _ := found.([]any)
	for _, v := range call.plan.variables {
		for _, item := range items {
			if object, isObject := item.(map[string]any); isObject {
				misname(object, v.name)
			}
		}
	}
	if reply.Content.Schema.Valid(body, schema.Response) {
		reply.Body, reply.Encoded = body, nil
	}
	return nil
}

func misname(object map[string]any, variable string) {
	text, isText := object[variable].(string)
	if !isText || text == "" {
		return
	}
	last := "0"
	if strings.HasSuffix(text, last) {
		last = "1"
	}
	object[variable] = text[:len(text)-1] + last
}

// onlyASCII replaces the characters of texts that are not ASCII, as a table of another character set does.
func onlyASCII(given map[string]any) {
	for name, v := range given {
		if text, isText := v.(string); isText {
			given[name] = strings.Map(func(r rune) rune {
				if r > unicode.MaxASCII {
					return '?'
				}
				return r
			}, text)
		}
	}
}
