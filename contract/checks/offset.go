package checks

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"troth/contract"
)

// byOffset applies to lists whose pages begin at any item.
func byOffset(s *contract.Subject) bool { return numbered(s) && s.Page.Style == "offset" }

func offsetShift() contract.Check {
	return contract.Check{
		ID:      "offset-shift",
		Promise: "A page that begins one item later holds the same items, but for the first.",
		Why:     "A client that goes on from where it stopped misses items, or sees some twice.",
		Source:  "the parameter of the offset: it counts items, not pages",
		Level:   contract.Must,
		Applies: byOffset,
		Needs:   []contract.Need{twoItems(), toldApart()},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			size, err := walkSize(ctx, c)
			if err != nil {
				return nil, err
			}
			var shifted *page
			first, same, err := bracketed(ctx, c, func(repeat ...contract.Change) (*page, error) {
				return ask(ctx, c, "large page", append(largest(ctx, c), repeat...)...)
			}, func(first *page, repeat ...contract.Change) (bool, error) {
				var err error
				shifted, err = ask(ctx, c, "page that begins at the second item", append(second(c, size), repeat...)...)
				return err == nil && len(shifted.items) > 0 && len(first.items) > 1 && isPrefix(identities(shifted.items), identities(first.items[1:])), err
			})
			if err != nil || same || len(first.items) < 2 {
				return nil, err
			}
			want := "items from the second on: " + quote(identity(first.items[1])) + " first"
			got := "none"
			if len(shifted.items) > 0 {
				got = quote(identity(shifted.items[0])) + " first, or others behind it"
			}
			return []contract.Finding{c.New(shifted.Exchange, "query "+c.Page.Page, c.Page.Items, "shift", want, got, c.Op.Place.FileLine()).And(first.Exchange)}, nil
		},
	}
}

// second asks for the page of a size that begins at the second item.
func second(c *contract.Case, size int) []contract.Change {
	return []contract.Change{contract.Query(c.Page.Page, strconv.Itoa(c.Page.First+1)), contract.Query(c.Page.Size, strconv.Itoa(size))}
}

func offsetLinks() contract.Check {
	return contract.Check{
		ID:      "offset-links",
		Promise: "The links of a page that begins within the first one lead back to the first item, and on to the item behind the page.",
		Why:     "A client that goes back is refused for a negative offset, or one that goes on misses items.",
		Source:  "the links of a page (IANA link relations next, prev); the parameter of the offset",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool { return byOffset(s) && (s.Page.Links != nil || s.Page.LinkHeader) },
		Needs:   []contract.Need{twoItems(), toldApart()},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			size, err := walkSize(ctx, c)
			if err != nil {
				return nil, err
			}
			size = max(size, 2)
			first, err := ask(ctx, c, "large page", largest(ctx, c)...)
			if err != nil {
				return nil, err
			}
			p, err := ask(ctx, c, "page that begins at the second item", second(c, size)...)
			if err != nil {
				return nil, err
			}
			if len(first.items) < 2 || target(c, p, "previous")+target(c, p, "next") == "" {
				return nil, contract.Skip("the page shows no link that leads on or back")
			}
			findings, err := leadsTo(ctx, c, p, "previous", first.items[0])
			if err != nil || len(findings) > 0 || len(first.items) < size+2 {
				return findings, err
			}
			return leadsTo(ctx, c, p, "next", first.items[size+1])
		},
	}
}

// leadsTo follows a link of a page, where it has it: the page behind begins with an item, at an offset that there is.
func leadsTo(ctx context.Context, c *contract.Case, p *page, rel string, begins any) ([]contract.Finding, error) {
	href := target(c, p, rel)
	if href == "" {
		return nil, nil // links-walk tells
	}
	finding := func(x *contract.Exchange, want, got string) ([]contract.Finding, error) {
		return []contract.Finding{c.New(x, "links", "", rel, want, got, c.Op.Place.FileLine()).And(p.Exchange)}, nil
	}
	if to, err := url.Parse(href); err == nil {
		if n, err := strconv.Atoi(to.Query().Get(c.Page.Page)); err == nil && n < c.Page.First {
			return finding(p.Exchange, fmt.Sprintf("an offset of %d at least", c.Page.First), href)
		}
	}
	x, err := followed(ctx, c, p, href, "link "+rel+" of the page that begins at the second item")
	if contract.WasSkipped(err) {
		return nil, nil // links-walk tells
	}
	if err != nil {
		return nil, err
	}
	other, err := pageOf(c, x)
	if err != nil {
		return finding(x, "a page", "status "+strconv.Itoa(x.Status))
	}
	if ids := identities(other.items); !slices.Contains(ids[:min(len(ids), 1)], identity(begins)) {
		return finding(x, "a page that begins with "+quote(identity(begins)), "another one, of "+strconv.Itoa(len(ids))+" items")
	}
	return nil, nil
}
