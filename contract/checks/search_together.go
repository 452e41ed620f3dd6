package checks

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"troth/contract"
	"troth/openapi"
)

// searchedTogether searches lists that are chosen by a value, too, for texts that items of other values have.
func searchedTogether(ctx context.Context, c *contract.Case, whole *page) (findings []contract.Finding, judged bool, err error) {
	chosen := filters(&c.Subject)
	asked := 0
	for _, p := range searches(&c.Subject) {
		for _, name := range slices.Sorted(maps.Keys(chosen)) {
			f, text, ok := otherValues(c, p, filter{c.Op.Parameter("query", name), chosen[name]}, whole.items)
			if !ok || asked == mostPairs {
				continue
			}
			asked++
			if findings, err := judgeSearched(ctx, c, whole, f, p, text); err != nil || len(findings) > 0 {
				return findings, true, err
			}
		}
	}
	return nil, asked > 0, nil
}

// otherValues are a value and a text that items of other values have.
func otherValues(c *contract.Case, p *openapi.Parameter, f filter, items []any) (found choice, text string, ok bool) {
	for _, value := range f.telling(items) {
		others := slices.DeleteFunc(slices.Clone(items), func(item any) bool { return f.lets(item, value) })
		if texts := searchTexts(c, p, others); len(texts) > 0 {
			return choice{f, value}, texts[0], true
		}
	}
	return found, "", false
}

// judgeSearched asks for the items with a value and a text. What the text finds is the server's to say.
func judgeSearched(ctx context.Context, c *contract.Case, whole *page, f choice, p *openapi.Parameter, text string) ([]contract.Finding, error) {
	some, err := ask(ctx, c, f.p.Name+" as a filter, searched by "+p.Name, append(largest(ctx, c), contract.Query(f.p.Name, f.value), contract.Query(p.Name, text))...)
	if contract.WasSkipped(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for i, item := range some.items {
		if !f.lets(item, f.value) {
			return []contract.Finding{c.New(some.Exchange, "query "+f.p.Name, c.Page.Items+"/"+strconv.Itoa(i)+"/"+f.member, "searched", f.value+" in each item, searched or not", quote(f.says(item)), f.p.Place.FileLine()).And(whole.Exchange)}, nil
		}
	}
	return nil, nil
}
