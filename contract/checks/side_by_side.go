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
	"troth/openapi"
)

// burst is how many requests for one list or thing are sent side by side, and burstItems how many for different items.
const (
	burst      = 3
	burstItems = 4
)

func sideBySide() contract.Check {
	return contract.Check{
		ID:      "side-by-side",
		Promise: "A request that is sent beside others is answered as it is alone.",
		Why:     "As soon as two clients ask at a time, one is shown what the other asked for, or nothing.",
		Source:  "RFC 9110 §9.3.1: GET is answered with a representation of the target resource",
		Level:   contract.Must,
		Once:    true, // looks again by itself
		Applies: func(s *contract.Subject) bool { return s.Op.Method == http.MethodGet },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			asked, err := apart(ctx, c)
			if err != nil {
				return nil, err
			}
			alone, err := inTurn(ctx, c, asked)
			if err != nil {
				return nil, err
			}
			together, err := allAtOnce(ctx, c, asked)
			if err != nil {
				return nil, err
			}
			if findings := otherStatus(c, alone, together); len(findings) > 0 || len(mixed(c, alone, together)) == 0 {
				return findings, nil
			}
			return mixedAgain(ctx, c, asked)
		},
	}
}

// question is a request of the operation and what it is called.
type question struct {
	name    string
	changes []contract.Change
}

// apart are requests whose answers can be told apart: for pages of a list, or items. Where there are none, the ordinary one several times.
func apart(ctx context.Context, c *contract.Case) ([]question, error) {
	ordinary, err := c.Ordinary(ctx)
	if err != nil {
		return nil, err
	}
	var list []question
	switch {
	case numbered(&c.Subject):
		list, err = pagesApart(ctx, c)
	case c.Page == nil && c.PicksItem():
		list, err = itemsApart(ctx, c, ordinary)
	}
	if err != nil && !contract.WasSkipped(err) {
		return nil, err
	}
	for len(list) < 2 {
		list = []question{{"ordinary request", nil}, {"ordinary request", nil}, {"ordinary request", nil}}
	}
	if q, ok := belowAnother(ctx, c, list[0]); ok {
		list = append(list, q)
	}
	return list, nil
}

// belowAnother is a request below other parents: another tenant's where they were given, else one that does not exist.
func belowAnother(ctx context.Context, c *contract.Case, like question) (q question, ok bool) {
	q.name = like.name + " below another parent"
	var last *openapi.Parameter
	for _, p := range parentsAbove(&c.Subject) {
		if last = p; len(c.Theirs(p.Name)) > 0 {
			q.changes = append(q.changes, contract.Path(p.Name, c.Theirs(p.Name)[0]))
		}
	}
	if last != nil && len(q.changes) == 0 {
		if text, err := c.UnknownValue(ctx, last); err == nil {
			q.changes = append(q.changes, contract.Path(last.Name, text))
		}
	}
	if len(q.changes) == 0 {
		return q, false
	}
	q.changes = append(slices.Clone(like.changes), append(q.changes, contract.Provoking())...)
	return q, true
}

// pagesApart are the first two pages of two items or more, since pages of one item answer each other as soon as an item is created, and the one that no
// size is asked for of.
func pagesApart(ctx context.Context, c *contract.Case) (list []question, err error) {
	size, err := walkSize(ctx, c)
	if size = max(size, 2); err != nil || c.Page.Maximum == 1 {
		return nil, err
	}
	for i := range burst - 1 {
		number := c.Page.Number(i, size)
		list = append(list, question{fmt.Sprintf("page %d of size %d", number, size), []contract.Change{contract.Query(c.Page.Page, strconv.Itoa(number)), contract.Query(c.Page.Size, strconv.Itoa(size))}})
	}
	return append(list, question{"ordinary request", nil}), nil
}

// itemsApart are items of the list that the ordinary one stands in.
func itemsApart(ctx context.Context, c *contract.Case, ordinary *contract.Exchange) (list []question, err error) {
	above := listAbove(c)
	if above == nil {
		return nil, nil
	}
	p, err := ask(ctx, above, "large page", append(largest(ctx, above), contract.Beside(ordinary))...)
	if err != nil {
		return nil, err
	}
	for _, item := range p.items[:min(burstItems, len(p.items))] {
		if text, ok := openapi.Text(contract.IDOf(item, c.Last())); ok && text != "null" {
			list = append(list, question{"item " + text, []contract.Change{contract.Beside(p.Exchange), contract.Path(c.Last().Name, text)}})
		}
	}
	return list, nil
}

// inTurn asks one after the other.
func inTurn(ctx context.Context, c *contract.Case, asked []question, repeat ...contract.Change) ([]*contract.Exchange, error) {
	answers := make([]*contract.Exchange, len(asked))
	for i, q := range asked {
		var err error
		if answers[i], err = c.Ask(ctx, q.name, append(repeat, q.changes...)...); err != nil {
			return nil, err
		}
	}
	return answers, nil
}

func allAtOnce(ctx context.Context, c *contract.Case, asked []question) ([]*contract.Exchange, error) {
	return c.Together(len(asked), func(i int) (*contract.Exchange, error) {
		return c.Ask(ctx, asked[i].name+" beside others", append(asked[i].changes, contract.Again(), contract.Once())...)
	})
}

// otherStatus finds a request that fails beside others only, or does not only beside others.
func otherStatus(c *contract.Case, alone, together []*contract.Exchange) []contract.Finding {
	for i, x := range together {
		found := alone[i].Status == http.StatusNotFound && x.OK()
		if found || alone[i].OK() && !x.OK() && x.Status != http.StatusTooManyRequests {
			return []contract.Finding{c.New(x, "requests side by side", "", "status", fmt.Sprintf("%d, as alone", alone[i].Status), strconv.Itoa(x.Status), c.Op.Place.FileLine()).And(alone[i])}
		}
	}
	return nil
}

// mixed finds an answer that is the one to another of the requests.
func mixed(c *contract.Case, alone, together []*contract.Exchange) []contract.Finding {
	said := make([]string, len(alone))
	for i, x := range alone {
		said[i] = contentTold(c, x)
	}
	for i, x := range together {
		now := contentTold(c, x)
		for j := range said {
			if now != "" && now != said[i] && now == said[j] && said[i] != "" {
				return []contract.Finding{c.New(x, "requests side by side", "", "mixed", "the "+alone[i].Name+", as alone", "the "+alone[j].Name+", which was asked for at the same time", c.Op.Place.FileLine()).And(together[j])}
			}
		}
	}
	return nil
}

// contentTold is what an answer can be told by: the IDs of a page's items, or the item's, "" where that is not known.
func contentTold(c *contract.Case, x *contract.Exchange) string {
	if c.Page != nil {
		p, err := pageOf(c, x)
		if err != nil {
			return ""
		}
		return "items " + strings.Join(identities(p.items), "\n")
	}
	body, _ := x.JSON()
	object, _ := body.(map[string]any)
	if !x.OK() || object == nil || c.Last() == nil {
		return ""
	}
	for _, v := range append([]any{object}, inside(object)...) {
		if id, ok := openapi.Text(contract.IDOf(v, c.Last())); ok && id != "null" {
			return id
		}
	}
	return ""
}

// inside are the objects in an object.
func inside(object map[string]any) (list []any) {
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if inner, ok := object[name].(map[string]any); ok {
			list = append(list, inner)
		}
	}
	return list
}

// mixedAgain asks anew, side by side between two rounds of asking in turn: where those say the same, the resources did not change meanwhile.
func mixedAgain(ctx context.Context, c *contract.Case, asked []question) ([]contract.Finding, error) {
	for range 4 {
		before, err := inTurn(ctx, c, asked, contract.Again())
		if err != nil {
			return nil, err
		}
		together, err := allAtOnce(ctx, c, asked)
		if err != nil {
			return nil, err
		}
		behind, err := inTurn(ctx, c, asked, contract.Again())
		if err != nil {
			return nil, err
		}
		if findings := mixed(c, before, together); len(findings) > 0 && sameShown(c, before, behind) {
			return findings, nil
		}
	}
	return nil, nil
}

func sameShown(c *contract.Case, before, behind []*contract.Exchange) bool {
	for i := range before {
		if contentTold(c, before[i]) != contentTold(c, behind[i]) {
			return false
		}
	}
	return true
}
