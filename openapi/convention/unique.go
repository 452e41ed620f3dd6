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
	within        = regexp.MustCompile(`\b(within|per|among|across|by|for|in)\b`)
	inDoubt       = regexp.MustCompile(`(?i)\b(may|might|can|could|should|sometimes|often|usually|typically|possibly)\b`)
	eitherOf      = regexp.MustCompile(`(?i)\b(or|either)\b`)
	wordsOfName   = regexp.MustCompile(`[A-Z]?[a-z0-9]+|[A-Z]+`)
)

// Unique are members of request bodies whose values, together, no two items share.
type Unique struct {
	Members []string
	Within  bool // within something that is not the list: only what agrees in all other members, too, is sure to be within the same
}

// UniqueBy is what the document says that an operation creates one of only: by what it says of 409 ("A tag with this name already exists") or, where 409 is declared, of the member or the operation ("must be unique").
func (c *Conventions) UniqueBy(op *openapi.Compiled) []Unique {
	r := op.Response(http.StatusConflict)
	if op.Body == nil || r == nil || r.Code != "409" {
		return nil
	}
	if keys, ok := c.unique.Load(op); ok {
		return keys.([]Unique)
	}
	keys := uniqueBy(membersSent(op), parentsOf(op), r.Description, op.Place.Child("description").Node.Text())
	c.unique.Store(op, keys)
	return keys
}

// parentsOf are what the path variables of an operation are of: "workspace" for {workspaceId}.
func parentsOf(op *openapi.Compiled) (list []string) {
	for _, p := range op.Parameters {
		if words := wordsOfName.FindAllString(p.Name, -1); p.In == "path" && len(words) > 0 {
			list = append(list, strings.ToLower(words[0]))
		}
	}
	return list
}

// elsewhere tells whether a sentence speaks of something within which values are unique that no parent of the list is.
func elsewhere(parents []string, text string) bool {
	text = strings.ReplaceAll(strings.ToLower(text), "in use", "")
	return within.MatchString(text) && !slices.ContainsFunc(parents, func(parent string) bool { return strings.Contains(text, parent) })
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

func uniqueBy(members map[string]string, parents []string, refusal, operation string) (keys []Unique) {
	for _, text := range sentences(refusal) {
		if existsAlready.MatchString(text) || mustBeUnique.MatchString(text) {
			keys = append(keys, mentions(members, parents, text)...)
		}
	}
	for _, text := range sentences(operation) {
		if mustBeUnique.MatchString(text) {
			keys = append(keys, mentions(members, parents, text)...)
		}
	}
	for name, says := range members {
		for _, text := range sentences(says) {
			if mustBeUnique.MatchString(text) {
				keys = append(keys, Unique{[]string{name}, elsewhere(parents, text)})
			}
		}
	}
	slices.SortFunc(keys, func(a, b Unique) int { return slices.Compare(a.Members, b.Members) })
	return slices.CompactFunc(keys, func(a, b Unique) bool { return a.Within == b.Within && slices.Equal(a.Members, b.Members) })
}

// sentences are those of a text that leave nothing open.
func sentences(text string) []string {
	list := sentenceEnd.Split(strings.Join(strings.Fields(text), " "), -1)
	return slices.DeleteFunc(list, func(s string) bool { return s == "" || inDoubt.MatchString(s) })
}

// longer puts the longer name first: "display name" is no mention of a name.
func longer(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) }

// mentions are the members that a sentence names, in words or as they are written: together, each for itself where it says "or".
func mentions(members map[string]string, parents []string, text string) (keys []Unique) {
	var all []string
	elsewhere := elsewhere(parents, text)
	either := eitherOf.MatchString(text)
	for _, name := range slices.SortedFunc(maps.Keys(members), longer) {
		words := strings.Join(wordsOfName.FindAllString(name, -1), `[\s_-]?`)
		said := regexp.MustCompile(`(?i)\b` + words + `s?\b`)
		if words != "" && said.MatchString(text) {
			all, text = append(all, name), said.ReplaceAllString(text, "")
		}
	}
	if slices.Sort(all); len(all) > 1 && !either {
		return []Unique{{all, elsewhere}}
	}
	for _, name := range all {
		keys = append(keys, Unique{[]string{name}, elsewhere})
	}
	return keys
}
