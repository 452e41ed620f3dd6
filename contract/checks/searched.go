package checks

import (
	"context"
	"net/http"
	"strings"

	"troth/contract"
	"troth/openapi/schema"
)

// below are all pages that the run saw of a list below the parents that one of them stands below, that one first.
func below(c *contract.Case, list *page) []*page {
	pages := []*page{list}
	path, _, _ := strings.Cut(list.URL, "?")
	for _, x := range c.Seen() {
		if other, _, _ := strings.Cut(x.URL, "?"); other == path && x.Method == http.MethodGet {
			if p, err := pageOf(c, x); err == nil {
				pages = append(pages, p)
			}
		}
	}
	return pages
}

// mostSearched is how many parameters that take any text a list is asked by.
const mostSearched = 3

// searched asks for a list by each parameter that takes any text, with one that many items have: what looks for texts may look too far.
func searched(ctx context.Context, c *contract.Case, list *page) error {
	known, asked := filters(&c.Subject), 0
	for _, p := range c.Op.Parameters {
		if _, chosen := known[p.Name]; p.In != "query" || !isText(p.Schema) || p.Schema.Format != "" || chosen || p.Name == c.Page.Page || asked == mostSearched {
			continue
		}
		for _, length := range []int{2, 3} {
			text := commonBeginning(list.items, length)
			if text == "" || !p.Schema.Valid(text, schema.Request) {
				continue
			}
			asked++
			if _, err := c.Ask(ctx, "items by "+p.Name, contract.Query(p.Name, text)); err != nil {
				return err
			}
			break
		}
	}
	return nil
}

// commonBeginning is what the most items have a text that begins with, of a length.
func commonBeginning(items []any, length int) (most string) {
	times := map[string]int{}
	for _, item := range items {
		object, _ := item.(map[string]any)
		begun := map[string]bool{}
		for _, v := range object {
			text, _ := v.(string)
			if characters := []rune(text); len(characters) >= length && plainWord.MatchString(string(characters[:length])+"a") {
				begun[string(characters[:length])] = true
			}
		}
		for text := range begun {
			times[text]++
		}
	}
	for text, n := range times {
		if n > times[most] || n == times[most] && text < most {
			most = text
		}
	}
	return most
}
