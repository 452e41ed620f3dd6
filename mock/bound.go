package mock

import (
	"maps"
	"slices"

	"troth/openapi/convention"
)

// bound is a parameter of a request that bounds a member of the items.
type bound struct {
	convention.Bound
	parameter string
	value     any
}

// boundsIn are those of a request, by name.
func boundsIn(call *Call, s *convention.Selection) (list []bound) {
	for _, name := range slices.Sorted(maps.Keys(s.Ranges)) {
		if v, ok := call.Values.Get("query", name); ok {
			list = append(list, bound{s.Ranges[name], name, v})
		}
	}
	return list
}

// lets tells whether an item is within; one that does not say is not.
func (b bound) lets(object map[string]any) bool {
	d, ok := convention.Order(object[b.Member], b.value)
	switch {
	case !ok:
		return false
	case d == 0:
		return b.Includes(b.parameter)
	}
	return (d > 0) == (b.Side == convention.From)
}
