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

func conflicts() contract.Check {
	return contract.Check{
		ID:      "conflict-unchanged",
		Promise: "What is refused because there is one already (409) is not carried out, and no change makes two items of what there may be one of.",
		Why:     "Names that are to tell items apart do not, and what was refused is there all the same.",
		Source:  "RFC 9110 §15.5.10: the request could not be completed",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool { return creates(s) && declaresStatus(s, http.StatusConflict) },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			first, err := create(ctx, c, "create to be there already", fresh(c))
			findings, err := conflictWith(ctx, c, first, err)
			if err != errNotUnique {
				return findings, err
			}
			every, err := createFull(ctx, c, " to be there already") // what there is one of may be left out
			if err == nil && len(every.sent) <= len(first.sent) {
				every.clean(ctx, c)
				return nil, errNotUnique
			}
			return conflictWith(ctx, c, every, err)
		},
	}
}

// errNotUnique is why there is nothing to judge where the same is created twice.
var errNotUnique = contract.Skip("creating the same again was answered with a success, not 409")

// conflictWith creates what was created once more; err is why that failed.
func conflictWith(ctx context.Context, c *contract.Case, first *made, err error) ([]contract.Finding, error) {
	if first != nil {
		defer first.clean(ctx, c)
	}
	if err != nil {
		return nil, err
	}
	list := listBeside(c, first)
	before, err := takeCensus(ctx, list, first.variable)
	if err != nil {
		return nil, err
	}
	again, err := first.again(ctx, c)
	if err != nil {
		return nil, err
	}
	if again.OK() {
		cleanOther(ctx, c, first, again)
		return nil, errNotUnique
	}
	if again.Status != http.StatusConflict {
		return nil, contract.Skip("creating the same again was answered %d, not 409", again.Status)
	}
	c.Taken(again)
	if findings, err := conflictKept(ctx, c, first, again, before); err != nil || len(findings) > 0 {
		return findings, err
	}
	return conflictByChange(ctx, c, first)
}

// again creates what was created once more.
func (m *made) again(ctx context.Context, c *contract.Case) (*contract.Exchange, error) {
	return c.Ask(ctx, "create the same again", contract.Body(m.answer.Sent.Get("Content-Type"), m.answer.SentBody), contract.Beside(m.answer), contract.Again(), contract.Provoking())
}

// conflictKept finds what a refused creation left behind.
func conflictKept(ctx context.Context, c *contract.Case, first *made, again *contract.Exchange, before *census) ([]contract.Finding, error) {
	finding := func(x *contract.Exchange, where, got string) []contract.Finding {
		return []contract.Finding{c.New(again, where, "", "unchanged", "all as it was before the refusal", got, c.Op.Place.FileLine()).After(first.answer).And(x)}
	}
	x, _, err := first.read(ctx, "read what was there already")
	if err != nil {
		return nil, err
	}
	if x.Status == http.StatusNotFound || x.Status == http.StatusGone {
		return finding(x, "item", "no item "+first.id), nil
	}
	list := listBeside(c, first)
	behind, err := takeCensus(ctx, list, first.variable)
	if err != nil || before == nil || behind == nil {
		return nil, err
	}
	got, shows, counts := "", behind.pages[0].Exchange, false
	if came := less(behind.ids, before.ids); len(came) > 0 {
		got, shows = "the item "+quote(came[0]), behind.on[came[0]].Exchange
	} else if list.Page.TotalExact && before.total != behind.total {
		got, counts = fmt.Sprintf("a total of %d, not of %d", behind.total, before.total), true
	} else if id, pointer := before.changed(behind); id == first.id {
		got, shows = "item "+id+" with another "+pointer, behind.on[id].Exchange
	}
	if got == "" {
		return nil, nil
	}
	if err := quiet(ctx, list, counts); contract.WasSkipped(err) && counts {
		return nil, nil // total-steady tells
	} else if err != nil {
		return nil, err
	}
	return finding(shows, "list", got), nil
}

// conflictByChange gives a second item what the first one has: that is refused, and leaves it as it was.
func conflictByChange(ctx context.Context, c *contract.Case, first *made) ([]contract.Finding, error) {
	second, err := create(ctx, c, "create another", fresh(c))
	if second != nil {
		defer second.clean(ctx, c)
	}
	if err != nil {
		return nil, err
	}
	for _, method := range []string{http.MethodPatch, http.MethodPut} {
		op := itemOperation(&c.Subject, method)
		if op == nil {
			continue
		}
		if change := c.Other(op); change != nil && updates(&change.Subject) {
			if findings, err := takeName(ctx, change, first, second); err != nil || len(findings) > 0 {
				return findings, err
			}
		}
	}
	return nil, nil
}

// takeName changes the second item to what the first was sent as: a name may be taken together with a number only.
func takeName(ctx context.Context, c *contract.Case, first, second *made) ([]contract.Finding, error) {
	content, body, err := jsonObject(c)
	if contract.WasSkipped(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	names := map[string]any{}
	for name, v := range first.sent {
		if !schema.Equal(v, second.sent[name]) && !named(c.Op, name) {
			names[name] = v
		}
	}
	if body = joinedWith(body, names); c.Op.Method == http.MethodPatch {
		body = names
	}
	if len(names) == 0 || !content.Schema.Valid(body, schema.Request) {
		return nil, nil
	}
	_, before, err := second.read(ctx, "read another before it is changed")
	if err != nil || before == nil {
		return nil, err
	}
	naming(c, body, before)
	x, err := askBody(ctx, c, "change to what another is", "", body, contract.Beside(second.answer), contract.Path(c.Last().Name, second.id), contract.Again(), contract.Provoking())
	if err != nil {
		return nil, err
	}
	read, now, err := second.read(ctx, "read another behind the change")
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		f := c.New(x, "item", "/"+source.Escape(name), "conflict", quote(fmt.Sprint(before[name]))+", as before: another item is "+quote(fmt.Sprint(names[name])), quote(fmt.Sprint(now[name])), c.Op.Place.FileLine()).After(first.answer, second.answer).And(read)
		switch taken := now != nil && schema.Equal(now[name], names[name]) && !schema.Equal(before[name], names[name]); {
		case !taken || x.Status >= 500 || x.OK() && !declaresStatus(&c.Subject, http.StatusConflict):
			continue
		case x.OK() && differs(first.sent, before, now):
			continue
		case x.OK():
			f = f.At(contract.Should)
		}
		return []contract.Finding{f}, nil
	}
	return nil, nil
}

// differs tells whether an item differs, behind a change, from what another was sent as, in a member that it showed before: what PUT leaves out may tell
// the two apart.
func differs(sent, before, now map[string]any) bool {
	for name, v := range sent {
		if _, shown := before[name]; shown && !schema.Equal(now[name], v) {
			return true
		}
	}
	return false
}
