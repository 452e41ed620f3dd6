package checks

import (
	"encoding/json"
	"maps"
	"math/big"
	"slices"
	"time"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/convention"
)

// ranged is a parameter that bounds a member of the items.
type ranged struct {
	convention.Bound
	p *openapi.Parameter
}

// ranges are those of a list that are not on their way out, by name.
func ranges(s *contract.Subject) (list []ranged) {
	selection := s.Conv.Selection(s.Op, s.Page.Items)
	if selection == nil {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(selection.Ranges)) {
		if p := s.Op.Parameter("query", name); p != nil && !p.Deprecated {
			list = append(list, ranged{selection.Ranges[name], p})
		}
	}
	return list
}

// points are the different values that items have of the member, from the smallest to the largest.
func (r ranged) points(items []any) (list []any) {
	for _, item := range items {
		object, _ := item.(map[string]any)
		if _, ok := convention.Order(object[r.Member], object[r.Member]); ok {
			list = append(list, object[r.Member])
		}
	}
	byOrder := func(a, b any) int { d, _ := convention.Order(a, b); return d }
	slices.SortFunc(list, byOrder)
	return slices.CompactFunc(list, func(a, b any) bool { return byOrder(a, b) == 0 })
}

// middle is the value in the middle that leaves some out, and beyond one that leaves all out.
func (r ranged) middle(points []any) (limit, bool) {
	i := len(points) / 2
	if r.Side == convention.To {
		i = (len(points) - 1) / 2
	}
	return r.at(points[i], 0)
}

func (r ranged) beyond(points []any) (limit, bool) {
	if r.Side == convention.To {
		return r.at(points[0], -1)
	}
	return r.at(points[len(points)-1], 1)
}

// zoned is a limit a moment beside the value in the middle, which it lets in, as a far zone tells it: who compares texts takes it for half a day farther.
func (r ranged) zoned(points []any) (l limit, ok bool) {
	text, _ := points[len(points)/2].(string)
	at, wholeDay, ok := convention.When(text)
	if !ok || wholeDay {
		return l, false
	}
	hours, moment := 14, -2*time.Second
	if r.Side == convention.To {
		hours, moment = -12, 2*time.Second
	}
	l = limit{r, at.Add(moment).In(time.FixedZone("", hours*60*60)).Format(time.RFC3339)}
	return l, takesText(r.p, l.value)
}

// at is the limit at a value, or some way behind it, in a form that the parameter takes.
func (r ranged) at(v any, steps int) (l limit, ok bool) {
	for _, text := range spellings(v, steps) {
		if takesText(r.p, text) {
			return limit{r, text}, true
		}
	}
	return l, false
}

// spellings are the forms that a value may have in a query: a number, or its integer; an instant in UTC, or its day.
func spellings(v any, steps int) []string {
	if text, isText := v.(string); isText {
		at, _, _ := convention.When(text)
		at = at.Add(time.Duration(steps) * 2 * day)
		return []string{at.Format(time.RFC3339), at.Format(time.DateOnly)}
	}
	n, ok := new(big.Float).SetString(string(v.(json.Number)))
	if !ok || n.IsInf() || n.MantExp(nil) > 64 {
		return nil
	}
	whole, _ := n.Int(nil)
	if steps != 0 || n.IsInt() {
		return []string{whole.Add(whole, big.NewInt(int64(steps*2))).String()}
	}
	return []string{string(v.(json.Number)), whole.String()}
}

const day = 24 * time.Hour

// limit is a parameter with a value.
type limit struct {
	ranged
	value string
}

// where tells where an item is: 1 within, -1 outside, 0 where nobody can say.
func (l limit) where(item any) int {
	object, _ := item.(map[string]any)
	d, same := compareTo(object[l.Member], l.value)
	if l.Side == convention.To {
		d = -d
	}
	switch {
	case same && l.Edge == convention.Included:
		return 1
	case same && l.Edge == convention.Excluded:
		return -1
	}
	return d
}

// compareTo compares a member with a value of a query as far as it is certain: instants may be shown without fractions of seconds, and a day
// begins somewhere else in other zones. same tells that they are equal for sure: integers, or days.
func compareTo(v any, value string) (d int, same bool) {
	text, isText := v.(string)
	if !isText {
		d, ok := convention.Order(v, json.Number(value))
		return d, ok && d == 0 && integral(v) && integral(json.Number(value))
	}
	a, aDay, aok := convention.When(text)
	b, bDay, bok := convention.When(value)
	if !aok || !bok {
		return 0, false
	}
	slack, aEnd, bEnd := time.Duration(0), a, b
	switch {
	case aDay && bDay:
		return a.Compare(b), a.Equal(b)
	case aDay:
		slack, aEnd = farthestZone, a.Add(day)
	case bDay:
		slack, bEnd = farthestZone, b.Add(day)
	default:
		slack = time.Second
	}
	switch {
	case aEnd.Add(slack).Before(b):
		return -1, false
	case bEnd.Add(slack).Before(a):
		return 1, false
	}
	return 0, false
}

// farthestZone is how far local time is from UTC at most.
const farthestZone = 14 * time.Hour

func integral(v any) bool {
	n, ok := v.(json.Number)
	_, err := n.Int64()
	return ok && err == nil
}
