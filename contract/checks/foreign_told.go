package checks

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"unicode"

	"troth/contract"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// shortestID is how long an ID is at least that is looked for in texts.
const shortestID = 6

// foreignTold compares the refusal of another tenant's list with that of one below a parent that does not exist: where both are 404, a number, ID or
// address that only the first names is of what it refuses to show. Texts that differ from time to time tell nothing, nor do those of an ID that may be
// malformed; other words may be of another place in the server's code.
func (t tenant) foreignTold(ctx context.Context, c *contract.Case, theirs *contract.Exchange) ([]contract.Finding, error) {
	if findings, err := t.itemsTold(ctx, c, theirs); err != nil || len(findings) > 0 {
		return findings, err
	}
	if s := t.p.Schema; theirs.Status != http.StatusNotFound || s.Pattern == nil && s.Format != "uuid" && s.Types != schema.TypeInteger {
		return nil, nil
	}
	unknown, err := c.UnknownValue(ctx, t.p)
	if contract.WasSkipped(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var said [2][2]map[string]string
	var nobody *contract.Exchange
	for i := range 2 { // what differs is asked for once more
		x, err := c.Ask(ctx, "list of "+t.of, t.asked(again(i)...)...)
		if err != nil {
			return nil, err
		}
		y, err := c.Ask(ctx, "list of an unknown "+t.p.Name, again(i, contract.Path(t.p.Name, unknown), contract.Provoking())...)
		if err != nil || x.Status != theirs.Status || y.Status != theirs.Status {
			return nil, err
		}
		if len(x.PathValue(t.p.Name)) < shortestID || len(y.PathValue(t.p.Name)) < shortestID {
			return nil, nil // it may stand in other words and numbers, too
		}
		said[0][i], said[1][i], nobody = refusalTexts(x, x.PathValue(t.p.Name)), refusalTexts(y, y.PathValue(t.p.Name)), y
		if i == 0 && len(toldMore(said[0][0], said[1][0], theirs.URL)) == 0 {
			return nil, nil
		}
	}
	for _, pointer := range toldMore(said[0][0], said[1][0], theirs.URL) {
		a, b := said[0][0][pointer], said[1][0][pointer]
		if said[0][1][pointer] != a || said[1][1][pointer] != b {
			continue
		}
		want := "the text of an unknown " + t.p.Name + ", but for the ID: " + quote(b)
		if b == "" {
			want = "no such text, as for an unknown " + t.p.Name
		}
		f := c.New(theirs, "path "+t.p.Name, pointer, "told", want, quote(a), c.Op.Place.FileLine())
		return []contract.Finding{f.And(nobody).At(contract.Should)}, nil
	}
	return nil, nil
}

// toldMore are the pointers of texts of one refusal that name more than those of another and the URL.
func toldMore(theirs, unknown map[string]string, url string) (pointers []string) {
	for _, pointer := range slices.Sorted(maps.Keys(theirs)) {
		than, has := unknown[pointer]
		if !has {
			than = strings.Join(slices.Collect(maps.Values(unknown)), " ")
		}
		if namesMore(theirs[pointer], than+url) {
			pointers = append(pointers, pointer)
		}
	}
	return pointers
}

// itemsTold finds the IDs of items in the texts of a refusal, each time the same: several, since one may be of the caller or of what it may not see.
func (t tenant) itemsTold(ctx context.Context, c *contract.Case, theirs *contract.Exchange) ([]contract.Finding, error) {
	told := itemIDs(c, theirs)
	if len(told) < 2 {
		return nil, nil
	}
	again, err := c.Ask(ctx, "list of "+t.of, t.asked(contract.Again())...)
	if err != nil || !slices.Equal(itemIDs(c, again), told) {
		return nil, err
	}
	f := c.New(theirs, "path "+t.p.Name, "", "told", "a refusal that names no item of "+t.of, strings.Join(told[:2], ", "), c.Op.Place.FileLine())
	return []contract.Finding{f.At(contract.Should)}, nil
}

// itemIDs are the words of a refusal that may be IDs of the list's items and that the request does not name, where IDs have a form.
func itemIDs(c *contract.Case, x *contract.Exchange) (ids []string) {
	one := c.Other(itemOperation(&c.Subject, http.MethodGet))
	if x.OK() || one == nil || !one.PicksItem() || one.Last().Schema.Pattern == nil && one.Last().Schema.Format != "uuid" {
		return nil
	}
	for _, text := range refusalTexts(x, "") {
		for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_' }) {
			if len(word) >= shortestID && strings.ContainsAny(word, "0123456789") && one.Last().Schema.Valid(word, schema.Request) && !strings.Contains(x.URL, word) {
				ids = append(ids, word)
			}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// namesMore tells whether a text has a number, an ID or an address that is not in another, in whatever case.
func namesMore(text, than string) bool {
	than = strings.ToLower(than)
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '@' })
	return slices.ContainsFunc(words, func(word string) bool {
		return strings.ContainsAny(word, "0123456789@") && !strings.Contains(than, word)
	})
}

// refusalTexts are the texts of an error, by pointer, without an ID that they name where one is given.
func refusalTexts(x *contract.Exchange, id string) map[string]string {
	found := map[string]string{}
	body, err := x.JSON()
	if err != nil {
		return found
	}
	var collect func(at string, v any)
	collect = func(at string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, inner := range v {
				collect(at+"/"+source.Escape(name), inner)
			}
		case []any:
			for i, inner := range v {
				collect(fmt.Sprint(at, "/", i), inner)
			}
		case string:
			if id != "" {
				v = strings.ReplaceAll(v, id, "{}")
			}
			found[at] = v
		}
	}
	collect("", body)
	return found
}
