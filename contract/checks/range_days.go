package checks

import (
	"context"
	"regexp"
	"slices"
	"time"

	"troth/contract"
	"troth/openapi/convention"
)

// byOperator is the end of names that compare times and not days: "lte" of a day may be the first moment of it.
var byOperator = regexp.MustCompile(`(?i)lt?e\]?$`)

// daysLost asks for the items of single days by both bounds of a time, each with the day itself: an item is one of its own day, or in another zone of
// the day before or behind.
func daysLost(ctx context.Context, c *contract.Case, all *page) ([]contract.Finding, error) {
	list := ranges(&c.Subject)
	for _, to := range list {
		i := slices.IndexFunc(list, func(other ranged) bool {
			return other.Member == to.Member && other.Side == convention.From && other.Edge == convention.Included
		})
		if i < 0 || to.Side != convention.To || to.Edge != convention.Included || byOperator.MatchString(to.p.Name) {
			continue
		}
		item, at, ok := to.atDay(all.items)
		if !ok {
			continue
		}
		if findings, err := daysOf(ctx, c, all, item, at, [2]ranged{list[i], to}); err != nil || len(findings) > 0 {
			return findings, err
		}
	}
	return nil, nil
}

// atDay is the first item that has a time which is not midnight, where a parameter takes days and no times.
func (r ranged) atDay(items []any) (item any, at time.Time, ok bool) {
	for _, item := range items {
		object, _ := item.(map[string]any)
		text, _ := object[r.Member].(string)
		at, wholeDay, ok := convention.When(text)
		if ok && !wholeDay && hasID(item) && !at.Equal(at.Truncate(day)) && takesText(r.p, at.Format(time.DateOnly)) && !takesText(r.p, at.Format(time.RFC3339)) {
			return item, at, true
		}
	}
	return nil, at, false
}

// daysOf asks for an item by its day, the day before and the day behind.
func daysOf(ctx context.Context, c *contract.Case, all *page, item any, at time.Time, both [2]ranged) ([]contract.Finding, error) {
	var own *page
	for _, days := range []time.Duration{0, -1, 1} {
		date := at.Add(days * day).Format(time.DateOnly)
		some, err := ask(ctx, c, "items "+within([]limit{{both[0], date}, {both[1], date}}), append(largest(ctx, c), contract.Query(both[0].p.Name, date), contract.Query(both[1].p.Name, date))...)
		switch {
		case contract.WasSkipped(err):
			return nil, nil
		case err != nil:
			return nil, err
		case shows(some, item) || leadsOn(c, some) || len(some.items) > 0 && !hasSpace(ctx, c, all, some):
			return nil, nil
		case own == nil:
			own = some
		}
	}
	want := "the item " + quote(identity(item)) + " with " + both[1].Member + " " + at.Format(time.RFC3339) + " on that day, or the day before or behind"
	return []contract.Finding{c.New(own.Exchange, "query "+both[1].p.Name, c.Page.Items, "day", want, "none", both[1].p.Place.FileLine()).And(all.Exchange)}, nil
}
