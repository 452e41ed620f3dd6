package mock

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
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

// parentWrongAlone is parentWrong for what is no list.
func parentWrongAlone(s *Server, call *Call, reply *Reply) error {
	if s.conv.Pagination(call.Operation) != nil || reply.Status >= 300 || reply.Content == nil || reply.Content.Schema == nil {
		return nil
	}
	body := source.Clone(reply.Body)
	object, isObject := body.(map[string]any)
	for i, v := range call.plan.variables {
		if isObject && !(call.plan.isItem && i == len(call.plan.variables)-1) {
			misname(object, v.name)
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

// garbled keeps texts otherwise than they were sent, where their schema takes that.
func garbled(otherwise func(string) string) func(*schema.Schema, *Call, map[string]any) {
	return func(base *schema.Schema, _ *Call, given map[string]any) {
		for name, v := range given {
			text, isText := v.(string)
			member := base.Find(name)
			if !isText || member == nil {
				continue
			}
			if garbled := otherwise(text); member.Valid(garbled, schema.Request) {
				given[name] = garbled
			}
		}
	}
}

// referenceOfParent gives members that are called as the ID of a parent of the path is, with a word in front ("targetGroupId"), the parent's ID.
func referenceOfParent(_ *schema.Schema, call *Call, given map[string]any) {
	for _, parent := range call.Match.Values {
		id := strings.ToLower(parent.Name)
		for name := range given {
			if strings.HasSuffix(id, "id") && len(name) > len(id) && strings.HasSuffix(strings.ToLower(name), id) {
				given[name] = parent.Value
			}
		}
	}
}

// lowerKeys writes the keys of maps in small letters.
func lowerKeys(base *schema.Schema, _ *Call, given map[string]any) {
	for name, v := range given {
		entries, _ := v.(map[string]any)
		if member := base.Find(name); member == nil || member.AdditionalProperties == nil || len(member.Properties) > 0 {
			continue
		}
		lowered := map[string]any{}
		for key, entry := range entries {
			lowered[strings.ToLower(key)] = entry
		}
		if entries != nil {
			given[name] = lowered
		}
	}
}

// asciiOnly is a text in lower case with, for characters that are not ASCII, a question mark, as a table of another collation has it.
func asciiOnly(text string) string {
	return strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII {
			return '?'
		}
		return unicode.ToLower(r)
	}, text)
}

// upTo255 is what a column of 255 characters holds of a text.
func upTo255(text string) string {
	characters := []rune(text)
	return string(characters[:min(len(characters), 255)])
}

// createdAnswerOther tells instants a day later, and other texts, in answers to creating than items do, but for what was sent.
func createdAnswerOther(_ *Server, call *Call, reply *Reply) error {
	object, ok := source.Clone(reply.Body).(map[string]any)
	sent, _ := call.Body.(map[string]any)
	if call.Operation.Method != http.MethodPost || reply.Status >= http.StatusMultipleChoices || !ok || reply.Content == nil {
		return nil
	}
	for name, v := range object {
		text, isText := v.(string)
		if _, given := sent[name]; given || !isText || slices.Contains(idMembers[:], name) || strings.HasSuffix(name, "Id") {
			continue
		}
		if at, err := time.Parse(time.RFC3339, text); err == nil {
			replace(reply.Content.Schema, object, name, at.Add(24*time.Hour).Format(time.RFC3339))
		} else if strings.Trim(text, "0123456789abcdef") != "" { // what may be an ID stays
			replace(reply.Content.Schema, object, name, text+" x")
		}
	}
	reply.Body, reply.Encoded = object, nil
	return nil
}

// createOverwrites gives the texts of what is created to the first other item of the list.
func createOverwrites(c *collection, call *Call, _, r *record) {
	if call.Operation.Method == http.MethodPost {
		changesNeighbour(c, call, nil, r)
	}
}

// ofTwoLost drops the first of several numbers, by their names.
func ofTwoLost(_ *schema.Schema, _ *Call, given map[string]any) {
	var numbers []string
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if _, is := given[name].(json.Number); is {
			numbers = append(numbers, name)
		}
	}
	if len(numbers) > 1 {
		delete(given, numbers[0])
	}
}
