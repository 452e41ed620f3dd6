package checks

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"troth/contract"
	"troth/openapi/schema"
	"troth/openapi/source"
)

func changeAlone() contract.Check {
	return contract.Check{
		ID:      "change-alone",
		Promise: "A change changes the item that it names: no other comes, goes, changes or is moved, and the list shows the change.",
		Why:     "Who corrects one item makes a copy of it, or spoils others that nobody looks at.",
		Source:  "RFC 9110 §9.3.4; RFC 5789 §2: a change is one of the resource that the path names",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool { return s.Op.Body != nil && updates(s) },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			content, object, err := jsonObject(c)
			if err != nil {
				return nil, err
			}
			item, before, err := itemToChange(ctx, c, "item before a change beside others")
			if err != nil {
				return nil, err
			}
			defer item.clean(ctx)
			if item.made == nil {
				return nil, contract.Skip("only what the run itself created is compared, and the document has no operation that creates it")
			}
			beside, err := create(ctx, item.maker, "create beside what is changed", fresh(item.maker))
			defer beside.clean(ctx, item.maker)
			if err != nil && !contract.WasSkipped(err) { // there may be room for one only
				return nil, err
			}
			sent := changed(c.Op, content.Schema, object)
			if len(sent) == 0 {
				sent = object
			}
			naming(c, sent, before)
			a := &alone{c: c, item: item, list: listBeside(item.maker, item.made), sent: sent, was: before}
			return a.judge(ctx)
		},
	}
}

// alone is a change of an item that stands in a list.
type alone struct {
	c    *contract.Case
	item *own
	list *contract.Case
	sent map[string]any
	was  map[string]any // the item before

	change *contract.Exchange
	behind *census
}

func (a *alone) judge(ctx context.Context) ([]contract.Finding, error) {
	before, err := takeCensus(ctx, a.list, a.c.Last())
	if err != nil {
		return nil, err
	}
	if before == nil {
		return nil, contract.Skip("the item stands in no list that can be read")
	}
	if a.change, err = askChange(ctx, a.c, "change beside others", "", a.sent, append(slices.Clone(a.item.at), contract.Again())...); err != nil {
		return nil, err
	}
	if !a.change.OK() || a.change.Status == http.StatusAccepted {
		return nil, contract.Skip("the change was answered %d", a.change.Status)
	}
	_, now, err := a.item.read(ctx, "item behind a change beside others")
	if err != nil {
		return nil, err
	}
	if a.behind, err = takeCensus(ctx, a.list, a.c.Last()); err != nil || a.behind == nil {
		return nil, err
	}
	findings := a.compare(before, now)
	if len(findings) > 0 {
		if err := quiet(ctx, a.list, counts(findings)); err != nil {
			return nil, err
		}
	}
	return findings, nil
}

// compare judges what the list holds before and behind the change: which items, and how many; the others as they were, in their order; and the change.
func (a *alone) compare(before *census, now map[string]any) []contract.Finding {
	findings := append(a.held(before), a.others(before)...)
	if before.turned(a.behind, a.item.made.id) {
		findings = append(findings, a.finding(a.behind.pages[0].Exchange, "order", "the other items in the order from before", "another order").At(contract.Should))
	}
	return append(findings, a.shown(now)...)
}

// held finds items that came or went with the change, and a total that did.
func (a *alone) held(before *census) (findings []contract.Finding) {
	if came := before.came(a.behind); len(came) > 0 {
		findings = append(findings, a.finding(a.behind.on[came[0]].Exchange, "come", "the items from before", "the item "+quote(came[0])+" besides"))
	}
	if gone := a.behind.came(before); len(gone) > 0 {
		findings = append(findings, a.finding(a.behind.last(), "gone", "the items from before", "no item "+quote(gone[0])))
	}
	if len(findings) == 0 && a.list.Page.TotalExact && before.total >= 0 && a.behind.total != before.total {
		findings = append(findings, a.finding(a.behind.pages[0].Exchange, "counted", fmt.Sprintf("a total of %d, as before", before.total), strconv.Itoa(a.behind.total)))
	}
	return findings
}

// others finds another item that the change changed.
func (a *alone) others(before *census) []contract.Finding {
	for _, other := range before.ids {
		if a.behind.items[other] == nil || other == a.item.made.id {
			continue
		}
		if pointer, same := a.untouched(before.items[other], a.behind.items[other]); !same {
			return []contract.Finding{a.finding(a.behind.on[other].Exchange, "untouched", "every other item as it was", "item "+quote(other)+" with another "+pointer).At(contract.Should)}
		}
	}
	return nil
}

// untouched compares another item with what it was, but for members that depend on those of other items: a place among them, or a flag that one has.
func (a *alone) untouched(was, is map[string]any) (pointer string, same bool) {
	shape := itemSchema(&a.list.Subject)
	for _, name := range slices.Sorted(maps.Keys(was)) {
		_, isFlag := was[name].(bool)
		if isTime(was[name]) || isFlag && schema.Equal(a.sent[name], true) || tellsPlace(name) {
			continue
		}
		if shape.Find(name) == nil && names(shape) {
			continue
		}
		if pointer, same = agreeAs(shape.Find(name), was[name], is[name], "/"+source.Escape(name)); !same && !isLinks(was[name]) {
			return pointer, false
		}
	}
	return "", true
}

// tellsPlace tells whether a member says where an item stands among others, by its name.
func tellsPlace(name string) bool {
	lower := strings.ToLower(name)
	return slices.ContainsFunc([]string{"position", "order", "rank", "index", "priority", "next", "previous", "prev", "count", "sort", "share", "percent"}, func(word string) bool {
		return strings.Contains(lower, word)
	})
}

// shown wants the list to show the item as it is read alone, where it showed it as it was read before.
func (a *alone) shown(now map[string]any) []contract.Finding {
	id := a.item.made.id
	listed := a.behind.items[id]
	for _, name := range slices.Sorted(maps.Keys(a.sent)) {
		v, has := listed[name]
		if !has || now[name] == nil || schema.Equal(a.was[name], now[name]) || !schema.Equal(a.was[name], v) {
			continue
		}
		return []contract.Finding{a.finding(a.behind.on[id].Exchange, "shown", "the item "+id+" with "+name+" "+quote(fmt.Sprint(now[name])), quote(fmt.Sprint(v))+", as before").At(contract.Should)}
	}
	return nil
}

func (a *alone) finding(x *contract.Exchange, keyword, want, got string) contract.Finding {
	return a.c.New(x, "list", a.list.Page.Items, keyword, want, got, a.c.Op.Place.FileLine()).After(a.change)
}
