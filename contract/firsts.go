package contract

import "net/http"

// largestFirst is how many bytes a first answer has at most: they are kept until the run ends.
const largestFirst = 64 << 10

// noteFirst keeps the first answer to an operation's ordinary request below each parent: what a list held before the run changed it.
func (c *Case) noteFirst(r Request, x *Exchange) {
	if c.Op.Method != http.MethodGet || r.Name != "ordinary request" || x.Status != http.StatusOK || len(x.Body) > largestFirst {
		return
	}
	c.session.mu.Lock()
	defer c.session.mu.Unlock()
	if key := c.firstKey(x); c.session.firsts[key] == nil {
		c.session.firsts[key] = x
	}
}

// First is the first answer in the run to the operation's ordinary request with the path values that another request had; nil where that was not asked.
func (c *Case) First(beside *Exchange) *Exchange {
	c.session.mu.Lock()
	defer c.session.mu.Unlock()
	return c.session.firsts[c.firstKey(beside)]
}

func (c *Case) firstKey(x *Exchange) string {
	key := c.Op.ID
	for _, p := range c.Op.Parameters {
		if p.In == "path" {
			key += " " + x.path[p.Name]
		}
	}
	return key
}
