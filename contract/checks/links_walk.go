package checks

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/source"
)

func linksWalk() contract.Check {
	return contract.Check{
		ID:      "links-walk",
		Promise: "The links next lead from the first page to the last, each to other items, and keep the parameters; previous leads back.",
		Why:     "A client that follows the links never reaches the rest of the list, or goes in circles.",
		Source:  "the links of a page (RFC 8288; troth.yaml, pagination.links)",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool {
			return sized(s) && (s.Page.Links != nil || s.Page.LinkHeader || s.Page.Next != "-" && s.Page.Style == "cursor")
		},
		Needs: []contract.Need{twoItems(), toldApart()},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			size, err := walkSize(ctx, c)
			if err != nil {
				return nil, err
			}
			p, err := ask(ctx, c, "first page", contract.Query(c.Page.Size, strconv.Itoa(size)))
			if err != nil {
				return nil, err
			}
			if !linking(c, p) {
				return nil, contract.Skip("the pages show no links")
			}
			findings, err := leavesOrigin(c, p)
			if err != nil {
				return nil, err
			}
			for _, judge := range []func() ([]contract.Finding, error){
				func() ([]contract.Finding, error) { return followAll(ctx, c, p, size) },
				func() ([]contract.Finding, error) { return endless(ctx, c) },
				func() ([]contract.Finding, error) { return lastIsFull(ctx, c) },
				func() ([]contract.Finding, error) { return lastButOne(ctx, c, size) },
				func() ([]contract.Finding, error) { return nextBeside(ctx, c, p) },
			} {
				found, err := judge()
				if findings = append(findings, found...); contract.WasSkipped(err) && len(findings) > 0 {
					continue
				}
				if err != nil {
					return findings, err
				}
			}
			return findings, nil
		},
	}
}

// linking tells whether pages tell of others at all: a document may leave that to the server.
func linking(c *contract.Case, p *page) bool {
	if l := c.Page.Links; l != nil {
		if _, has := source.Get(p.body, l.Pointer); has && l.Pointer != "" || target(c, p, "self")+target(c, p, "next") != "" {
			return true
		}
	}
	if c.Page.LinkHeader && len(p.Header.Values("Link")) > 0 {
		return true
	}
	if c.Page.Style != "cursor" {
		return false
	}
	_, has := source.Get(p.body, c.Page.Next)
	return has
}

// due judges a page without a link next: there has to be nothing behind it.
func due(ctx context.Context, c *contract.Case, last *page, n, size, count int) ([]contract.Finding, error) {
	finding := func(want string) []contract.Finding {
		return []contract.Finding{c.New(last.Exchange, "links", "", "next", want, "none", c.Op.Place.FileLine())}
	}
	if !numbered(&c.Subject) {
		if more, _ := source.Get(last.body, c.Page.More); more == true {
			return finding("a link next: " + c.Page.More + " is true"), nil
		}
		if c.Page.TotalExact && last.total > count {
			return finding(fmt.Sprintf("a link next: %d of %d items were seen", count, last.total)), nil
		}
		return nil, nil
	}
	if neverEmpty(c) {
		return nil, nil // what is answered behind the last page is anybody's guess
	}
	number := c.Page.Number(n, size)
	for try := range 2 { // an item may have come in between
		behind, err := ask(ctx, c, fmt.Sprintf("page %d of size %d", number, size), again(try, contract.Query(c.Page.Page, strconv.Itoa(number)), contract.Query(c.Page.Size, strconv.Itoa(size)))...)
		if contract.WasSkipped(err) {
			return nil, nil
		}
		if err != nil || len(behind.items) == 0 {
			return nil, err
		}
		if try > 0 {
			return finding(fmt.Sprintf("a link next: the page behind it has %d items", len(behind.items))), nil
		}
		x, err := c.Follow(ctx, "last page again", last.URL, contract.Again())
		if err != nil {
			return nil, err
		}
		same, err := pageOf(c, x)
		if err == nil && target(c, same, "next") != "" && len(behind.items) >= severalBehind && slices.Equal(identities(same.items), identities(last.items)) {
			found := finding(fmt.Sprintf("a link next, as the same page has when it is asked for again: the page behind it has %d items", len(behind.items)))
			return []contract.Finding{found[0].And(same.Exchange)}, nil // so many items do not come in between
		}
		if last = same; err != nil || target(c, last, "next") != "" {
			return nil, err
		}
	}
	return nil, nil
}

// severalBehind is how many items hardly come between two requests.
const severalBehind = 4

// superfluous judges a link next that leads to an empty page: twice, since the last items may have gone in between.
func superfluous(ctx context.Context, c *contract.Case, p, following *page, next string) ([]contract.Finding, error) {
	x, err := c.Follow(ctx, "page again", p.URL, contract.Again())
	if err != nil {
		return nil, err
	}
	same, err := pageOf(c, x)
	if err != nil || target(c, same, "next") == "" {
		return nil, err
	}
	if x, err = followed(ctx, c, same, next, "next page again", contract.Again()); err != nil {
		return nil, err
	}
	if empty, err := pageOf(c, x); err != nil || len(empty.items) > 0 {
		return nil, err
	}
	return []contract.Finding{c.New(same.Exchange, "links", "", "next", "no link next on the last page: the page behind it is empty", next, c.Op.Place.FileLine()).And(following.Exchange)}, nil
}

// endless follows cursors from the largest page on: an empty page whose cursor leads to itself is where no walk ends.
func endless(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
	if c.Page.Style != "cursor" {
		return nil, nil
	}
	p, err := ask(ctx, c, "large page", largest(ctx, c)...)
	if err != nil {
		return nil, err
	}
	for i := 1; i < walkLimit; i++ {
		next := target(c, p, "next")
		if more, _ := source.Get(p.body, c.Page.More); next == "" || more == false {
			return nil, nil
		}
		if len(p.items) == 0 && next == c.Local(p.URL) {
			f := c.New(p.Exchange, "links", "", "end", "no next page behind an empty one", "the same page", c.Op.Place.FileLine())
			return []contract.Finding{f.At(contract.Should)}, nil
		}
		x, err := followed(ctx, c, p, next, fmt.Sprintf("page %d of the largest by its cursor", i+1))
		if err != nil {
			return nil, err
		}
		if p, err = pageOf(c, x); contract.WasSkipped(err) {
			return nil, nil
		} else if err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// lastIsFull asks for a last page that has no place left: the page behind it would be empty.
func lastIsFull(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
	p, size, err := fullPage(ctx, c)
	if err != nil || p == nil || len(p.items) != size {
		return nil, err
	}
	next := target(c, p, "next")
	if next == "" {
		return nil, nil
	}
	behind, findings, err := follow(ctx, c, p, next)
	if behind == nil || len(behind.items) > 0 {
		return findings, err // there is more than the total says: it may be an estimate
	}
	return superfluous(ctx, c, p, behind, next)
}

// lastButOne asks for the last page but one where a walk does not come there: what links on the first pages may have stopped since.
func lastButOne(ctx context.Context, c *contract.Case, size int) ([]contract.Finding, error) {
	if !numbered(&c.Subject) {
		return nil, nil
	}
	count, err := held(ctx, c, nil)
	pages := (count + size - 1) / size
	if err != nil || pages <= walkLimit {
		return nil, err
	}
	number := c.Page.Number(pages-2, size)
	p, err := ask(ctx, c, "last page but one", contract.Query(c.Page.Page, strconv.Itoa(number)), contract.Query(c.Page.Size, strconv.Itoa(size)))
	if contract.WasSkipped(err) {
		return nil, nil
	}
	if err != nil || len(p.items) < size || target(c, p, "next") != "" {
		return nil, err
	}
	return due(ctx, c, p, pages-1, size, count)
}

// leavesOrigin judges where the link next of a page leads: to the server that the page is of, and without credentials.
func leavesOrigin(c *contract.Case, p *page) ([]contract.Finding, error) {
	here, err := url.Parse(p.URL)
	if err != nil {
		return nil, err
	}
	to, err := here.Parse(target(c, p, "next"))
	if err != nil {
		return nil, nil // follow tells
	}
	finding := func(want, got string) []contract.Finding {
		return []contract.Finding{c.New(p.Exchange, "links", "", "origin", want, got, c.Op.Place.FileLine())}
	}
	switch {
	case to.User != nil:
		return finding("a link without credentials (RFC 9110 §4.2.4)", to.Redacted()), nil
	case to.Host != here.Host || to.Scheme != here.Scheme:
		found := finding("a link to "+here.Scheme+"://"+here.Host, to.String())
		return []contract.Finding{found[0].At(contract.Should)}, nil // behind a proxy it may be its address
	}
	return nil, nil
}

func followAll(ctx context.Context, c *contract.Case, first *page, size int) ([]contract.Finding, error) {
	broken := func(x *contract.Exchange, keyword, want, got string) []contract.Finding {
		return []contract.Finding{c.New(x, "links", "", keyword, want, got, c.Op.Place.FileLine())}
	}
	if prev := target(c, first, "previous"); prev != "" {
		return broken(first.Exchange, "previous", "no link previous on the first page", prev), nil
	}
	seen := map[string]bool{}
	count := 0
	var resized []contract.Finding // links with another page size than the one that was asked for: what they lead to is walked all the same
	for p, n := first, 1; ; n++ {
		fresh := len(p.items) == 0
		for _, id := range identities(p.items) {
			fresh = fresh || !seen[id]
			seen[id] = true
		}
		count += len(p.items)
		if !fresh {
			return append(resized, broken(p.Exchange, "next", "other items than on the pages before", "items seen before, on page "+strconv.Itoa(n))...), nil
		}
		next := target(c, p, "next")
		if next == "" && len(resized) == 0 {
			return due(ctx, c, p, n, size, count)
		}
		if next == "" || n == walkLimit {
			return resized, nil
		}
		if len(resized) == 0 {
			resized = keepsSize(c, p, next, size)
		}
		following, findings, err := follow(ctx, c, p, next)
		if following == nil {
			return append(resized, findings...), err
		}
		if len(following.items) == 0 && numbered(&c.Subject) {
			findings, err := superfluous(ctx, c, p, following, next)
			return append(resized, findings...), err
		}
		if back := target(c, following, "previous"); back == "" && c.Page.Links != nil && c.Page.Links.Previous != "" {
			return append(resized, broken(following.Exchange, "previous", "a link previous on page "+strconv.Itoa(n+1), "none")...), nil
		}
		p = following
	}
}

// keepsSize judges the page size of a link next; a token may hold it.
func keepsSize(c *contract.Case, p *page, next string, size int) []contract.Finding {
	to, err := url.Parse(next)
	if err != nil {
		return nil // follow tells
	}
	if got := to.Query().Get(c.Page.Size); got == strconv.Itoa(size) || got == "" && !numbered(&c.Subject) {
		return nil
	}
	want := fmt.Sprintf("a link with %s=%d, as it was asked for", c.Page.Size, size)
	return []contract.Finding{c.New(p.Exchange, "links", "", "size", want, next, c.Op.Place.FileLine())}
}

// follow asks for the next page; a link that does not lead to one is a finding.
func follow(ctx context.Context, c *contract.Case, p *page, next string) (*page, []contract.Finding, error) {
	broken := func(x *contract.Exchange, want, got string) (*page, []contract.Finding, error) {
		return nil, []contract.Finding{c.New(x, "links", "", "next", want, got, c.Op.Place.FileLine())}, nil
	}
	here, err := url.Parse(p.URL)
	if err != nil {
		return nil, nil, err
	}
	if _, err := here.Parse(next); err != nil {
		return broken(p.Exchange, "a URL", quote(next))
	}
	x, err := followed(ctx, c, p, next, "next page")
	if err != nil {
		return nil, nil, err
	}
	if !x.OK() {
		return broken(x, "a page behind the link next", "status "+strconv.Itoa(x.Status))
	}
	following, err := pageOf(c, x)
	if err != nil {
		return broken(x, "a page behind the link next", err.Error())
	}
	return following, nil, nil
}

// target is where a relation of a page leads by its links, its Link header or its cursor; "" where the page has no such link.
func target(c *contract.Case, p *page, rel string) string {
	if href := linkOf(c, p, rel); href != "" || rel != "next" || c.Page.Style != "cursor" {
		return href
	}
	return c.Local(cursorURL(c, p))
}

// linkOf is where a relation of a page leads by its links or its Link header.
func linkOf(c *contract.Case, p *page, rel string) string {
	href := ""
	if l := c.Page.Links; l != nil {
		names := map[string]string{"self": l.Self, "next": l.Next, "previous": l.Previous, "first": l.First, "last": l.Last}
		if !l.Object { // registered names (IANA link relations) that a list may use undeclared
			names["first"], names["last"] = "first", "last"
		}
		href = linked(c, p, names[rel])
	}
	if href == "" && c.Page.LinkHeader {
		href = headerLink(p.Header.Values("Link"), map[string]string{"self": "self", "next": "next", "previous": "prev", "first": "first", "last": "last"}[rel])
	}
	return c.Local(href)
}

func linked(c *contract.Case, p *page, rel string) string {
	if c.Page.Links.Object {
		at := c.Page.Links.Pointer + "/" + source.Escape(rel)
		if c.Page.Links.Href != "" {
			at += "/" + source.Escape(c.Page.Links.Href)
		}
		v, _ := source.Get(p.body, at)
		text, _ := v.(string)
		return text
	}
	v, _ := source.Get(p.body, c.Page.Links.Pointer)
	list, _ := v.([]any)
	for _, item := range list {
		link, _ := item.(map[string]any)
		if link[c.Page.Links.Rel] == rel {
			href, _ := link[c.Page.Links.Href].(string)
			return href
		}
	}
	return ""
}

// headerLink is the target of a relation in Link fields (RFC 8288 §3): a link may have several.
func headerLink(lines []string, rel string) string {
	for _, line := range lines {
		rest := strings.Trim(line, ", \t")
		for m := linkRead.FindStringSubmatch(rest); m != nil && rest != ""; m = linkRead.FindStringSubmatch(rest) {
			if named := linkRel.FindStringSubmatch(m[2]); named != nil && slices.ContainsFunc(strings.Fields(named[1]+named[2]), func(one string) bool { return strings.EqualFold(one, rel) }) {
				return m[1]
			}
			rest = rest[len(m[0]):]
		}
	}
	return ""
}

// cursorURL is the page's own URL with its next cursor.
func cursorURL(c *contract.Case, p *page) string {
	v, _ := source.Get(p.body, c.Page.Next)
	cursor, _ := openapi.Text(v)
	u, err := url.Parse(p.URL)
	if v == nil || cursor == "" || err != nil {
		return ""
	}
	query := u.Query()
	query.Set(c.Page.Page, cursor)
	u.RawQuery = query.Encode()
	return u.String()
}
