package checks

import (
	"cmp"
	"context"
	"math/big"
	"slices"
	"strings"
	"time"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/convention"
	"troth/openapi/schema"
)

func sortHonoured() contract.Check {
	return contract.Check{
		ID:      "sort-honoured",
		Promise: "A parameter that names a member to sort by sorts by it, in the direction that it says.",
		Why:     "A client that asks for the newest, or the largest, takes the first items for those.",
		Source:  "the parameter, whose values are members of the items; troth.yaml, selection",
		Level:   contract.Should,
		Needs:   []contract.Need{twoItems()},
		Applies: func(s *contract.Subject) bool { return s.Page != nil && s.Op.Body == nil && len(orders(s)) > 0 },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			var findings []contract.Finding
			judged := false
			for _, o := range orders(&c.Subject) {
				p, err := ask(ctx, c, "sorted by "+o.name(), append(largest(ctx, c), o.changes...)...)
				if contract.WasSkipped(err) {
					continue
				}
				if err != nil {
					return findings, err
				}
				members := o.members(p.items)
				if judged = judged || len(members) > 1; o.sorts(members) {
					continue
				}
				findings = append(findings, c.New(p.Exchange, "query "+o.p.Name, c.Page.Items, "sort "+o.value, o.wants(), quote(strings.Join(texts(members), ", ")), o.p.Place.FileLine()))
			}
			if len(findings) == 0 && !judged {
				return nil, contract.Skip("the items say nothing of what they can be sorted by")
			}
			return findings, nil
		},
	}
}

// order is one value of a parameter that sorts.
type order struct {
	p       *openapi.Parameter
	value   string
	key     convention.Key
	told    bool // the direction is: else either is right
	sent    []bystander
	changes []contract.Change
}

func (o order) name() string { return o.p.Name + " " + o.value }

// mostOrders is how many orders are asked for.
const mostOrders = 8

// orders are the values of a parameter that sorts, where it lists them: those that name a member of the items whose order nobody doubts, in the
// directions of the parameter for those where there is one.
func orders(s *contract.Subject) (list []order) {
	selection := s.Conv.Selection(s.Op, s.Page.Items)
	item := itemSchema(s)
	if selection == nil || selection.Sort == "" || item == nil {
		return nil
	}
	p := s.Op.Parameter("query", selection.Sort)
	if p == nil {
		return nil
	}
	for _, v := range p.Schema.Enum {
		value, ok := openapi.Text(v)
		keys := selection.Keys(value, "", item)
		if !ok || len(keys) != 1 || strings.ContainsAny(value, ",;") || !ordered(item.Find(keys[0].Member)) {
			continue
		}
		o := order{p: p, value: value, key: keys[0], told: keys[0].Falls, sent: []bystander{{p.Name, value, true}}, changes: []contract.Change{contract.Query(p.Name, value)}}
		directions := directed(s, selection)
		if len(directions) == 0 {
			list = append(list, o)
		}
		for falls, word := range directions {
			with := o
			with.key.Falls, with.told = falls != o.key.Falls, true
			with.sent = append(slices.Clone(o.sent), bystander{selection.Order, word, true})
			with.changes = append(slices.Clone(o.changes), contract.Query(selection.Order, word))
			with.value += " " + word
			list = append(list, with)
		}
	}
	for i, o := range list {
		list[i].told = o.told || o.backwards(list)
	}
	slices.SortStableFunc(list, func(a, b order) int { return cmp.Compare(a.value, b.value) })
	return list[:min(len(list), mostOrders)]
}

// directed are the words of a parameter for the direction, by whether they are for the falling one.
func directed(s *contract.Subject, selection *convention.Selection) map[bool]string {
	words := map[bool]string{}
	if selection.Order == "" {
		return nil
	}
	for _, v := range s.Op.Parameter("query", selection.Order).Schema.Enum {
		switch word, _ := openapi.Text(v); {
		case strings.HasPrefix(strings.ToLower(word), "asc"):
			words[false] = word
		case strings.HasPrefix(strings.ToLower(word), "desc"):
			words[true] = word
		}
	}
	return words
}

// itemSchema is the schema of a list's items, nil where it has none.
func itemSchema(s *contract.Subject) *schema.Schema {
	response, _ := s.Op.Success()
	content := response.JSON()
	if content == nil || content.Schema == nil {
		return nil
	}
	at := content.Schema
	for name := range strings.SplitSeq(strings.TrimPrefix(s.Page.Items, "/"), "/") {
		if at != nil && name != "" {
			at = at.Find(strings.NewReplacer("~1", "/", "~0", "~").Replace(name))
		}
	}
	if at == nil {
		return nil
	}
	for part := range at.Parts(true) {
		if part.Items != nil {
			return part.Items
		}
	}
	return nil
}

// ordered tells whether a member's values have an order that servers agree on: words have that of their list, or of the alphabet.
func ordered(s *schema.Schema) bool {
	return s != nil && s.Enum == nil && s.Types&(schema.TypeInteger|schema.TypeNumber|schema.TypeString) != 0 && s.Types&(schema.TypeObject|schema.TypeArray) == 0
}

// members are what items say of what they are sorted by; those that say nothing may stand anywhere.
func (o order) members(items []any) (list []any) {
	for _, item := range items {
		object, _ := item.(map[string]any)
		if v := object[o.key.Member]; v != nil {
			list = append(list, v)
		}
	}
	return list
}

func texts(list []any) (texts []string) {
	for _, v := range list {
		text, _ := openapi.Text(v)
		texts = append(texts, text)
	}
	return texts
}

// sorts tells whether values stand in the order, by one of the ways in which servers compare texts.
func (o order) sorts(list []any) bool {
	for _, compare := range []func(a, b any) int{compareFolded, compareBytes} {
		rises := slices.IsSortedFunc(list, compare)
		falls := slices.IsSortedFunc(list, func(a, b any) int { return compare(b, a) })
		if !o.told && (rises || falls) || o.told && (!o.key.Falls && rises || o.key.Falls && falls) {
			return true
		}
	}
	return false
}

func compareFolded(a, b any) int { return compareValues(a, b, strings.ToLower) }

func compareBytes(a, b any) int {
	return compareValues(a, b, func(s string) string { return s })
}

// compareValues compares numbers, instants, and texts as far as each way to compare them agrees: where the first letters that differ are of
// ASCII. Digits may count as numbers, punctuation may not count.
func compareValues(a, b any, form func(string) string) int {
	x, _ := openapi.Text(a)
	y, _ := openapi.Text(b)
	_, aText := a.(string)
	_, bText := b.(string)
	if !aText && !bText {
		p, pok := new(big.Rat).SetString(x)
		q, qok := new(big.Rat).SetString(y)
		if pok && qok && len(x) < 40 && len(y) < 40 {
			return p.Cmp(q)
		}
		return 0
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		p, perr := time.Parse(layout, x)
		q, qerr := time.Parse(layout, y)
		if perr == nil && qerr == nil {
			return p.Compare(q)
		}
	}
	x, y = form(x), form(y)
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			if isLetter(x[i]) && isLetter(y[i]) {
				return cmp.Compare(x[i], y[i])
			}
			return 0
		}
	}
	return 0
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
