package checks

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"troth/contract"
	"troth/openapi/schema"
	"troth/openapi/source"
)

func changesTogether() contract.Check {
	return contract.Check{
		ID:      "changes-together",
		Promise: "Of two changes side by side to two members of an item, both are kept.",
		Why:     "Two people who edit different fields at a time are both told that it worked, and one of them has lost his work.",
		Source:  "RFC 5789 §2: a patch is applied as a whole, to the resource as it is",
		Level:   contract.Should,
		Once:    true, // looks several times by itself
		Applies: func(s *contract.Subject) bool { return updates(s) && s.Op.Method == http.MethodPatch },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			content, _, err := jsonObject(c)
			if err != nil {
				return nil, err
			}
			item, before, err := itemToChange(ctx, c, "item before changes of two members")
			if err != nil {
				return nil, err
			}
			defer item.clean(ctx)
			if item.made == nil {
				return nil, contract.Skip("only what the run itself created is changed, and the document has no operation that creates it")
			}
			p := &patches{c: c, item: item}
			if err := p.choose(ctx, content.Schema, before); err != nil {
				return nil, err
			}
			for round := 1; round <= patchRounds; round++ {
				if findings, err := p.race(ctx, round); err != nil || len(findings) > 0 {
					return findings, err
				}
			}
			return nil, nil
		},
	}
}

// patchRounds is how often two changes are made side by side.
const patchRounds = 3

// patches are changes of two members of an item, each by itself.
type patches struct {
	c      *contract.Case
	item   *own
	names  []string
	bodies [][]map[string]any // of each member
	now    map[string]any     // the item
}

// choose finds two members that can be changed one after the other.
func (p *patches) choose(ctx context.Context, s *schema.Schema, before map[string]any) error {
	p.now = before
	for _, name := range slices.Sorted(maps.Keys(before)) {
		member := s.Find(name)
		if member == nil || member.ReadOnly || named(p.c.Op, name) || len(p.names) == 2 {
			continue
		}
		bodies := values(s, nil, name, before[name], 1+patchRounds)
		if len(bodies) <= patchRounds {
			continue
		}
		kept, err := p.keeps(ctx, name, bodies[0])
		if err != nil {
			return err
		}
		if kept {
			p.names, p.bodies = append(p.names, name), append(p.bodies, bodies)
		}
	}
	if len(p.names) < 2 {
		return contract.Skip("no two members can be changed by themselves")
	}
	return nil
}

// keeps tells whether a change of one member is made and shown.
func (p *patches) keeps(ctx context.Context, name string, body map[string]any) (bool, error) {
	x, err := askChange(ctx, p.c, "change of "+name+" alone", "", body, append(slices.Clone(p.item.at), contract.Again(), contract.Provoking())...)
	if err != nil || !x.OK() {
		return false, err
	}
	_, now, err := p.item.read(ctx, "item behind a change of "+name+" alone")
	if err != nil {
		return false, passing(err)
	}
	p.now = now
	return schema.Equal(now[name], body[name]), nil
}

// race changes both members side by side; one that says afterwards what it said before is lost.
func (p *patches) race(ctx context.Context, round int) ([]contract.Finding, error) {
	answers, err := p.c.Together(2, func(i int) (*contract.Exchange, error) {
		return askBody(ctx, p.c, "change beside one of another member", "", p.bodies[i][round], append(slices.Clone(p.item.at), contract.Again(), contract.Provoking())...)
	})
	if err != nil {
		return nil, err
	}
	x, now, err := p.item.read(ctx, "item behind two changes side by side")
	if err != nil {
		return nil, passing(err)
	}
	was := p.now
	p.now = now
	if !answers[0].OK() || !answers[1].OK() {
		return nil, nil
	}
	sent := func(i int) any { return p.bodies[i][round][p.names[i]] }
	for i, name := range p.names {
		if other := p.names[1-i]; schema.Equal(now[name], was[name]) && !schema.Equal(was[name], sent(i)) && schema.Equal(now[other], sent(1-i)) { // else the read lags
			f := p.c.New(x, "item", "/"+source.Escape(name), "side by side", quote(fmt.Sprint(sent(i)))+", as one of two changes side by side had it", quote(fmt.Sprint(now[name]))+", as before both", p.c.Op.Place.FileLine())
			return []contract.Finding{f.After(answers[i], answers[1-i])}, nil
		}
	}
	return nil, nil
}
