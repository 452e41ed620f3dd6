package checks

import (
	"context"
	"fmt"
	"maps"
	"strconv"

	"troth/contract"
	"troth/openapi/convention"
)

func totalExact() contract.Check {
	return contract.Check{
		ID:      "total-exact",
		Promise: "The total is the number of items on all pages, on every page; about that where the document calls it an estimate.",
		Why:     "Clients end a walk by the total: a wrong one makes them stop early, or ask for ever.",
		Source:  "the member of the total; troth.yaml, pagination.totalExact",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool { return walked(s) && s.Page.HasTotal() },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			first, err := ask(ctx, c, "ordinary request")
			if err != nil {
				return nil, err
			}
			if first.total < 0 {
				return nil, contract.Skip("no total is told%s", map[bool]string{true: " at " + c.Page.Total, false: " in " + c.Page.TotalHeader}[c.Page.Total != "-"])
			}
			size, err := walkSize(ctx, c)
			if err != nil {
				return nil, err
			}
			if first.total > size*(walkLimit-1) { // small pages show more totals, large ones reach the end
				size = largeSize(ctx, c, max(len(first.items), 1))
			}
			if first.total > size*walkLimit {
				large, err := ask(ctx, c, "large page", contract.Query(c.Page.Size, strconv.Itoa(size)))
				if err != nil {
					return nil, err
				}
				if len(large.items) >= size { // else they are all there, whatever the total says
					return nil, contract.Skip("the collection holds %d items, more than are counted", first.total)
				}
			}
			findings, err := confirmed(ctx, c, size, func(pages []*page, ended bool) []contract.Finding { return judgeTotal(c, pages, ended) })
			if err != nil || len(findings) > 0 {
				return findings, err
			}
			return totalTwice(c), nil
		},
	}
}

// totalTwice finds a total in a header that is not the one in the body.
func totalTwice(c *contract.Case) []contract.Finding {
	success, _ := c.Op.Success()
	if c.Page.Total == "-" || success == nil {
		return nil
	}
	for _, h := range success.Headers {
		if !convention.CountsItems(h.Name) {
			continue
		}
		for _, x := range c.Seen() {
			p, err := pageOf(c, x)
			if err != nil || p.total < 0 {
				continue
			}
			if n, err := strconv.Atoi(x.Header.Get(h.Name)); err == nil && n != p.total {
				return []contract.Finding{c.New(x, "header "+h.Name, "", "same", fmt.Sprintf("%d, as the body says at %s", p.total, c.Page.Total), strconv.Itoa(n), h.Place.FileLine())}
			}
		}
	}
	return nil
}

func judgeTotal(c *contract.Case, pages []*page, ended bool) []contract.Finding {
	least, most := counted(pages)
	for i, p := range pages {
		finding := func(want, got string) []contract.Finding {
			where, pointer := totalAt(c, "body")
			f := c.New(p.Exchange, where, pointer, "total", want, got, c.Op.Place.FileLine())
			if i > 0 {
				f = f.And(pages[0].Exchange)
			}
			return []contract.Finding{f}
		}
		switch {
		case p.total < 0 && pages[0].total >= 0:
			return finding(fmt.Sprintf("a total, as on the first page (%d)", pages[0].total), "none")
		case p.total != pages[0].total && c.Page.TotalExact, !near(c, p.total, most) && ended && p.total > most, !near(c, p.total, least) && p.total < least:
			want := strconv.Itoa(least)
			if !c.Page.TotalExact {
				want = "about " + want
			}
			return finding(want, fmt.Sprint(p.total))
		}
	}
	return nil
}

// counted is how many items pages hold at least, and at most: one that stands on two pages may be one.
func counted(pages []*page) (least, most int) {
	seen := map[string]bool{}
	for _, p := range pages {
		here := map[string]bool{}
		for _, id := range identities(p.items) {
			if most++; !seen[id] {
				least++
			}
			here[id] = true
		}
		maps.Copy(seen, here)
	}
	return least, most
}
