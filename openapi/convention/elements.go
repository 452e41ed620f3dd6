package convention

import (
	"regexp"
	"slices"
	"strings"

	"troth/openapi"
	"troth/openapi/schema"
)

// saysChosen is how descriptions say that a parameter chooses items.
var saysChosen = regexp.MustCompile(`(?i)\b(only|filter(s|ed|ing)?|having|with|tagged|labell?ed|contain(s|ing)?|match(es|ing)?)\b|\b(that|which) (have|has)\b`)

// viewNames are those of parameters that say how items are shown, and not which.
var viewNames = []string{
	"language", "lang", "locale", "currency", "format", "unit", "version", "field", "column", "property", "attribute", "expand", "include", "embed", "exclude",
	"view", "relation", "extension", "sort", "group", "scope", "facet", "aggregation", "option",
}

// elementOf is the member of an item whose elements a parameter names one of: "label" of "labels", "" where there is none, or nobody says that it chooses.
func elementOf(op *openapi.Compiled, q *openapi.Parameter, item *schema.Schema, members []string) string {
	name := plain(q.Name)
	if itemsOf(q.Schema) != nil || slices.Contains(viewNames, name) || !saysChosen.MatchString(q.Description) {
		return ""
	}
	for _, member := range members {
		elements := itemsOf(item.Find(member))
		if elements == nil || !slices.Contains(plurals(name), plain(member)) || may(elements, schema.TypeObject) || may(elements, schema.TypeArray) {
			continue
		}
		if mayEqual(q.Schema, elements) && !slices.ContainsFunc(op.Parameters, func(other *openapi.Parameter) bool { return other.In == "query" && plain(other.Name) == plain(member) }) {
			return member
		}
	}
	return ""
}

// plurals are the regular plurals of a word.
func plurals(word string) []string {
	list := []string{word + "s", word + "es"}
	if stem, ok := strings.CutSuffix(word, "y"); ok {
		list = append(list, stem+"ies")
	}
	return list
}
