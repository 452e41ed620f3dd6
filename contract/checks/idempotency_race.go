package checks

import (
	"context"
	"strconv"

	"troth/contract"
)

// keyAtOnce sends one request several times side by side with one key, twice.
func keyAtOnce(ctx context.Context, c *contract.Case, m *made, _ contract.Change) (findings []contract.Finding, err error) {
	for range 2 {
		if findings, err = createdAtOnce(ctx, c, m); err != nil || len(findings) == 0 {
			return nil, err
		}
	}
	return findings, nil
}

// createdAtOnce finds that requests side by side with one key create several items. Which of them are refused, until the first is answered, is
// the server's to choose.
func createdAtOnce(ctx context.Context, c *contract.Case, m *made) ([]contract.Finding, error) {
	body, _, _, err := newBody(c)
	if err != nil || body == nil {
		return nil, err
	}
	key, err := newKey(c)
	if err != nil {
		return nil, err
	}
	answers, err := c.Together(atATime, func(int) (*contract.Exchange, error) {
		return c.Ask(ctx, "create with one key beside others", body, contract.Again(), contract.Beside(m.answer), contract.Provoking(), key)
	})
	if err != nil {
		return nil, err
	}
	items := map[string]*made{}
	var apart []*made
	for _, x := range answers {
		if n := m.sibling(c, x); n != nil && items[n.id] == nil {
			items[n.id], apart = n, append(apart, n)
			defer n.clean(ctx, c)
		}
	}
	if len(apart) < 2 {
		return nil, nil
	}
	for _, n := range apart[:2] {
		if x, _, err := n.read(ctx, "read what a key created"); err != nil || !x.OK() {
			return nil, err
		}
	}
	f := c.New(apart[1].answer, keyField(c), "", "at once", "one item: the requests side by side have the same key", strconv.Itoa(len(apart))+" items", c.Op.Place.FileLine())
	return []contract.Finding{f.And(apart[0].answer)}, nil
}
