package checks

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/schema"
)

func searchNarrows() contract.Check {
	return contract.Check{
		ID:      "search-narrows",
		Promise: "A list that is searched for a text shows items that stand in the list without the text, too.",
		Why:     "A search that looks too far shows what belongs to somebody else, or what is not there.",
		Source:  "the parameter, which looks for a text in the items of the list",
		Level:   contract.Should,
		Needs:   []contract.Need{twoItems()},
		Applies: func(s *contract.Subject) bool {
			return s.Page != nil && s.Op.Method == http.MethodGet && s.Op.Body == nil && len(searches(s)) > 0
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			first, items, err := wholeList(ctx, c, false)
			if err != nil {
				return nil, err
			}
			if first == nil {
				return nil, contract.Skip("not all items of the list can be seen, or they have no ID")
			}
			judged := false
			for _, p := range searches(&c.Subject) {
				if saysFarther.MatchString(p.Description) || saysFarther.MatchString(c.Op.Place.Node.Get("description").Text()) {
					continue
				}
				texts := searchTexts(c, p, items)
				for _, text := range texts[:min(len(texts), mostTexts)] {
					judged = true
					if findings, err := foundElsewhere(ctx, c, p, text, first, items); err != nil || len(findings) > 0 {
						return findings, err
					}
				}
				if findings, err := wildcards(ctx, c, p, texts, items); err != nil || len(findings) > 0 {
					return findings, err
				}
			}
			if !judged {
				return nil, contract.Skip("the items have no word to search for, or the document says that a search looks farther than the list")
			}
			return nil, nil
		},
	}
}

// foundElsewhere searches for a text, and finds an item that does not stand among all those of the list: neither before nor behind, since it may have
// come meanwhile. What the run made may be found a while longer.
func foundElsewhere(ctx context.Context, c *contract.Case, p *openapi.Parameter, text string, first *page, items []any) ([]contract.Finding, error) {
	for try := range 2 {
		some, err := ask(ctx, c, "items by "+p.Name, append(largest(ctx, c), again(try, contract.Query(p.Name, text))...)...)
		if contract.WasSkipped(err) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		i := beyondList(c, some, identities(items))
		if i < 0 {
			return nil, nil
		}
		if try > 0 {
			return []contract.Finding{c.New(some.Exchange, "query "+p.Name, c.Page.Items+"/"+strconv.Itoa(i), "others", "an item of the list without "+p.Name, quote(identity(some.items[i])), p.Place.FileLine()).And(first.Exchange)}, nil
		}
		now, more, err := wholeList(ctx, c, true)
		if err != nil || now == nil {
			return nil, err
		}
		items = append(slices.Clone(items), more...)
	}
	return nil, nil
}

// beyondList is the place of an item of a page that is not among those of the list, -1 where there is none.
func beyondList(c *contract.Case, p *page, ids []string) int {
	return slices.IndexFunc(p.items, func(item any) bool {
		return hasID(item) && !slices.Contains(ids, identity(item)) && !c.Mine(idOf(item))
	})
}

// saysPattern is how descriptions say that a search takes patterns.
var saysPattern = regexp.MustCompile(`(?i)wild|pattern|regex|regular expr|syntax|operator|\blike\b|[%*?]`)

// wildcards searches for a word with % in place of its middle, which no item has: it is found where the text becomes a pattern on its way to a database.
func wildcards(ctx context.Context, c *contract.Case, p *openapi.Parameter, texts []string, items []any) ([]contract.Finding, error) {
	i := slices.IndexFunc(texts, func(text string) bool { return len([]rune(text)) > 4 })
	if i < 0 || saysPattern.MatchString(p.Description) {
		return nil, nil
	}
	word := []rune(texts[i])
	pattern := string(word[:1]) + "%" + string(word[len(word)-2:])
	holds := func(item any, text string) bool {
		said, err := json.Marshal(item)
		return err != nil || strings.Contains(strings.ToLower(string(said)), strings.ToLower(text))
	}
	if !p.Schema.Valid(pattern, schema.Request) || slices.ContainsFunc(items, func(item any) bool { return holds(item, pattern) }) {
		return nil, nil
	}
	some, err := ask(ctx, c, "items by "+p.Name+" with %", append(largest(ctx, c), contract.Query(p.Name, pattern))...)
	if err != nil {
		return nil, passing(err)
	}
	if len(some.items) == 0 {
		return nil, nil
	}
	const nobodys = "xqzwvk"
	if none, err := ask(ctx, c, "items by "+p.Name+" with what none has", append(largest(ctx, c), contract.Query(p.Name, nobodys))...); err != nil || len(none.items) > 0 {
		return nil, passing(err) // it chooses nothing at all
	}
	for j, item := range some.items {
		if holds(item, texts[i]) && !holds(item, pattern) && !c.Mine(idOf(item)) {
			f := c.New(some.Exchange, "query "+p.Name, c.Page.Items+"/"+strconv.Itoa(j), "literal", "no items: none has "+quote(pattern), "an item with "+quote(texts[i]), p.Place.FileLine())
			return []contract.Finding{f}, nil
		}
	}
	return nil, nil
}
