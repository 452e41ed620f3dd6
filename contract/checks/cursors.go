package checks

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/source"
)

// byCursor applies to lists whose pages tell the cursor of the next one.
func byCursor(s *contract.Subject) bool {
	return sized(s) && s.Page.Style == "cursor" && s.Page.Next != "-" && s.Page.Page != ""
}

// cursorOf is the cursor that a page tells, "" where it tells none.
func cursorOf(c *contract.Case, p *page) string {
	v, _ := source.Get(p.body, c.Page.Next)
	if v == nil {
		return ""
	}
	cursor, _ := openapi.Text(v)
	return cursor
}

func cursorRepeats() contract.Check {
	return contract.Check{
		ID:      "cursor-repeats",
		Promise: "A cursor that is sent again leads to the same page, also with another page size.",
		Why:     "A client that lost an answer and asks again misses a page, or cannot go on.",
		Source:  "RFC 9110 §9.2.2: GET is idempotent; the parameters of the cursor and of the page size",
		Level:   contract.Should,
		Applies: byCursor,
		Needs:   []contract.Need{twoItems(), toldApart()},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			size, err := walkSize(ctx, c)
			if err != nil {
				return nil, err
			}
			for _, again := range []cursorAgain{{"again", size}, {"with another page size", size + 1}} {
				if c.Page.Maximum > 0 && again.size > c.Page.Maximum {
					continue
				}
				if findings, err := judgeCursor(ctx, c, size, again); err != nil || len(findings) > 0 {
					return findings, err
				}
			}
			return nil, nil
		},
	}
}

// cursorAgain is how a cursor is sent a second time.
type cursorAgain struct {
	name string
	size int
}

// judgeCursor sends the first page's cursor twice. A server may refuse another size than the cursor was issued for.
func judgeCursor(ctx context.Context, c *contract.Case, size int, again cursorAgain) ([]contract.Finding, error) {
	var one, two *page
	var refused *contract.Exchange
	at := func(name, cursor string, size int) (*contract.Exchange, error) {
		return c.Ask(ctx, name, contract.Query(c.Page.Size, strconv.Itoa(size)), contract.Query(c.Page.Page, cursor), contract.Again())
	}
	first, same, err := bracketed(ctx, c, func(repeat ...contract.Change) (*page, error) {
		return ask(ctx, c, "first page", append(repeat, contract.Query(c.Page.Size, strconv.Itoa(size)))...)
	}, func(first *page, _ ...contract.Change) (bool, error) {
		cursor := cursorOf(c, first)
		if cursor == "" {
			return false, contract.Skip("the first page has no cursor")
		}
		x, err := at("second page by its cursor", cursor, size)
		if err != nil {
			return false, err
		}
		if refused = refusal(x); refused != nil {
			return false, nil
		}
		if one, err = pageOf(c, x); err != nil {
			return false, err
		}
		if x, err = at("second page by its cursor "+again.name, cursor, again.size); err != nil {
			return false, err
		}
		if refused = refusal(x); refused != nil {
			return again.size != size, nil
		}
		if two, err = pageOf(c, x); err != nil {
			return false, err
		}
		return len(two.items) >= min(len(one.items), again.size) && isPrefix(identities(one.items), identities(two.items)), nil
	})
	if err != nil || same {
		return nil, err
	}
	finding := func(x *contract.Exchange, got string) []contract.Finding {
		p := c.Op.Parameter("query", c.Page.Page)
		return []contract.Finding{c.New(x, "query "+p.Name, c.Page.Items, again.name, "the items that it led to before", got, p.Place.FileLine()).After(first.Exchange)}
	}
	if refused != nil {
		return finding(refused, strconv.Itoa(refused.Status)), nil
	}
	return finding(two.Exchange, "others, or in another order"), nil
}

// refusal is an answer that refuses the request, nil where it does not.
func refusal(x *contract.Exchange) *contract.Exchange {
	if x.Status >= 400 && x.Status < 500 {
		return x
	}
	return nil
}

func cursorParent() contract.Check {
	return contract.Check{
		ID:      "cursor-parent",
		Promise: "A cursor of one parent's list does not show its items below another parent.",
		Why:     "A client that mixes cursors up, or means to, sees what belongs to somebody else.",
		Source:  "the path: the list is that of the parent that it names",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool { return byCursor(s) && len(parentsAbove(s)) > 0 },
		Needs:   []contract.Need{twoItems(), toldApart()},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			above := parentsAbove(&c.Subject)
			p := above[len(above)-1]
			ids, err := twoParents(ctx, c, p)
			if err != nil {
				return nil, err
			}
			return judgeParents(ctx, c, p, ids)
		},
	}
}

// twoParents are IDs of the list that a path variable picks from. Skip where there are no two.
func twoParents(ctx context.Context, c *contract.Case, p *openapi.Parameter) (ids []string, err error) {
	list := listAt(c, p)
	if list == nil {
		return nil, contract.Skip("no list shows what %s may be", p.Name)
	}
	page, err := ask(ctx, list, "list of parents")
	if err != nil {
		return nil, err
	}
	for _, item := range page.items {
		object, _ := item.(map[string]any)
		if id, ok := openapi.Text(contract.IDOf(object, p)); ok && id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if len(ids) < 2 {
		return nil, contract.Skip("there is no other %s", p.Name)
	}
	return ids, nil
}

// listAt is the case of the list that a path variable picks from, nil where there is none.
func listAt(c *contract.Case, p *openapi.Parameter) *contract.Case {
	for _, o := range c.Op.Document.Operations {
		if o.Method != http.MethodGet || !strings.HasPrefix(c.Op.Route, o.Route+"/{"+p.Name+"}/") {
			continue
		}
		if list := c.Other(o); list != nil && list.Page != nil {
			return list
		}
	}
	return nil
}

// judgeParents sends the cursor of one parent's list below another one.
func judgeParents(ctx context.Context, c *contract.Case, p *openapi.Parameter, ids []string) ([]contract.Finding, error) {
	size := contract.Query(c.Page.Size, strconv.Itoa(max(c.Page.Minimum, 1)))
	first, err := ask(ctx, c, "first page", size, contract.Path(p.Name, ids[0]))
	if err != nil {
		return nil, err
	}
	cursor := cursorOf(c, first)
	if cursor == "" {
		return nil, contract.Skip("the first page has no cursor")
	}
	own, err := ask(ctx, c, "second page by its cursor", size, contract.Path(p.Name, ids[0]), contract.Query(c.Page.Page, cursor))
	if err != nil {
		return nil, err
	}
	theirs, err := ask(ctx, c, "large page of another "+p.Name, append(largest(ctx, c), contract.Path(p.Name, ids[1]))...)
	if err != nil {
		return nil, err
	}
	x, err := c.Ask(ctx, "cursor below another "+p.Name, size, contract.Path(p.Name, ids[1]), contract.Query(c.Page.Page, cursor), contract.Provoking())
	if err != nil {
		return nil, err
	}
	mixed, err := pageOf(c, x)
	if err != nil {
		return nil, nil // refused
	}
	for _, item := range mixed.items {
		if hasID(item) && shows(own, item) && !shows(theirs, item) {
			return []contract.Finding{c.New(x, "query "+c.Page.Page, c.Page.Items, "parent", "a refusal, or items below "+ids[1], "item "+quote(identity(item))+" of "+ids[0], c.Op.Parameter("query", c.Page.Page).Place.FileLine()).And(own.Exchange, theirs.Exchange)}, nil
		}
	}
	return nil, nil
}
