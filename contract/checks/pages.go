package checks

import (
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"net/url"
	"slices"
	"strconv"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/convention"
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
	body = c.Plain(x, body)
	found, _ := source.Get(body, c.Page.Items)
	items, ok := found.([]any)
	if !ok {
		return nil, contract.Skip("the body of the %s has no array at %q", x.Name, c.Page.Items)
	}
	return &page{x, body, items, totalOf(c, x, body)}, nil
}

// totalOf is what a page says of the number of items, in its body or a header.
func totalOf(c *contract.Case, x *contract.Exchange, body any) int {
	text, _ := c.Page.TotalText(x.Header, body)
	n, ok := new(big.Rat).SetString(text) // 7.0 and 7e0 are the integer 7, too (JSON Schema core §4.2.3)
	if !ok || len(text) > 30 || !n.IsInt() || !n.Num().IsInt64() {
		return -1
	}
	return int(n.Num().Int64())
}

// totalAt is where a finding about the total is: in a member of what was asked about, or in a header.
func totalAt(c *contract.Case, asked string) (where, pointer string) {
	if c.Page.Total == "-" && c.Page.TotalHeader != "" {
		return "header " + c.Page.TotalHeader, ""
	}
	return asked, c.Page.Total
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
	if id := idOf(item); id != "" {
		return id
	}
	text, err := json.Marshal(item) // sorted names
	if err != nil {
		return fmt.Sprint(item)
	}
	return string(text)
}

// idOf is an item's ID, "" where it has none.
func idOf(item any) string {
	object, _ := item.(map[string]any)
	for _, name := range []string{"id", "_id", "uuid"} {
		if text, ok := openapi.Text(object[name]); ok && object[name] != nil {
			return text
		}
	}
	return ""
}

func hasID(item any) bool { return idOf(item) != "" }

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

// walked applies to lists whose pages can be asked for one after the other: by number, offset, cursor or link.
func walked(s *contract.Subject) bool {
	return numbered(s) || sized(s) && (s.Page.Links != nil || s.Page.LinkHeader || s.Page.Style == "cursor" && s.Page.Next != "-")
}

// twoItems is the need of checks that compare pages.
func twoItems() contract.Need {
	return contract.Need{Name: "two items", Unmet: func(ctx context.Context, c *contract.Case) (string, error) {
		p, err := ask(ctx, c, "ordinary request")
		if err != nil {
			return "", err
		}
		if max(len(p.items), p.total) < 2 { // a page that is cut short of its total is judged
			return tooFew(c, len(p.items)), nil
		}
		return "", nil
	}}
}

// tooFew says what a list without two items leaves open, and what to do about it.
func tooFew(c *contract.Case, n int) string {
	held := map[int]string{0: "the list holds no items", 1: "the list holds only 1 item"}[n]
	more := "create some"
	if c.Fills() && !c.Writes() {
		more = "let the run create some (--write)"
	}
	if list := parents(&c.Subject); len(list) > 0 {
		more = fmt.Sprintf("give a parent with more (-p %s=VALUE), or %s", list[len(list)-1].Name, more)
	}
	return held + ": page 2 cannot be checked; " + more
}

// toldApart is the need of checks that recognize items on several pages: where items have no ID, no two of a large page may say the same.
func toldApart() contract.Need {
	return contract.Need{Name: "items that can be told apart", Unmet: func(ctx context.Context, c *contract.Case) (string, error) {
		size, err := walkSize(ctx, c)
		if err != nil {
			return "", err
		}
		large, err := ask(ctx, c, "large page", contract.Query(c.Page.Size, strconv.Itoa(largeSize(ctx, c, size))))
		if err != nil {
			return "", err
		}
		seen := map[string]bool{}
		for i, id := range identities(large.items) {
			if seen[id] && !hasID(large.items[i]) {
				return "two items of a page say the same, and they have no ID", nil
			}
			seen[id] = true
		}
		return "", nil
	}}
}

// walkSize is a page size that cuts the first default page in three, or one that more pages follow in two that are not alike, within the limits.
func walkSize(ctx context.Context, c *contract.Case) (int, error) {
	p, err := ask(ctx, c, "ordinary request")
	if err != nil {
		return 0, err
	}
	size := max((len(p.items)+2)/3, len(p.items)*3/8, c.Page.Minimum, 1)
	if c.Page.Default > 10 && len(p.items) == c.Page.Default {
		size = max(size, len(p.items)/2+1)
	}
	if c.Page.Maximum > 0 {
		size = min(size, c.Page.Maximum)
	}
	return listedSize(c, size), nil
}

// unlistedSize tells whether a request asks for a page size that the parameter does not list.
func unlistedSize(c *contract.Case, x *contract.Exchange) bool {
	u, err := url.Parse(x.URL)
	if c.Page == nil || err != nil || !u.Query().Has(c.Page.Size) {
		return false
	}
	size, err := strconv.Atoi(u.Query().Get(c.Page.Size))
	return err == nil && listedSize(c, size) != size
}

// listedSize is a page size, or of those that the parameter lists the largest that is not larger, else the smallest.
func listedSize(c *contract.Case, size int) int {
	p := c.Op.Parameter("query", c.Page.Size)
	if p == nil {
		return size
	}
	listed := convention.Sizes(p.Schema)
	if len(listed) == 0 {
		return size
	}
	i, found := slices.BinarySearch(listed, size)
	if !found {
		i = max(i-1, 0)
	}
	return listed[i]
}

// walkLimit is how many pages a walk asks for at most.
const walkLimit = 10

// walk asks for the pages of a size, by number, offset, or the link or cursor of the page before, until one is the last or the limit. Links have to keep
// what more asks for.
func walk(ctx context.Context, c *contract.Case, size int, again bool, more ...contract.Change) (pages []*page, ended bool, err error) {
	var repeat []contract.Change
	if again {
		repeat = append(repeat, contract.Again())
	}
	if !numbered(&c.Subject) {
		return walkLinks(ctx, c, size, repeat, more)
	}
	for i := range walkLimit {
		number := c.Page.Number(i, size)
		changes := append([]contract.Change{contract.Query(c.Page.Page, strconv.Itoa(number)), contract.Query(c.Page.Size, strconv.Itoa(size))}, slices.Concat(repeat, more)...)
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

// walkLinks follows what each page says of the next one.
func walkLinks(ctx context.Context, c *contract.Case, size int, repeat, more []contract.Change) (pages []*page, ended bool, err error) {
	p, err := ask(ctx, c, fmt.Sprintf("first page of size %d", size), append([]contract.Change{contract.Query(c.Page.Size, strconv.Itoa(size))}, slices.Concat(repeat, more)...)...)
	for i := 1; err == nil; i++ {
		pages = append(pages, p)
		next := target(c, p, "next")
		if next == "" {
			return pages, true, nil
		}
		if i == walkLimit {
			return pages, false, nil
		}
		var x *contract.Exchange
		if x, err = followed(ctx, c, p, next, fmt.Sprintf("page %d of size %d by its link", i+1, size), repeat...); err == nil {
			p, err = pageOf(c, x)
		}
	}
	return nil, false, err
}

// followed asks for what a link of a page leads to, on the server that the page is of: credentials are sent to no other.
func followed(ctx context.Context, c *contract.Case, p *page, href, name string, changes ...contract.Change) (*contract.Exchange, error) {
	here, err := url.Parse(p.URL)
	if err != nil {
		return nil, err
	}
	to, err := here.Parse(href)
	if err != nil {
		return nil, contract.Skip("the link to the next page is no URL")
	}
	elsewhere := to.Host != here.Host || to.Scheme != here.Scheme
	to.Scheme, to.Host, to.User = here.Scheme, here.Host, nil
	x, err := c.Follow(ctx, name, to.String(), changes...)
	if err == nil && elsewhere && !x.OK() {
		return nil, contract.Skip("the link to the next page leads elsewhere")
	}
	return x, err
}

// bracketed compares an answer with another one that is asked for behind it, and asks for the first anew behind that: only where the list is
// the same before and behind does a difference prove anything. Skip where it never is.
func bracketed(ctx context.Context, c *contract.Case, base func(repeat ...contract.Change) (*page, error), same func(base *page, repeat ...contract.Change) (bool, error)) (*page, bool, error) {
	before, err := base()
	if err != nil {
		return nil, false, err
	}
	if ok, err := same(before); ok || err != nil {
		return before, ok, err
	}
	for range 3 {
		if before, err = base(contract.Again()); err != nil {
			return nil, false, err
		}
		if ok, err := same(before, contract.Again()); ok || err != nil {
			return before, ok, err
		}
		behind, err := base(contract.Again())
		if err != nil {
			return nil, false, err
		}
		untold := behind.total < 0 || before.total < 0 // total-steady tells
		if (untold || behind.total == before.total) && slices.Equal(identities(behind.items), identities(before.items)) {
			return before, false, nil
		}
	}
	return nil, false, contract.Skip("inconclusive: the collection changed between requests")
}

// confirmed judges a walk; a finding counts only if a second walk over a collection at rest shows it too. At rest is one whose first page and
// largest page are the same before and behind.
func confirmed(ctx context.Context, c *contract.Case, size int, judge func(pages []*page, ended bool) []contract.Finding) ([]contract.Finding, error) {
	pages, ended, err := walk(ctx, c, size, false)
	if err != nil {
		return nil, err
	}
	if len(judge(pages, ended)) == 0 {
		return nil, nil
	}
	for range 3 {
		before, err := glance(ctx, c, size)
		if err != nil {
			return nil, err
		}
		if pages, ended, err = walk(ctx, c, size, true); err != nil {
			return nil, err
		}
		findings := judge(pages, ended)
		if len(findings) == 0 {
			return nil, nil
		}
		behind, err := glance(ctx, c, size)
		if err != nil {
			return nil, err
		}
		if slices.Equal(before, behind) {
			return findings, nil
		}
	}
	return nil, contract.Skip("inconclusive: the collection changed while it was walked")
}

// glance is what the first and the largest page of a list hold and say of the total now.
func glance(ctx context.Context, c *contract.Case, size int) ([]string, error) {
	first, err := ask(ctx, c, "first page", contract.Query(c.Page.Size, strconv.Itoa(size)), contract.Again())
	if err != nil {
		return nil, err
	}
	large, err := ask(ctx, c, "large page", contract.Query(c.Page.Size, strconv.Itoa(largeSize(ctx, c, size))), contract.Again())
	if err != nil {
		return nil, err
	}
	seen := append(identities(first.items), identities(large.items)...)
	if len(large.items) < largeSize(ctx, c, size) {
		return seen, nil // all items were seen: a total that changes all the same is wrong
	}
	return append(seen, strconv.Itoa(first.total), strconv.Itoa(large.total)), nil
}
