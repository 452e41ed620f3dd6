package checks

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/source"
)

// page is one answer of a list.
type page struct {
	*contract.Exchange
	body  any
	items []any
	total int // -1: not told
}

// pageOf decodes the answer of a list. What is no list is an error: another check tells, and nothing can be judged here.
func pageOf(c *contract.Case, x *contract.Exchange) (*page, error) {
	if !x.OK() {
		return nil, contract.Skip("the %s was answered %d", x.Name, x.Status)
	}
	body, err := x.JSON()
	if err != nil {
		return nil, contract.Skip("the body of the %s is no JSON", x.Name)
	}
	found, _ := source.Get(body, c.Page.Items)
	items, ok := found.([]any)
	if !ok {
		return nil, contract.Skip("the body of the %s has no array at %q", x.Name, c.Page.Items)
	}
	return &page{x, body, items, totalOf(c, body)}, nil
}

func totalOf(c *contract.Case, body any) int {
	if c.Page.Total == "-" {
		return -1
	}
	v, _ := source.Get(body, c.Page.Total)
	text, _ := openapi.Text(v)
	if n, err := strconv.Atoi(text); err == nil {
		return n
	}
	return -1
}

func ask(ctx context.Context, c *contract.Case, name string, changes ...contract.Change) (*page, error) {
	x, err := c.Ask(ctx, name, changes...)
	if err != nil {
		return nil, err
	}
	return pageOf(c, x)
}

// identity is an item's ID, else its whole text.
func identity(item any) string {
	if object, ok := item.(map[string]any); ok {
		for _, name := range []string{"id", "_id", "uuid"} {
			if text, ok := openapi.Text(object[name]); ok && object[name] != nil {
				return text
			}
		}
	}
	text, err := json.Marshal(item) // sorted names
	if err != nil {
		return fmt.Sprint(item)
	}
	return string(text)
}

func identities(items []any) []string {
	list := make([]string, len(items))
	for i, item := range items {
		list[i] = identity(item)
	}
	return list
}

// paged applies to lists with a parameter for the page size.
func sized(s *contract.Subject) bool { return s.Page != nil && s.Page.Size != "" && s.Op.Body == nil }

// numbered applies to lists whose pages have numbers or offsets.
func numbered(s *contract.Subject) bool {
	return sized(s) && s.Page.Page != "" && (s.Page.Style == "page" || s.Page.Style == "offset")
}

// twoItems is the need of checks that compare pages.
func twoItems() contract.Need {
	return contract.Need{Name: "two items", Unmet: func(ctx context.Context, c *contract.Case) (string, error) {
		p, err := ask(ctx, c, "ordinary request")
		if err != nil {
			return "", err
		}
		if len(p.items) < 2 {
			return fmt.Sprintf("the collection holds %d; create more, or name another with -p", len(p.items)), nil
		}
		return "", nil
	}}
}

// walkSize is a page size that cuts the first default page in three, within the limits.
func walkSize(ctx context.Context, c *contract.Case) (int, error) {
	p, err := ask(ctx, c, "ordinary request")
	if err != nil {
		return 0, err
	}
	size := max((len(p.items)+2)/3, c.Page.Minimum, 1)
	if c.Page.Maximum > 0 {
		size = min(size, c.Page.Maximum)
	}
	return size, nil
}

// walkLimit is how many pages a walk asks for at most.
const walkLimit = 10

// walk asks for numbered pages of a size, until one is not full or the limit.
func walk(ctx context.Context, c *contract.Case, size int, again bool) (pages []*page, ended bool, err error) {
	for i := range walkLimit {
		number := c.Page.First + i
		if c.Page.Style == "offset" {
			number = i * size
		}
		changes := []contract.Change{contract.Query(c.Page.Page, strconv.Itoa(number)), contract.Query(c.Page.Size, strconv.Itoa(size))}
		if again {
			changes = append(changes, contract.Again())
		}
		p, err := ask(ctx, c, fmt.Sprintf("page %d of size %d", number, size), changes...)
		if err != nil {
			return nil, false, err
		}
		if pages = append(pages, p); len(p.items) < size {
			return pages, true, nil
		}
	}
	return pages, false, nil
}

// moved tells whether the collection's total changed during a walk: what pages then show proves nothing.
func moved(pages []*page) bool {
	for _, p := range pages {
		if p.total != pages[0].total {
			return true
		}
	}
	return false
}

// confirmed judges a walk; a finding counts only if a second walk over a collection at rest shows it too.
func confirmed(ctx context.Context, c *contract.Case, size int, judge func(pages []*page, ended bool) []contract.Finding) ([]contract.Finding, error) {
	var findings []contract.Finding
	for _, again := range []bool{false, true} {
		pages, ended, err := walk(ctx, c, size, again)
		if err != nil {
			return nil, err
		}
		if findings = judge(pages, ended); len(findings) == 0 {
			return nil, nil
		}
		if again && moved(pages) {
			return nil, contract.Skip("inconclusive: the collection changed while it was walked")
		}
	}
	return findings, nil
}
