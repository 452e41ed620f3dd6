package checks

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"troth/contract"
	"troth/openapi/convention"
)

func rangeFilters() contract.Check {
	return contract.Check{
		ID:      "range-filters",
		Promise: "A parameter that bounds a member lists the items within the bound, all of them, and the total counts those.",
		Why:     "A client that asks for what is new, or cheap enough, takes all the rest for that, or misses some of it.",
		Source:  "the parameter, whose name says which member of the items it bounds, and on which side; troth.yaml, selection",
		Level:   contract.Should,
		Needs:   []contract.Need{twoItems()},
		Applies: func(s *contract.Subject) bool { return s.Page != nil && s.Op.Body == nil && len(ranges(s)) > 0 },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			all, err := ask(ctx, c, "large page", largest(ctx, c)...)
			if err != nil {
				return nil, err
			}
			asked := limitsOf(ranges(&c.Subject), all.items)
			if len(asked) == 0 {
				return nil, contract.Skip("the items all say the same, or nothing, of what can be bounded")
			}
			var findings []contract.Finding
			for _, limits := range asked {
				if slices.ContainsFunc(limits, func(l limit) bool { return known(findings, "query "+l.p.Name, "range") }) {
					continue // the parameter is not read
				}
				found, err := judgeLimits(ctx, c, all, limits)
				if err != nil {
					return findings, err
				}
				for _, f := range found {
					if !known(findings, f.Where, f.Keyword) {
						findings = append(findings, f)
					}
				}
			}
			found, err := daysLost(ctx, c, all)
			if findings = append(findings, found...); err != nil {
				return findings, err
			}
			found, err = edgesKept(ctx, c, all)
			if findings = append(findings, found...); err != nil {
				return findings, err
			}
			found, err = invertedTaken(ctx, c, all)
			if findings = append(findings, found...); err != nil || len(findings) > 0 || !walked(&c.Subject) {
				return findings, err
			}
			return walkWithin(ctx, c, asked[0][0])
		},
	}
}

// known tells whether something was found already.
func known(findings []contract.Finding, where, keyword string) bool {
	return slices.ContainsFunc(findings, func(f contract.Finding) bool { return f.Where == where && f.Keyword == keyword })
}

// mostRanged is how many parameters are looked at.
const mostRanged = 8

// limitsOf are what a list is asked for: for each parameter items on one side of one that is in the middle, also as another zone tells it,
// and none; both sides together.
func limitsOf(list []ranged, items []any) (asked [][]limit) {
	for _, r := range list[:min(len(list), mostRanged)] {
		points := r.points(items)
		if len(points) < 2 {
			continue
		}
		for _, choose := range []func([]any) (limit, bool){r.middle, r.beyond, r.zoned} {
			if l, ok := choose(points); ok && slices.ContainsFunc(items, func(item any) bool { return l.where(item) != 0 }) {
				asked = append(asked, []limit{l})
			}
		}
		i := slices.IndexFunc(list, func(other ranged) bool { return other.Member == r.Member && other.Side == convention.To })
		if r.Side == convention.To || i < 0 || len(points) < 3 {
			continue
		}
		low, ok := r.at(points[len(points)/3], 0)
		high, both := list[i].at(points[len(points)*2/3], 0)
		if ok && both {
			asked = append(asked, []limit{low, high})
		}
	}
	return asked
}

// judgeLimits asks for the items within some limits. A server may refuse a value, and need not say why.
func judgeLimits(ctx context.Context, c *contract.Case, all *page, limits []limit) ([]contract.Finding, error) {
	changes := largest(ctx, c)
	for _, l := range limits {
		changes = append(changes, contract.Query(l.p.Name, l.value))
	}
	some, err := ask(ctx, c, "items "+within(limits), changes...)
	if contract.WasSkipped(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	findings := strayed(c, all, some, limits)
	finding := func(where, pointer, keyword, want, got string) {
		findings = append(findings, c.New(some.Exchange, where, pointer, keyword, want, got, limits[0].p.Place.FileLine()).And(all.Exchange))
	}
	where := "query " + limits[0].p.Name
	if id, i := twice(some.items); i > 0 {
		if other, _ := twice(all.items); other == "" {
			finding(where, c.Page.Items+"/"+strconv.Itoa(i), "twice", "each item once", quote(id)+" again")
		}
	}
	if len(findings) > 0 && findings[0].Keyword == "twice" || !showsAll(ctx, c, all, some) || hasDefault(c, limits) {
		return findings, nil
	}
	if i := slices.IndexFunc(all.items, func(item any) bool { return isWithin(limits, item) && hasID(item) && !shows(some, item) }); i >= 0 && len(findings) == 0 {
		finding(where, c.Page.Items, "missing", fmt.Sprintf("the item %s with %s %s, which stands in the list without the parameter", quote(identity(all.items[i])), limits[0].Member, quote(limits[0].says(all.items[i]))), "none")
	}
	if some.total >= 0 && !near(c, some.total, len(some.items)) {
		at, pointer := totalAt(c, where)
		finding(at, pointer, "total", fmt.Sprintf("%d, as many as there are %s", len(some.items), within(limits)), strconv.Itoa(some.total))
	}
	return findings, nil
}

// strayed finds an item outside limits.
func strayed(c *contract.Case, all, some *page, limits []limit) []contract.Finding {
	for i, item := range some.items {
		for _, l := range limits {
			if l.where(item) < 0 {
				return []contract.Finding{c.New(some.Exchange, "query "+l.p.Name, c.Page.Items+"/"+strconv.Itoa(i)+"/"+l.Member, "range", l.want(), quote(l.says(item)), l.p.Place.FileLine()).And(all.Exchange)}
			}
		}
	}
	return nil
}

func (l limit) says(item any) string { return filter{l.p, l.Member}.says(item) }

func (l limit) want() string {
	if l.Side == convention.From {
		return "nothing below " + l.value
	}
	return "nothing above " + l.value
}

// within names limits for people.
func within(limits []limit) string {
	var texts []string
	for _, l := range limits {
		texts = append(texts, l.p.Name+"="+l.value)
	}
	return "with " + strings.Join(texts, " and ")
}

func isWithin(limits []limit, item any) bool {
	return !slices.ContainsFunc(limits, func(l limit) bool { return l.where(item) <= 0 })
}

// twice finds an item that stands on a page twice, by its ID.
func twice(items []any) (id string, at int) {
	seen := map[string]bool{}
	for i, item := range items {
		id := idOf(item)
		if id != "" && seen[id] {
			return id, i
		}
		seen[id] = true
	}
	return "", 0
}

// showsAll tells whether a page shows all that was chosen: it says so, or there is room for more, which the list without limits filled, and
// nothing leads on.
func showsAll(ctx context.Context, c *contract.Case, all, some *page) bool {
	if c.Page.TotalExact && some.total == len(some.items) {
		return true
	}
	return !leadsOn(c, some) && len(some.items) < len(all.items) && (len(some.items) == 0 || c.Page.Maximum > 0 && hasSpace(ctx, c, all, some))
}

// saysDefault is how descriptions say that a limit which is not given is another one.
var saysDefault = regexp.MustCompile(`(?i)\bdefault|\bif (not|un)|\bomitted|\bmust be\b|\brequire`)

// hasDefault tells whether the other end of a range may be set where it is not given: then items within what was given may be missing.
func hasDefault(c *contract.Case, limits []limit) bool {
	return slices.ContainsFunc(ranges(&c.Subject), func(r ranged) bool {
		given := slices.ContainsFunc(limits, func(l limit) bool { return l.p == r.p })
		return sameMember(limits, r) && !given && (r.p.Schema.HasDefault || saysDefault.MatchString(r.p.Description))
	})
}

func sameMember(limits []limit, r ranged) bool {
	return slices.ContainsFunc(limits, func(l limit) bool { return l.Member == r.Member })
}

// walkWithin walks the smallest pages of the items within a limit.
func walkWithin(ctx context.Context, c *contract.Case, l limit) ([]contract.Finding, error) {
	findings, err := walkChosen(ctx, c, chooser{l.p, l.Member, l.value, l.want(), func(item any) bool { return l.where(item) >= 0 }})
	if contract.WasSkipped(err) {
		return nil, nil
	}
	return findings, err
}
