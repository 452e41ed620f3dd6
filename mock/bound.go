package mock

import (
	"fmt"
	"maps"
	"slices"

	"troth/openapi/convention"
	"troth/openapi/refusal"
)

// bound is a parameter of a request that bounds a member of the items.
type bound struct {
	convention.Bound
	parameter string
	value     any
	midnight  bool // a day is its first moment
}

// boundsIn are those of a request, by name.
func boundsIn(call *Call, s *convention.Selection) (list []bound) {
	for _, name := range slices.Sorted(maps.Keys(s.Ranges)) {
		if v, ok := call.Values.Get("query", name); ok {
			list = append(list, bound{Bound: s.Ranges[name], parameter: name, value: v})
		}
	}
	return list
}

// inverted refuses a bound beyond that of the other side where the convention says that it must not be.
func (s *Server) inverted(call *Call, list []bound) error {
	for _, b := range list {
		i := slices.IndexFunc(list, func(other bound) bool { return other.parameter == b.Against })
		if i < 0 || s.tweaks.choice.inverted {
			continue
		}
		if d, ok := convention.Order(b.value, list[i].value); ok && d != 0 && (d > 0) == (b.Side == convention.From) {
			return &Fault{
				Status: refusal.BadRequest(call.Operation), Situation: "invalid-parameter", Parameters: []any{b.parameter},
				Detail: fmt.Sprintf("query parameter %s: %v is beyond %v, which %s says", b.parameter, b.value, list[i].value, b.Against),
			}
		}
	}
	return nil
}

// lets tells whether an item is within; one that does not say is not.
func (b bound) lets(object map[string]any) bool {
	d, ok := convention.Order(object[b.Member], b.value)
	switch {
	case !ok:
		return false
	case b.midnight && d == 0 && b.Side == convention.To && behindMidnight(object[b.Member], b.value):
		return false
	case d == 0:
		return b.Includes(b.parameter)
	}
	return (d > 0) == (b.Side == convention.From)
}

// behindMidnight tells whether a time is behind the first moment of a day.
func behindMidnight(v, day any) bool {
	at, _, _ := convention.When(text(v))
	begin, wholeDay, ok := convention.When(text(day))
	return ok && wholeDay && at.After(begin)
}
