package checks

import (
	"context"
	"slices"
	"strconv"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/sample"
	"troth/openapi/schema"
)

func filterUnknown() contract.Check {
	return contract.Check{
		ID:      "filter-unknown",
		Promise: "A value that no item has chooses none.",
		Why:     "A client that asks for what is not there takes everything else for that.",
		Source:  "the parameter, which has the name and the values of a member of the items; troth.yaml, selection",
		Level:   contract.Should,
		Needs:   []contract.Need{twoItems()},
		Applies: func(s *contract.Subject) bool { return s.Page != nil && s.Op.Body == nil && len(filters(s)) > 0 },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			if neverEmpty(c) {
				return nil, contract.Skip("the list is never empty")
			}
			return eachFilter(ctx, c, "the items have every value, or say nothing of what can be chosen by", func(all *page, f filter) ([]contract.Finding, bool, error) {
				value, ok := f.unknown(all.items, lasting(c, all.items))
				if !ok {
					return nil, false, nil
				}
				findings, err := judgeUnknown(ctx, c, all, choice{f, value})
				return findings, true, err
			})
		},
	}
}

// noValues are texts that nobody gives to anything.
var noValues = []string{"zqxj7kvw0-nothing", "zqxjkvw", "00000000-7a7a-4b4b-8c8c-0123456789ab", "nobody.zqxjkvw@example.invalid"}

// lasting are the items that the run did not make, and may delete before they are asked for.
func lasting(c *contract.Case, items []any) []any {
	return slices.DeleteFunc(slices.Clone(items), func(item any) bool { return c.Mine(idOf(item)) })
}

// unknown is a value of a filter that no item has, where some have another: a part of one that lasts, where the value is told by its end.
func (f filter) unknown(items, last []any) (value string, ok bool) {
	if !slices.ContainsFunc(items, func(item any) bool { return f.says(item) != "" }) {
		return "", false
	}
	candidates := noValues
	if f.exact() && !isWord(valuesOf(f.p)) {
		candidates = append(f.parts(last), noValues...)
	}
	if valuesOf(f.p).Pattern != nil {
		candidates = slices.Concat(candidates, likenesses(f.p))
	}
	if isWord(valuesOf(f.p)) {
		candidates = []string{"true", "false"}
		for i, v := range f.p.Schema.Enum {
			if i == 0 {
				candidates = nil
			}
			if text, scalar := openapi.Text(v); scalar && v != nil && text != "" {
				candidates = append(candidates, text)
			}
		}
	}
	for _, text := range candidates {
		if takesText(f.p, text) && !slices.ContainsFunc(items, func(item any) bool { return f.exactly(item, text) }) {
			return text, true
		}
	}
	return "", false
}

// likenesses are texts of the pattern of a parameter, long enough to stand for nothing.
func likenesses(p *openapi.Parameter) (list []string) {
	const long = 8
	for seed := range uint64(4) {
		v, err := sample.Value(valuesOf(p), 73+seed, sample.For(schema.Request))
		if text, ok := v.(string); err == nil && ok && len(text) >= long {
			list = append(list, text)
		}
	}
	return list
}

// parts are what values begin with: who looks for texts in part takes them for those.
func (f filter) parts(items []any) (list []string) {
	for _, text := range f.telling(items) {
		characters := []rune(text)
		if part := string(characters[:len(characters)-1]); plainWord.MatchString(part) {
			list = append(list, part)
		}
	}
	return list
}

func judgeUnknown(ctx context.Context, c *contract.Case, whole *page, f choice) ([]contract.Finding, error) {
	x, err := c.Ask(ctx, f.p.Name+" as a filter that chooses nothing", append(largest(ctx, c), contract.Query(f.p.Name, f.value))...)
	if err != nil {
		return nil, err
	}
	finding := func(keyword, want, got string, level contract.Level) ([]contract.Finding, error) {
		return []contract.Finding{c.New(x, "query "+f.p.Name, c.Page.Items, keyword, want, got, f.p.Place.FileLine()).And(whole.Exchange).At(level)}, nil
	}
	if x.Status >= 400 && x.Status < 500 {
		return finding("status", "an empty list: "+f.value+" is a valid value", strconv.Itoa(x.Status), contract.Advice)
	}
	none, err := pageOf(c, x)
	if err != nil {
		return nil, nil // others tell
	}
	for _, item := range none.items {
		if !f.lets(item, f.value) {
			return finding("unknown", "no items: none has "+f.value, strconv.Itoa(len(none.items))+", one of them with "+quote(f.says(item)), contract.Should)
		}
	}
	return nil, nil
}
