package checks

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"troth/contract"
)

func pageComplete() contract.Check {
	return contract.Check{
		ID:      "page-complete",
		Promise: "Small pages hold, in all, the items that a large page holds, in its order, and say the same of them.",
		Why:     "A client that walks the list never sees the missing items, and takes them for deleted.",
		Source:  "the parameters of paging: the page size decides how the list is cut, not what is in it",
		Level:   contract.Must,
		Applies: walked,
		Needs:   []contract.Need{twoItems(), toldApart()},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			size, err := walkSize(ctx, c)
			if err != nil {
				return nil, err
			}
			var failure error
			findings, err := confirmed(ctx, c, size, func(pages []*page, ended bool) []contract.Finding {
				large, err := ask(ctx, c, "large page", contract.Query(c.Page.Size, strconv.Itoa(largeSize(ctx, c, size))), contract.Again())
				if err != nil {
					failure = err
					return nil
				}
				findings := append(missing(c, pages, large, size, ended), differing(c, pages, large)...)
				if ended && len(large.items) < largeSize(ctx, c, size) {
					findings = append(findings, surplus(c, pages, large)...)
				}
				return findings
			})
			if failure != nil {
				return nil, failure
			}
			if err != nil {
				return nil, err
			}
			for _, judge := range []func(context.Context, *contract.Case) ([]contract.Finding, error){defaultPages, lastHeld, farPage} {
				found, err := judge(ctx, c)
				if findings = append(findings, found...); err != nil {
					return findings, err
				}
			}
			return findings, nil
		},
	}
}

// largeSize is a page size that the list answers: the largest, or many times a small one.
func largeSize(ctx context.Context, c *contract.Case, size int) int {
	return c.Largest(ctx, size*walkLimit)
}

// missing finds an item of the large page that should be on the small ones, and is not.
func missing(c *contract.Case, pages []*page, large *page, size int, ended bool) []contract.Finding {
	seen, held := map[string]bool{}, 0
	for _, p := range pages {
		held += len(p.items)
		for _, id := range identities(p.items) {
			seen[id] = true
		}
	}
	if numbered(&c.Subject) {
		held = size * len(pages)
	}
	covered := len(large.items)
	if !ended {
		covered = min(covered, held) // what a link leads on from may hold fewer items than were asked for
	}
	for i, id := range identities(large.items[:covered]) {
		if seen[id] {
			continue
		}
		f := c.New(large.Exchange, "pages", c.Page.Items, "complete", fmt.Sprintf("item %d of the large page (%s) on a page of size %d", i+1, quote(id), size),
			fmt.Sprintf("none on %d pages", len(pages)), c.Op.Place.FileLine())
		at := min(i/size, len(pages)-1)
		f = f.And(pages[at].Exchange)
		return []contract.Finding{f}
	}
	return nil
}

// surplus finds an item of the small pages that the large page, which holds the whole list, does not show.
func surplus(c *contract.Case, pages []*page, large *page) []contract.Finding {
	held := map[string]bool{}
	for _, id := range identities(large.items) {
		held[id] = true
	}
	for _, p := range pages {
		for _, id := range identities(p.items) {
			if !held[id] {
				return []contract.Finding{c.New(p.Exchange, "pages", c.Page.Items, "surplus", "items of the large page, which is not full, only", quote(id), c.Op.Place.FileLine()).And(large.Exchange)}
			}
		}
	}
	return nil
}

// differing finds an item that says other things on a small page than on the large one, or stands in another place of the order.
func differing(c *contract.Case, pages []*page, large *page) []contract.Finding {
	finding := func(p *page, pointer, keyword, want, got string) []contract.Finding {
		return []contract.Finding{c.New(p.Exchange, "pages", pointer, keyword, want, got, c.Op.Place.FileLine()).And(large.Exchange)}
	}
	at, shape := map[string]any{}, itemSchema(&c.Subject)
	for _, item := range large.items {
		at[identity(item)] = item
	}
	for _, p := range pages {
		for i, item := range p.items {
			other, known := at[identity(item)]
			if !known {
				continue
			}
			pointer, same := agree(declared(shape, item), other, "")
			if same {
				pointer, same = agree(declared(shape, other), item, "")
			}
			if !same {
				return finding(p, c.Page.Items+"/"+strconv.Itoa(i)+pointer, "equal", "item "+quote(identity(item))+" as on the large page", "another "+pointer)
			}
		}
	}
	if a, b, differ := swapped(identities(large.items), all(pages)); differ {
		return finding(pages[0], c.Page.Items, "order", quote(a)+" before "+quote(b)+", as on the large page", "the other way round")
	}
	return nil
}

// defaultPages compares the second page of the usual size with the first: where both hold the same items, the rest is never seen.
func defaultPages(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
	if c.Page.Style != "page" || !numbered(&c.Subject) {
		return nil, nil
	}
	var second *page
	first, apart, err := bracketed(ctx, c, func(repeat ...contract.Change) (*page, error) {
		return ask(ctx, c, "ordinary request", repeat...)
	}, func(first *page, repeat ...contract.Change) (bool, error) {
		var err error
		second, err = ask(ctx, c, "second page", append(repeat, contract.Query(c.Page.Page, strconv.Itoa(c.Page.First+1)))...)
		return err == nil && (len(second.items) == 0 || !slices.Equal(identities(first.items)[:min(len(first.items), len(second.items))], identities(second.items))), err
	})
	if contract.WasSkipped(err) {
		return nil, nil
	}
	if err != nil || apart {
		return nil, err
	}
	return []contract.Finding{c.New(second.Exchange, "pages", c.Page.Items, "second", "other items than on the first page", fmt.Sprintf("the same %d", len(second.items)), c.Op.Place.FileLine()).And(first.Exchange)}, nil
}
