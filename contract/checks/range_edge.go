package checks

import (
	"context"
	"fmt"
	"slices"

	"troth/contract"
	"troth/openapi/convention"
)

// edgesKept asks for times as items show them, where the document says whether the bound itself is listed. A time may be kept with more digits than are
// shown: it is never before what is shown, so that a lower bound that is included lists it, and an upper one that is excluded does not.
func edgesKept(ctx context.Context, c *contract.Case, all *page) ([]contract.Finding, error) {
	list := ranges(&c.Subject)
	for _, r := range list[:min(len(list), mostRanged)] {
		if included := r.Side == convention.From; included && r.Edge != convention.Included || !included && r.Edge != convention.Excluded {
			continue
		}
		findings, err := r.judgeEdges(ctx, c, all)
		if err != nil || len(findings) > 0 {
			return findings, err
		}
	}
	return nil, nil
}

// judgeEdges asks for two times: one alone may be rounded up where it is shown.
func (r ranged) judgeEdges(ctx context.Context, c *contract.Case, all *page) (findings []contract.Finding, err error) {
	points := r.points(all.items)
	if len(points) < 3 {
		return nil, nil
	}
	for _, v := range []any{points[len(points)/2], points[len(points)/3]} {
		text, _ := v.(string)
		if _, wholeDay, ok := convention.When(text); !ok || wholeDay || !takesText(r.p, text) {
			return nil, nil
		}
		found, err := r.judgeEdge(ctx, c, all, limit{r, text})
		if err != nil || len(found) == 0 {
			return nil, err
		}
		findings = found
	}
	return findings, nil
}

// judgeEdge asks for the items up to a time, or from it on, that some of them show.
func (r ranged) judgeEdge(ctx context.Context, c *contract.Case, all *page, l limit) ([]contract.Finding, error) {
	some, err := ask(ctx, c, "items "+within([]limit{l}), append(largest(ctx, c), contract.Query(l.p.Name, l.value))...)
	if contract.WasSkipped(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	at := func(item any) bool {
		object, _ := item.(map[string]any)
		d, ok := convention.Order(object[l.Member], l.value)
		return ok && d == 0 && hasID(item)
	}
	finding := func(item any, want, got string) []contract.Finding {
		what := fmt.Sprintf("%sthe item %s with %s %s: the bound is %s", want, quote(identity(item)), l.Member, quote(l.says(item)), l.Edge)
		return []contract.Finding{c.New(some.Exchange, "query "+l.p.Name, c.Page.Items, "edge", what, got, l.p.Place.FileLine()).And(all.Exchange)}
	}
	if r.Side == convention.To {
		if i := slices.IndexFunc(some.items, at); i >= 0 {
			return finding(some.items[i], "not ", "that item"), nil
		}
		return nil, nil
	}
	i := slices.IndexFunc(all.items, func(item any) bool { return at(item) && !shows(some, item) })
	if i < 0 || !showsAll(ctx, c, all, some) || hasDefault(c, []limit{l}) {
		return nil, nil
	}
	return finding(all.items[i], "", "none"), nil
}
