package checks

import (
	"context"
	"slices"
	"strconv"

	"troth/contract"
)

// invertedTaken asks for what is beyond the other end of a range, where the document says that this is refused.
func invertedTaken(ctx context.Context, c *contract.Case, all *page) ([]contract.Finding, error) {
	list := ranges(&c.Subject)
	for _, r := range list {
		i := slices.IndexFunc(list, func(other ranged) bool { return other.p.Name == r.Against })
		points := r.points(all.items)
		if i < 0 || len(points) == 0 {
			continue
		}
		beyond, ok := r.beyond(points)
		end, both := list[i].at(points[len(points)/2], 0)
		if !ok || !both {
			continue
		}
		x, err := c.Ask(ctx, "items "+within([]limit{beyond, end}), contract.Query(beyond.p.Name, beyond.value), contract.Query(end.p.Name, end.value))
		if err != nil {
			return nil, err
		}
		if x.OK() {
			return []contract.Finding{c.New(x, "query "+r.p.Name, "", "inverted", "400: "+beyond.value+" is beyond "+r.Against+", which is "+end.value, strconv.Itoa(x.Status), r.p.Place.FileLine())}, nil
		}
	}
	return nil, nil
}
