package checks

import (
	"context"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/schema"
)

// noQuery is what stands in no query of a URI but encoded (RFC 3986 §2): blanks, characters beyond ASCII, percent signs that encode nothing.
var noQuery = regexp.MustCompile("[^!-~]|[\"<>\\\\^`]|%([^0-9A-Fa-f]|$|.[^0-9A-Fa-f]|.$)")

// mostSpecial is how many texts with special characters a list is searched for.
const mostSpecial = 2

// searchLinks judges the links of pages that are searched for texts with special characters: those that items have, then others.
func searchLinks(ctx context.Context, c *contract.Case) (findings []contract.Finding, judged bool, err error) {
	list := searches(&c.Subject)
	if len(list) == 0 || c.Page.Links == nil && !c.Page.LinkHeader {
		return nil, false, nil
	}
	whole, err := ask(ctx, c, "large page", largest(ctx, c)...)
	if err != nil {
		return nil, false, err
	}
	for _, p := range list {
		texts := append(specialOf(c, whole.items), specialTexts...)
		texts = slices.DeleteFunc(texts, func(text string) bool { return !p.Schema.Valid(text, schema.Request) })
		for _, text := range texts[:min(len(texts), mostSpecial)] {
			first, err := ask(ctx, c, "first page by "+p.Name+" with special characters", contract.Query(c.Page.Size, strconv.Itoa(max(c.Page.Minimum, 1))), choice{filter{p: p}, text}.spelt())
			if contract.WasSkipped(err) {
				continue
			}
			if err != nil {
				return nil, judged, err
			}
			judged = judged || target(c, first, "next")+target(c, first, "self")+target(c, first, "first") != ""
			if findings := keepsText(c, first, p, text); len(findings) > 0 {
				return findings, true, nil
			}
		}
	}
	return nil, judged, nil
}

// twoWords are two words with a blank between.
var twoWords = regexp.MustCompile(`\pL{3,} \pL{3,}`)

// specialOf are two words of a text that an item has.
func specialOf(c *contract.Case, items []any) []string {
	for _, item := range items {
		texts := textsOf(c, item)
		for _, name := range slices.Sorted(maps.Keys(texts)) {
			if found := twoWords.FindString(texts[name]); found != "" {
				return []string{found}
			}
		}
	}
	return nil
}

// keepsText judges the links of a page that was asked for with a text: they are URIs and, where pages have numbers, name the text. Its case is the
// server's.
func keepsText(c *contract.Case, p *page, by *openapi.Parameter, text string) []contract.Finding {
	for _, rel := range []string{"self", "next", "first", "last"} {
		href := target(c, p, rel)
		if href == "" {
			continue
		}
		_, query, _ := strings.Cut(href, "?")
		to, err := url.Parse(href)
		kept := err == nil && (!numbered(&c.Subject) || strings.EqualFold(to.Query().Get(by.Name), text))
		if !kept || noQuery.MatchString(query) {
			want := by.Name + "=" + text + " in the link " + rel + ", as it was asked for, with its characters encoded"
			return []contract.Finding{c.New(p.Exchange, "links", "", rel+" characters", want, href, c.Op.Place.FileLine())}
		}
	}
	return nil
}
