package checks

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"regexp"
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
	for i := range 2 {
		x, err := c.Ask(ctx, "list of "+t.of, t.asked(contract.Again())...)
		if err != nil {
			return nil, err
		}
		y, err := c.Ask(ctx, "list of an unknown "+t.p.Name, contract.Path(t.p.Name, unknown), contract.Again(), contract.Provoking())
		if err != nil || x.Status != theirs.Status || y.Status != theirs.Status {
			return nil, err
		}
		if len(x.PathValue(t.p.Name)) < shortestID || len(y.PathValue(t.p.Name)) < shortestID {
			return nil, nil // it may stand in other words and numbers, too
		}
		said[0][i], said[1][i], nobody = refusalTexts(x, x.PathValue(t.p.Name)), refusalTexts(y, y.PathValue(t.p.Name)), y
	}
	for _, pointer := range slices.Sorted(maps.Keys(said[0][0])) {
		a, b := said[0][0][pointer], said[1][0][pointer]
		want := "the text of an unknown " + t.p.Name + ", but for the ID: " + quote(b)
		if _, has := said[1][0][pointer]; !has {
			b = strings.Join(slices.Collect(maps.Values(said[1][0])), " ")
			want = "no such text, as for an unknown " + t.p.Name
		}
		if !namesMore(a, b+theirs.URL) || said[0][1][pointer] != a || said[1][1][pointer] != said[1][0][pointer] {
			continue
		}
		f := c.New(theirs, "path "+t.p.Name, pointer, "told", want, quote(a), c.Op.Place.FileLine())
		return []contract.Finding{f.And(nobody).At(contract.Should)}, nil
	}
	return nil, nil
}

// namesMore tells whether a text has a number, an ID or an address that is not in another.
func namesMore(text, than string) bool {
	than = strings.ToLower(than)
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '@' })
	return slices.ContainsFunc(words, func(word string) bool {
		return strings.ContainsAny(word, "0123456789@") && !strings.Contains(than, word)
	})
}

// refusalTexts are the texts of an error, by pointer, without an ID that they name.
func refusalTexts(x *contract.Exchange, id string) map[string]string {
	found := map[string]string{}
	body, err := x.JSON()
	if err != nil {
		return found
	}
	named := regexp.MustCompile("(?i)" + regexp.QuoteMeta(id))
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
			found[at] = named.ReplaceAllString(v, "{}")
		}
	}
	collect("", body)
	return found
}
