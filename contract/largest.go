package contract

import (
	"cmp"
	"context"
	"strconv"
)

// longest is how long the largest pages are where the document has no limit.
const longest = 500

// Largest is the largest page size that a list answers, at most n and the document's maximum; 0 stands for any n. A server that refuses its own
// maximum is asked for parts of it: what is wrong with its largest page must not hide what is wrong with its items. It is found once in a run.
func (c *Case) Largest(ctx context.Context, n int) int {
	n = cmp.Or(c.Page.Maximum, n, longest)
	if c.Page.Size == "" {
		return n
	}
	key := c.Op.ID + " " + strconv.Itoa(n)
	c.session.mu.Lock()
	known := c.session.largest[key]
	c.session.mu.Unlock()
	if known > 0 {
		return known
	}
	found := n
	for _, part := range []int{1, 2, 5, 10} {
		size := max(n/part, c.Page.Minimum, 1)
		x, err := c.Ask(ctx, "large page", Query(c.Page.Size, strconv.Itoa(size)))
		if err != nil {
			return n
		}
		if x.OK() {
			found = size
			break
		}
	}
	c.session.mu.Lock()
	defer c.session.mu.Unlock()
	c.session.largest[key] = found
	return found
}
