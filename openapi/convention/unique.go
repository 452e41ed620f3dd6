package convention

import (
	"cmp"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"troth/openapi"
	"troth/openapi/schema"
)

var (
	existsAlready = regexp.MustCompile(`(?i)\balready\s+(exist(s|ed)?|used|in\s+use|taken|registered)\b|\bexists?\s+already\b|\b(is|are|was)\s+(taken|in\s+use)\b|\bduplicate\b|\bnot\s+unique\b`)
	mustBeUnique  = regexp.MustCompile(`(?i)\b(must|has\s+to|have\s+to)\s+be\s+unique\b|\b(is|are)\s+unique\s+(within|per|in|among|across|for)\b|^unique\s+(within|per|in|among|across)\b`)
	inDoubt       = regexp.MustCompile(`(?i)\b(may|might|can|could|should|sometimes|often|usually|typically|possibly)\b`)
	eitherOf      = regexp.MustCompile(`(?i)\b(or|either)\b`)
	wordsOfName   = regexp.MustCompile(`[A-Z]?[a-z0-9]+|[A-Z]+`)
)

// UniqueBy are the members of an operation's request body whose values, those of each element together, the document says no two items of a list
// share: by what it says of 409 ("A tag with this name already exists") or, where 409 is declared, of the member or the operation ("must be unique").
func (c *Conventions) UniqueBy(op *openapi.Compiled) [][]string {
	r := op.Response(http.StatusConflict)
	if op.Body == nil || r == nil || r.Code != "409" {
		return nil
	}
	if keys, ok := c.unique.Load(op); ok {
		return keys.([][]string)
	}
	keys := uniqueBy(membersSent(op), r.Description, op.Place.Child("description").Node.Text())
	c.unique.Store(op, keys)
	return keys
}

// membersSent are the members that a JSON body of an operation may have, with what the document says of each.
func membersSent(op *openapi.Compiled) map[string]string {
	members := map[string]string{}
	for _, content := range op.Body.Content {
		if content.Schema == nil || !content.Type.IsJSON() {
			continue
		}
		for part := range content.Schema.Parts(false) {
			for _, p := range part.Properties {
				members[p.Name] = describes(p.Schema)
			}
		}
	}
	return members
}

func describes(s *schema.Schema) string {
	for part := range s.Parts(false) {
		if part.Description != "" {
			return part.Description
		}
	}
	return ""
}

func uniqueBy(members map[string]string, refusal, operation string) (keys [][]string) {
	for _, text := range sentences(refusal) {
		if existsAlready.MatchString(text) || mustBeUnique.MatchString(text) {
			keys = append(keys, mentions(members, text)...)
		}
	}
	for _, text := range sentences(operation) {
		if mustBeUnique.MatchString(text) {
			keys = append(keys, mentions(members, text)...)
		}
	}
	for name, says := range members {
		if slices.ContainsFunc(sentences(says), mustBeUnique.MatchString) {
			keys = append(keys, []string{name})
		}
	}
	slices.SortFunc(keys, slices.Compare)
	return slices.CompactFunc(keys, slices.Equal)
}

// sentences are those of a text that leave nothing open.
func sentences(text string) []string {
	list := sentenceEnd.Split(strings.Join(strings.Fields(text), " "), -1)
	return slices.DeleteFunc(list, func(s string) bool { return s == "" || inDoubt.MatchString(s) })
}

// longer puts the longer name first: "display name" is no mention of a name.
func longer(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) }

// mentions are the members that a sentence names, in words or as they are written: together, each for itself where it says "or".
func mentions(members map[string]string, text string) (keys [][]string) {
	var all []string
	either := eitherOf.MatchString(text)
	for _, name := range slices.SortedFunc(maps.Keys(members), longer) {
		words := strings.Join(wordsOfName.FindAllString(name, -1), `[\s_-]?`)
		said := regexp.MustCompile(`(?i)\b` + words + `s?\b`)
		if words != "" && said.MatchString(text) {
			all, text = append(all, name), said.ReplaceAllString(text, "")
		}
	}
	if slices.Sort(all); len(all) > 1 && !either {
		return [][]string{all}
	}
	for _, name := range all {
		keys = append(keys, []string{name})
	}
	return keys
}
