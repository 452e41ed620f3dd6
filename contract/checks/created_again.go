package checks

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strconv"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/source"
)

// readAgain reads what was created once more: it is still there, and reading it has not changed it.
func readAgain(ctx context.Context, c *contract.Case, m *made, before map[string]any) ([]contract.Finding, error) {
	x, now, err := m.read(ctx, "read what was created again")
	if err != nil {
		return nil, err
	}
	if !x.OK() {
		return []contract.Finding{c.New(x, "created item", "", "again", "the item "+m.id+", as a moment before", strconv.Itoa(x.Status), c.Op.Place.FileLine()).After(m.answer)}, nil
	}
	if turned(m.one, before, now) == "" {
		return nil, nil
	}
	return changedByReading(ctx, c)
}

// turned is a flag or a word of an enumeration that two answers tell differently of an item, "" where there is none.
func turned(one *contract.Case, before, now map[string]any) string {
	was, is := words(one, before), words(one, now)
	for i := 0; i+1 < len(was); i += 2 {
		if at := slices.Index(is, was[i]); at >= 0 && at%2 == 0 && is[at+1] != was[i+1] {
			return was[i]
		}
	}
	known, _ := declared(shapeOf(one), before).(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(known)) {
		flag, ok := before[name].(bool)
		if other, still := now[name].(bool); ok && still && flag != other {
			return name
		}
	}
	return ""
}

// changedByReading tells what reading changes from what time does: of two items the one made first is read last, and has not changed until then.
func changedByReading(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
	var two [2]*made
	for i := range two {
		m, err := create(ctx, c, "create to be read", fresh(c))
		if m != nil {
			defer m.clean(ctx, c)
		}
		if contract.WasSkipped(err) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		two[i] = m
	}
	var said [2][2]map[string]any
	var last *contract.Exchange
	for i := range two {
		for j := range said[i] {
			x, says, err := two[1-i].read(ctx, "read what was created")
			if err != nil || !x.OK() {
				return nil, err
			}
			said[i][j], last = says, x
		}
	}
	name := turned(two[0].one, said[0][0], said[0][1])
	if name == "" || said[1][0][name] != said[0][0][name] || said[1][1][name] != said[0][1][name] {
		return nil, nil
	}
	was, _ := openapi.Text(said[1][0][name])
	is, _ := openapi.Text(said[1][1][name])
	f := c.New(last, "created item", "/"+source.Escape(name), "safe", quote(was)+": reading changes nothing (RFC 9110 §9.2.1)", quote(is)+" at the second reading, of each of two items", c.Op.Place.FileLine())
	return []contract.Finding{f.After(two[0].answer).At(contract.Should)}, nil
}

// selfOfCreated follows the link self in an answer to creating.
func selfOfCreated(ctx context.Context, c *contract.Case, m *made) ([]contract.Finding, error) {
	of := itemAnswered(&c.Subject)
	if href, err := url.Parse(selfOf(of, m.body)); err != nil || href.String() == "" || m.answer.Status == 202 {
		return nil, nil
	}
	findings, _, err := judgeSelf(ctx, c, m.one, m.answer, of, m.body, m.id, false)
	for i := range findings {
		findings[i] = findings[i].At(contract.Should)
	}
	return findings, err
}
