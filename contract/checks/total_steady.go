package checks

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"troth/contract"
	"troth/openapi"
)

func totalSteady() contract.Check {
	return contract.Check{
		ID:      "total-steady",
		Promise: "A list that stays as it is has the same total each time.",
		Why:     "A number that is wrong at times is believed, and nobody finds out why two reports differ.",
		Source:  "the member of the total; troth.yaml, pagination.totalExact",
		Level:   contract.Must,
		Once:    true, // what is wrong at times need not be wrong again
		Applies: func(s *contract.Subject) bool {
			return sized(s) && s.Page.HasTotal() && (s.Page.TotalExact || totalByDefault(s) != nil)
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			if findings := leftOut(c); len(findings) > 0 || !c.Page.TotalExact || !totalsDiffer(c) {
				return findings, nil
			}
			size, err := walkSize(ctx, c)
			if err != nil {
				return nil, err
			}
			most := largeSize(ctx, c, size)
			changes, before, err := lastPage(ctx, c, most)
			if err != nil {
				return nil, err
			}
			var told []*page
			for range watches {
				p, err := ask(ctx, c, "last page", append(changes, contract.Again())...)
				if err != nil {
					return nil, err
				}
				if told = append(told, p); len(p.items) >= most {
					return nil, contract.Skip("the last page is full: others may write behind it")
				}
				if !slices.Equal(identities(p.items), identities(told[0].items)) {
					return nil, contract.Skip("inconclusive: the collection changed while it was looked at")
				}
			}
			return wrongAtTimes(c, told, before+len(told[0].items)), nil
		},
	}
}

// totalByDefault is the parameter that switches the total where it is on by default, nil else.
func totalByDefault(s *contract.Subject) *openapi.Parameter {
	if s.Page.TotalParam == "" {
		return nil
	}
	if p := s.Op.Parameter("query", s.Page.TotalParam); p != nil && p.Schema.Default == true {
		return p
	}
	return nil
}

// leftOut finds pages without the total that is there by default, where other pages have it: at least two, of which one was answered with it, too.
func leftOut(c *contract.Case) []contract.Finding {
	p := totalByDefault(&c.Subject)
	if p == nil {
		return nil
	}
	var without []*contract.Exchange
	with := map[string]bool{}
	answers := 0
	for _, x := range c.Seen() {
		got, err := pageOf(c, x)
		if u, failed := url.Parse(x.URL); err != nil || failed != nil || len(got.items) == 0 || u.Query().Has(p.Name) {
			continue
		}
		if answers++; got.total < 0 {
			without = append(without, x)
		} else {
			with[x.URL] = true
		}
	}
	at := slices.IndexFunc(without, func(x *contract.Exchange) bool { return with[x.URL] })
	if at < 0 || len(without) < 2 {
		return nil
	}
	where, pointer := totalAt(c, "body")
	got := fmt.Sprintf("none in %d of %d answers", len(without), answers)
	return []contract.Finding{c.New(without[at], where, pointer, "default", "a total each time: "+p.Name+" is true by default", got, p.Place.FileLine())}
}

// lastPage is how the last page of a size is asked for, and how many items there are before it; the only one where pages have no numbers.
func lastPage(ctx context.Context, c *contract.Case, size int) (changes []contract.Change, before int, err error) {
	changes = []contract.Change{contract.Query(c.Page.Size, strconv.Itoa(size))}
	first, err := ask(ctx, c, "large page", changes...)
	if err != nil || !numbered(&c.Subject) || first.total <= size {
		return changes, 0, err
	}
	i := (first.total - 1) / size
	return append(changes, contract.Query(c.Page.Page, strconv.Itoa(c.Page.Number(i, size)))), i * size, nil
}

// wrongAtTimes finds a total that is the number of items in most of several answers, and another number in some.
func wrongAtTimes(c *contract.Case, told []*page, items int) []contract.Finding {
	wrong := slices.DeleteFunc(slices.Clone(told), func(p *page) bool { return p.total < 0 || p.total == items })
	if len(wrong) < 2 || len(wrong) > len(told)/2 {
		return nil
	}
	where, pointer := totalAt(c, "body")
	return []contract.Finding{c.New(wrong[0].Exchange, where, pointer, "steady", strconv.Itoa(items)+" each time, as there are items", fmt.Sprintf("%d; another number in %d of %d answers", wrong[0].total, len(wrong), len(told)), c.Op.Place.FileLine())}
}
