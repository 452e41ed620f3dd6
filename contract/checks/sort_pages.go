package checks

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"troth/contract"
)

func sortPages() contract.Check {
	return contract.Check{
		ID:      "sort-pages",
		Promise: "The pages of a sorted list are sorted from one to the next, hold each item once, and are the same when they are asked for again.",
		Why:     "A client that walks a sorted list sees some items twice and others never, or takes the largest of a page for the largest of all.",
		Source:  "the parameter, whose values are members of the items, and those of paging",
		Level:   contract.Should,
		Needs:   []contract.Need{twoItems(), toldApart()},
		Applies: func(s *contract.Subject) bool { return walked(s) && len(orders(s)) > 0 },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			size, err := walkSize(ctx, c)
			if err != nil {
				return nil, err
			}
			judged := false
			for _, o := range orders(&c.Subject)[:min(len(orders(&c.Subject)), mostWalked)] {
				pages, ended, err := walk(ctx, c, size, false, o.changes...)
				if contract.WasSkipped(err) {
					continue
				}
				if err != nil {
					return nil, err
				}
				if judged = judged || len(o.members(itemsOf(pages))) > 1; len(pages) < 2 {
					continue
				}
				findings, err := o.judgeWalk(ctx, c, pages, ended, size)
				if err != nil || len(findings) > 0 {
					return findings, err
				}
			}
			if !judged {
				return nil, contract.Skip("the items say nothing of what they can be sorted by")
			}
			return nil, nil
		},
	}
}

// mostWalked is how many orders are walked.
const mostWalked = 4

// judgeWalk judges the pages of a sorted list.
func (o order) judgeWalk(ctx context.Context, c *contract.Case, pages []*page, ended bool, size int) ([]contract.Finding, error) {
	finding := func(keyword, want, got string, at, other *page) ([]contract.Finding, error) {
		return []contract.Finding{c.New(at.Exchange, "query "+o.p.Name, c.Page.Items, keyword+" "+o.value, want, got, o.p.Place.FileLine()).And(other.Exchange)}, nil
	}
	seen := map[string]int{}
	for i, p := range pages {
		if members := o.members(itemsOf(pages[:i+1])); i > 0 && !o.sorts(members) {
			return finding("across", o.wants()+" from page to page", quote(strings.Join(texts(o.members(slices.Concat(pages[i-1].items, p.items))), ", "))+fmt.Sprintf(" on the pages %d and %d", i, i+1), p, pages[i-1])
		}
		for _, item := range p.items {
			if j, twice := seen[identity(item)]; twice && hasID(item) {
				return finding("disjoint", "each item once", fmt.Sprintf("item %s on the pages %d and %d of the walk", quote(identity(item)), j+1, i+1), p, pages[j])
			}
			seen[identity(item)] = i
		}
	}
	large, err := ask(ctx, c, "sorted by "+o.name(), append(largest(ctx, c), o.changes...)...)
	if err != nil {
		return nil, err
	}
	for i, id := range identities(large.items) {
		if _, has := seen[id]; ended && !has {
			return finding("complete", fmt.Sprintf("item %d of the large page (%s) on a page of size %d", i+1, quote(id), size), "none on "+strconv.Itoa(len(pages))+" pages", large, pages[0])
		}
	}
	again, err := ask(ctx, c, "sorted by "+o.name()+" again", append(append(largest(ctx, c), o.changes...), contract.Again())...)
	if err != nil {
		return nil, err
	}
	if a, b, differ := swapped(identities(large.items), identities(again.items)); differ {
		return finding("stable", quote(a)+" before "+quote(b)+", as before", "the other way round", again, large)
	}
	return nil, nil
}
