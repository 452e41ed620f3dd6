package checks

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strconv"

	"troth/contract"
	"troth/openapi/source"
)

// countedInOwn is parentCounts for an item that the run makes: of some items only, those that were there already, a count may be right.
func (k *counting) countedInOwn(ctx context.Context) ([]contract.Finding, error) {
	maker := makerOf(k.parent)
	if maker == nil {
		return nil, nil
	}
	holder, err := create(ctx, maker, "create to hold what is counted", fresh(maker))
	if holder != nil {
		defer holder.clean(ctx, maker)
	}
	if err != nil || holder.id == "" {
		return nil, passing(err)
	}
	above := []contract.Change{contract.Beside(holder.answer), contract.Path(k.parent.Last().Name, holder.id)}
	x, err := k.parent.Ask(ctx, "item above the empty list", append(slices.Clone(above), contract.Again())...)
	if err != nil || !x.OK() {
		return nil, err
	}
	none := countedState{says: k.told(x), read: x}
	m, err := create(ctx, k.c, "create to be counted alone", fresh(k.c), above...)
	if m != nil {
		defer m.clean(ctx, k.c)
	}
	if err != nil {
		return nil, passing(err)
	}
	one, err := k.look(ctx, m)
	if err != nil || one.items != 1 {
		return nil, err
	}
	if findings, err := k.judge(ctx, m, m.answer, []countedState{none}, none, one); err != nil || len(findings) > 0 {
		return findings, err
	}
	return k.judgeDeleted(ctx, m, []countedState{none, one})
}

// countsAll is how descriptions say that a count leaves nothing out.
var countsAll = regexp.MustCompile(`(?i)\b(exact(ly)?|all|any|every|number of|how many)\b`)

// countsSome is how descriptions say that a count leaves something out.
var countsSome = regexp.MustCompile(`(?i)\b(only|open|active|visible|public(ly)?|published|approved|pending|unread|unresolved|closed|done|except|exclud(es|ed|ing)|without|not|recursive(ly)?|nested|recent|last|current)\b`)

// wrongAlways finds a count that followed each change and never was how many items the list has, where the document says that it counts them all.
func (k *counting) wrongAlways(ctx context.Context, m *made, moments []countedState) ([]contract.Finding, error) {
	for _, pointer := range slices.Sorted(maps.Keys(moments[0].says)) {
		tokens := source.Tokens(pointer)
		name, says := tokens[len(tokens)-1], k.describes(tokens)
		if !k.own.MatchString(letters(name)) || !countsAll.MatchString(says) || countsSome.MatchString(says) || !offBySame(pointer, moments) {
			continue
		}
		if err := quiet(ctx, listBeside(k.c, m), true); contract.WasSkipped(err) {
			return nil, nil
		} else if err != nil {
			return nil, err
		}
		later, err := k.look(ctx, m)
		if err != nil || !offBySame(pointer, append(slices.Clone(moments), later)) {
			return nil, err
		}
		f := k.c.New(later.read, "item above the list", pointer, "count", strconv.Itoa(later.items)+", as the list has", strconv.Itoa(later.says[pointer]), k.parent.Op.Place.FileLine())
		return []contract.Finding{f.At(contract.Should)}, nil
	}
	return nil, nil
}

// describes is the description of a member of the item above the list.
func (k *counting) describes(tokens []string) string {
	s := shapeOf(k.parent)
	for _, token := range tokens {
		if s = s.Find(token); s == nil {
			return ""
		}
	}
	return s.Description
}

// offBySame tells whether a count differed from how many items there were, at each moment by the same number.
func offBySame(pointer string, moments []countedState) bool {
	off := moments[0].says[pointer] - moments[0].items
	return off != 0 && !slices.ContainsFunc(moments, func(s countedState) bool {
		n, has := s.says[pointer]
		return !has || n-s.items != off
	})
}
