package checks

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"troth/contract"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// counting looks at the item that a list stands below, and at how many items it says there are.
type counting struct {
	c, parent *contract.Case
	own       *regexp.Regexp // names that can mean nothing but how many items there are
}

// countedState is what there is at one moment.
type countedState struct {
	items int            // -1: unknown
	says  map[string]int // by pointer
	read  *contract.Exchange
}

// settles is how long a count may take to follow.
const settles = time.Second

// parentCounts wants an item that says how many items stand in the list below it to say so behind creating one and deleting it, too. How many there are
// now, and what the item says now, may differ already: what was deleted before shows it.
func parentCounts(ctx context.Context, c *contract.Case, m *made) ([]contract.Finding, error) {
	k := countingFor(c)
	if k == nil {
		return nil, nil
	}
	before, err := k.look(ctx, m)
	if err != nil || before.items < 0 {
		return nil, err
	}
	first := k.first(m)
	another, err := create(ctx, c, "create to be counted", fresh(c), contract.Beside(m.answer))
	if another != nil {
		defer another.clean(ctx, c)
	}
	if contract.WasSkipped(err) || err != nil {
		return nil, passing(err)
	}
	more, err := k.look(ctx, m)
	if err != nil || more.items != before.items+1 {
		return nil, err
	}
	if findings, err := k.judge(ctx, m, another.answer, []countedState{first, before}, before, more); err != nil || len(findings) > 0 {
		return findings, err
	}
	if findings, err := k.judgeDeleted(ctx, another, []countedState{first, before, more}); err != nil || len(findings) > 0 {
		return findings, err
	}
	if findings, err := k.wrongAlways(ctx, m, []countedState{before, more}); err != nil || len(findings) > 0 {
		return findings, err
	}
	return k.countedInOwn(ctx)
}

// judgeDeleted deletes an item that was counted at the last of some moments.
func (k *counting) judgeDeleted(ctx context.Context, m *made, moments []countedState) ([]contract.Finding, error) {
	last := moments[len(moments)-1]
	remove := k.c.Other(itemOperation(&k.c.Subject, http.MethodDelete))
	gone, err := remove.Ask(ctx, "delete what was counted", contract.Beside(m.answer), contract.Path(remove.Last().Name, m.id), contract.Again())
	if err != nil || !gone.OK() {
		return nil, err
	}
	fewer, err := k.look(ctx, m)
	if err != nil || fewer.items != last.items-1 {
		return nil, err
	}
	return k.judge(ctx, m, gone, moments, last, fewer)
}

// passing is an error, but for a skip.
func passing(err error) error {
	if contract.WasSkipped(err) {
		return nil
	}
	return err
}

// countingFor is nil where the list stands below no item that can be read.
func countingFor(c *contract.Case) *counting {
	i := strings.LastIndex(c.Op.Route, "/")
	above, segment := c.Op.Route[:max(i, 0)], c.Op.Route[i+1:]
	if !strings.HasSuffix(above, "}") || listOf(c) == nil || itemOperation(&c.Subject, http.MethodDelete) == nil {
		return nil
	}
	for _, o := range c.Op.Document.Operations {
		if o.Method != http.MethodGet || o.Route != above {
			continue
		}
		if parent := c.Other(o); parent != nil && parent.Page == nil && parent.Last() != nil {
			return &counting{c: c, parent: parent, own: ownCount(segment)}
		}
	}
	return nil
}

const countWords = `(count|number|num|total|of)*`

var commonCount = regexp.MustCompile(`^(total|count|size|number|num|of)*(item|items|entry|entries|child|children|element|elements|member|members)?(total|count|size|number|num)*$`)

// countsMore is how descriptions say that what is gone counts, too, or not all that is there.
var countsMore = regexp.MustCompile(`(?i)\b(ever|life-?time|all[- ]time|cumulative|since|deleted|archived|removed|at most|maximum|limit|approximate(ly)?|estimated?|delayed|eventual(ly)?|periodical(ly)?|cached)\b`)

// ownCount matches names of how many items of a list there are, in small letters without separators: "artifactcount" of "artifacts".
func ownCount(segment string) *regexp.Regexp {
	stem, ending := letters(segment), "(s|es)?"
	switch {
	case strings.HasSuffix(stem, "ies"):
		stem, ending = strings.TrimSuffix(stem, "ies"), "(y|ies)"
	case strings.HasSuffix(stem, "s"):
		stem = strings.TrimSuffix(strings.TrimSuffix(stem, "s"), "e")
		ending = "(e|s|es)?"
	}
	return regexp.MustCompile(`^` + countWords + regexp.QuoteMeta(stem) + ending + countWords + `$`)
}

// look reads the parent and counts the items.
func (k *counting) look(ctx context.Context, m *made) (countedState, error) {
	state := countedState{items: -1}
	x, err := k.parent.Ask(ctx, "item above the list", contract.Beside(m.answer), contract.Again())
	if err != nil || !x.OK() {
		return state, err
	}
	if state.read, state.says = x, k.told(x); len(state.says) == 0 {
		return state, nil
	}
	list := listBeside(k.c, m)
	now, err := takeCensus(ctx, list, m.variable)
	switch {
	case err != nil || now == nil:
	case now.whole:
		state.items = len(now.ids)
	case list.Page.TotalExact:
		state.items = now.total
	}
	return state, err
}

// first is what the run saw first: then nothing was deleted yet.
func (k *counting) first(m *made) countedState {
	state, list := countedState{items: -1}, listOf(k.c)
	if x := k.parent.First(m.answer); x != nil {
		state.says = k.told(x)
	}
	if x := list.First(m.answer); x != nil && list.Page.TotalExact {
		if p, err := pageOf(list, x); err == nil {
			state.items = p.total
		}
	}
	return state
}

func (k *counting) told(x *contract.Exchange) map[string]int {
	body, err := x.JSON()
	if err != nil {
		return nil
	}
	return k.counts(shapeOf(k.parent), k.parent.Plain(x, body), "", 2)
}

// counts are the numbers of an object that may count the items, by where they stand.
func (k *counting) counts(s *schema.Schema, v any, at string, depth int) map[string]int {
	found := map[string]int{}
	object, _ := v.(map[string]any)
	for name, v := range object {
		pointer, member := at+"/"+source.Escape(name), s.Find(name)
		if member != nil && countsMore.MatchString(member.Description) {
			continue
		}
		if number, is := v.(json.Number); is {
			n, err := strconv.Atoi(number.String())
			if plain := letters(name); err == nil && (k.own.MatchString(plain) || commonCount.MatchString(plain)) {
				found[pointer] = n
			}
		}
		if depth > 1 {
			maps.Copy(found, k.counts(member, v, pointer, depth-1))
		}
	}
	return found
}

// isCount tells whether a number was how many items there were: at one moment where its name says what it counts, else at two with different numbers.
func (k *counting) isCount(pointer string, moments []countedState) bool {
	equal := map[int]bool{}
	for _, state := range moments {
		if n, has := state.says[pointer]; has && n == state.items {
			equal[n] = true
		}
	}
	tokens := source.Tokens(pointer)
	return len(equal) > 1 || len(equal) == 1 && k.own.MatchString(letters(tokens[len(tokens)-1]))
}

// judge wants each count to follow a change.
func (k *counting) judge(ctx context.Context, m *made, change *contract.Exchange, moments []countedState, was, is countedState) ([]contract.Finding, error) {
	for _, pointer := range slices.Sorted(maps.Keys(was.says)) {
		want := was.says[pointer] + is.items - was.items
		if now, has := is.says[pointer]; !has || now == want || !k.isCount(pointer, moments) {
			continue
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(settles):
		}
		later, err := k.look(ctx, m)
		if now, has := later.says[pointer]; err != nil || later.items != is.items || !has || now == want {
			return nil, err
		}
		f := k.c.New(later.read, "item above the list", pointer, "count", strconv.Itoa(want)+", as the list changed", strconv.Itoa(later.says[pointer]), k.parent.Op.Place.FileLine())
		return []contract.Finding{f.After(change).At(contract.Should)}, nil
	}
	return nil, nil
}
