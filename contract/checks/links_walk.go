package checks

import (
	"context"
	"fmt"
	"net/url"
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
			return followAll(ctx, c, p, size)
		},
	}
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
	for p, n := first, 1; ; n++ {
		fresh := len(p.items) == 0
		for _, id := range identities(p.items) {
			fresh = fresh || !seen[id]
			seen[id] = true
		}
		count += len(p.items)
		if !fresh {
			return broken(p.Exchange, "next", "other items than on the pages before", "items seen before, on page "+strconv.Itoa(n)), nil
		}
		next := target(c, p, "next")
		if next == "" {
			if p.total > count {
				return broken(p.Exchange, "next", fmt.Sprintf("a link next: %d of %d items were seen", count, p.total), "none"), nil
			}
			return nil, nil
		}
		if numbered(&c.Subject) && c.Page.TotalExact && p.total >= 0 && p.total == first.total && count >= p.total {
			return broken(p.Exchange, "next", fmt.Sprintf("no link next on the last page: all %d items were seen", count), next), nil
		}
		if n == walkLimit {
			return nil, nil
		}
		following, findings, err := follow(ctx, c, p, next, size)
		if following == nil {
			return findings, err
		}
		if back := target(c, following, "previous"); back == "" && c.Page.Links != nil && c.Page.Links.Previous != "" {
			return broken(following.Exchange, "previous", "a link previous on page "+strconv.Itoa(n+1), "none"), nil
		}
		p = following
	}
}

// follow asks for the next page; a link that does not lead to one is a finding.
func follow(ctx context.Context, c *contract.Case, p *page, next string, size int) (*page, []contract.Finding, error) {
	broken := func(x *contract.Exchange, want, got string) (*page, []contract.Finding, error) {
		return nil, []contract.Finding{c.New(x, "links", "", "next", want, got, c.Op.Place.FileLine())}, nil
	}
	here, err := url.Parse(p.URL)
	if err != nil {
		return nil, nil, err
	}
	to, err := here.Parse(next)
	if err != nil {
		return broken(p.Exchange, "a URL", quote(next))
	}
	if to.Host != here.Host || to.Scheme != here.Scheme {
		return broken(p.Exchange, "a link to "+here.Scheme+"://"+here.Host, to.String())
	}
	if got := to.Query().Get(c.Page.Size); got != strconv.Itoa(size) {
		return broken(p.Exchange, fmt.Sprintf("a link with %s=%d, as it was asked for", c.Page.Size, size), to.String())
	}
	x, err := c.Follow(ctx, "next page", to.String())
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
	href := ""
	if l := c.Page.Links; l != nil {
		href = linked(c, p, map[string]string{"self": l.Self, "next": l.Next, "previous": l.Previous}[rel])
	}
	if href == "" && c.Page.LinkHeader {
		href = headerLink(p.Header.Values("Link"), map[string]string{"self": "self", "next": "next", "previous": "prev"}[rel])
	}
	if href == "" && rel == "next" && c.Page.Style == "cursor" {
		href = cursorURL(c, p)
	}
	return href
}

func linked(c *contract.Case, p *page, rel string) string {
	if c.Page.Links.Object {
		v, _ := source.Get(p.body, c.Page.Links.Pointer+"/"+source.Escape(rel))
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

// headerLink is the target of a relation in Link fields (RFC 8288 §3).
func headerLink(lines []string, rel string) string {
	for _, line := range lines {
		for member := range openapi.Members(line) {
			uri, params, _ := strings.Cut(member, ">")
			for param := range strings.SplitSeq(params, ";") {
				name, value, _ := strings.Cut(strings.TrimSpace(param), "=")
				if strings.EqualFold(name, "rel") && strings.Trim(value, `"`) == rel {
					return strings.TrimPrefix(uri, "<")
				}
			}
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
