package contract

// Visit is an answer that a case of one operation got from another on its way, with the case that asked for it.
type Visit struct {
	Case     *Case
	Exchange *Exchange
}

// mostVisits is how many answers of other operations are kept for one operation: a walk over a long list need not be judged whole.
const mostVisits = 40

// Visits are the answers that the operation's cases got from other operations so far: those may never show the same when they are judged themselves.
func (c *Case) Visits() []Visit {
	c.session.mu.Lock()
	defer c.session.mu.Unlock()
	return append([]Visit{}, c.session.visits[c.Op.ID]...)
}

// visited notes an answer of another operation than the one that is judged.
func (c *Case) visited(r Request, x *Exchange) {
	if c.host == "" || r.Aside || r.Method != c.Op.Method {
		return
	}
	c.session.mu.Lock()
	defer c.session.mu.Unlock()
	list := c.session.visits[c.host]
	if len(list) == mostVisits {
		return
	}
	for _, v := range list {
		if v.Exchange == x {
			return
		}
	}
	c.session.visits[c.host] = append(list, Visit{c, x})
}
