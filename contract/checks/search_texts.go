package checks

import (
	"cmp"
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/schema"
)

// searchNames are names of parameters that look for a text in the items of a list, by their letters.
var searchNames = []string{"q", "query", "querytext", "search", "searchtext", "searchterm", "searchterms", "searchquery", "searchstring", "text", "fulltext", "freetext", "term", "terms", "keyword", "keywords", "phrase"}

// saysFarther is how descriptions say that a search looks beyond the list.
var saysFarther = regexp.MustCompile(`(?i)recurs|descend|nested|\bsub-?[a-z]|archiv|delet|hidden|across|everywhere|global|regardless`)

// searches are the optional parameters by which a list is searched for any text.
func searches(s *contract.Subject) (list []*openapi.Parameter) {
	known := filters(s)
	for _, p := range s.Op.Parameters {
		_, chosen := known[p.Name]
		if p.In == "query" && !p.Required && !p.Deprecated && !chosen && isText(p.Schema) && p.Schema.Format == "" && slices.Contains(searchNames, letters(p.Name)) {
			list = append(list, p)
		}
	}
	return list
}

// word is a run of letters that a search may look for.
var word = regexp.MustCompile(`\pL{3,}`)

// textsOf are what an item says in words, by member: neither IDs nor times nor words of an enumeration.
func textsOf(c *contract.Case, item any) map[string]string {
	texts, shape := map[string]string{}, itemSchema(&c.Subject)
	object, _ := item.(map[string]any)
	for name, v := range object {
		text, isText := v.(string)
		if member := shape.Find(name); isText && member != nil && member.Format == "" && member.Enum == nil && !strings.HasSuffix(strings.ToLower(name), "id") {
			texts[name] = text
		}
	}
	return texts
}

// searchTexts are words that a parameter takes: of each member that it may look at the one that the most items have, then the next of each, and so on;
// where there is none, what the most texts begin with.
func searchTexts(c *contract.Case, p *openapi.Parameter, items []any) (texts []string) {
	words := commonWords(c, p, items)
	for rank := range mostTexts {
		for _, name := range lookedAt(p, slices.Sorted(maps.Keys(words))) {
			if list := words[name]; rank < len(list) && !slices.Contains(texts, list[rank]) {
				texts = append(texts, list[rank])
			}
		}
	}
	if begun := commonBeginning(items, 3); len(texts) == 0 && begun != "" && p.Schema.Valid(begun, schema.Request) {
		texts = append(texts, begun)
	}
	return texts
}

// commonWords are the words that a parameter takes of each member, those that the most items have first.
func commonWords(c *contract.Case, p *openapi.Parameter, items []any) map[string][]string {
	times := map[string]map[string]int{}
	for _, item := range items {
		for name, text := range textsOf(c, item) {
			if times[name] == nil {
				times[name] = map[string]int{}
			}
			found := word.FindAllString(text, -1)
			slices.Sort(found)
			for _, w := range slices.Compact(found) {
				if p.Schema.Valid(w, schema.Request) {
					times[name][w]++
				}
			}
		}
	}
	words := map[string][]string{}
	for name, n := range times {
		words[name] = slices.SortedFunc(maps.Keys(n), func(a, b string) int { return cmp.Or(n[b]-n[a], strings.Compare(a, b)) })
	}
	return words
}

// lookedAt are the members that a search says that it looks at; where it names none, all of them, what items are called first.
func lookedAt(p *openapi.Parameter, members []string) []string {
	if named := slices.DeleteFunc(slices.Clone(members), func(name string) bool {
		return !slices.Contains(word.FindAllString(strings.ToLower(p.Description), -1), strings.ToLower(name))
	}); len(named) > 0 {
		return named
	}
	called := func(name string) bool {
		return slices.Contains([]string{"name", "title", "subject", "label"}, letters(name))
	}
	return append(slices.DeleteFunc(slices.Clone(members), func(name string) bool { return !called(name) }), slices.DeleteFunc(slices.Clone(members), called)...)
}

// wholeList are all items of a list that have IDs, and its first page, asked for once more if wanted; nil where they cannot all be seen.
func wholeList(ctx context.Context, c *contract.Case, again bool) (*page, []any, error) {
	if !walked(&c.Subject) {
		var repeat []contract.Change
		if again {
			repeat = append(repeat, contract.Again())
		}
		p, err := ask(ctx, c, "ordinary request", repeat...)
		if err != nil || sized(&c.Subject) || !slices.ContainsFunc(p.items, hasID) {
			return nil, nil, err
		}
		return p, p.items, nil
	}
	pages, ended, err := walk(ctx, c, largeSize(ctx, c, mostListed), again)
	if err != nil || !ended {
		return nil, nil, err
	}
	items := itemsOf(pages)
	if slices.ContainsFunc(items, func(item any) bool { return !hasID(item) }) {
		return nil, nil, nil
	}
	return pages[0], items, nil
}
