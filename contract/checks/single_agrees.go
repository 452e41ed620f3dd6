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
	"troth/openapi/schema"
	"troth/openapi/source"
)

func singleAgrees() contract.Check {
	return contract.Check{
		ID:      "single-agrees",
		Promise: "An item says the same in its list and on its own.",
		Why:     "Clients that cache items from a list show what the item itself denies.",
		Source:  "the list and the item are representations of one resource (RFC 9110 §3.2)",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool {
			return s.Page != nil && itemOperation(s, http.MethodGet) != nil || s.Page == nil && s.Op.Method == http.MethodGet && s.PicksItem()
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			if c.Page == nil {
				return oneByOne(ctx, c)
			}
			one := c.Other(itemOperation(&c.Subject, http.MethodGet))
			for try := range 2 {
				changes := again(try)
				list, err := ask(ctx, c, "large page", append(largest(ctx, c), changes...)...)
				if err != nil {
					return nil, err
				}
				findings, err := compareItems(ctx, c, one, list, chosen(c, one, list), changes)
				if err != nil || len(findings) == 0 || try > 0 {
					return findings, err
				}
			}
			return nil, nil
		},
	}
}

// itemOperation is an operation on one item of a list: its path is the list's with one variable more.
func itemOperation(s *contract.Subject, method string) *openapi.Operation {
	for _, o := range s.Op.Document.Operations {
		rest, ok := strings.CutPrefix(o.Route, s.Op.Route+"/{")
		if ok && o.Method == method && strings.IndexByte(rest, '}') == len(rest)-1 {
			return o
		}
	}
	return nil
}

// largest asks for the largest page.
func largest(ctx context.Context, c *contract.Case) []contract.Change {
	if !sized(&c.Subject) || c.Page.Maximum == 0 {
		return nil
	}
	return []contract.Change{contract.Query(c.Page.Size, strconv.Itoa(c.Largest(ctx, 0)))}
}

// mostCompared is how many items of a list are asked for one by one.
const mostCompared = 6

// compared are the items of a page that are asked for one by one: the first and the last, the first behind a page of the default size, and of
// the others those that have most traits which no item before has.
func compared(one *contract.Case, items []any, size int) (list []any) {
	if len(items) == 0 {
		return nil
	}
	all := make([][]string, len(items))
	for i, item := range items {
		all[i] = traits(one, item)
	}
	chosen, seen := map[int]bool{}, map[string]bool{}
	choose := func(i int) {
		if !chosen[i] {
			chosen[i], list = true, append(list, items[i])
		}
		for _, trait := range all[i] {
			seen[trait] = true
		}
	}
	choose(0)
	choose(len(items) - 1)
	if size > 0 && size < len(items) {
		choose(size)
	}
	for len(list) < mostCompared {
		best, most := 0, 0
		for i := range items {
			if n := fresher(all[i], seen); n > most {
				best, most = i, n
			}
		}
		if most == 0 {
			break
		}
		choose(best)
	}
	return list
}

// fresher counts the traits that were not seen.
func fresher(traits []string, seen map[string]bool) (n int) {
	for _, trait := range traits {
		if !seen[trait] {
			n++
		}
	}
	return n
}

// traits are what items have in common with others: the names of their members, their words of enumerations, and what is so or not.
func traits(one *contract.Case, item any) (list []string) {
	object, _ := item.(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(object)) {
		list = append(list, name)
		if flag, ok := object[name].(bool); ok {
			list = append(list, name+" "+strconv.FormatBool(flag))
		}
	}
	named := words(one, object)
	for i := 0; i+1 < len(named); i += 2 {
		list = append(list, named[i]+" "+named[i+1])
	}
	return list
}

// words are the values of those members of an item that are enumerations, with their names.
func words(one *contract.Case, object map[string]any) (list []string) {
	r, _ := one.Op.Success()
	content := r.JSON()
	if content == nil {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if member := content.Schema.Find(name); member != nil && member.Enum != nil {
			text, _ := openapi.Text(object[name])
			list = append(list, name, text)
		}
	}
	return list
}

// chosen are the items of a list that its own case compares: the one that the item's cases ask for among them.
func chosen(c, one *contract.Case, list *page) []any {
	if one == nil || !one.PicksItem() {
		return nil
	}
	items := compared(one, list.items, c.Page.Default)
	if i := slices.IndexFunc(list.items, func(item any) bool { return !c.Mine(contract.IDOf(item, one.Last())) }); i > 0 {
		items = append(items, list.items[i])
	}
	return items
}

func compareItems(ctx context.Context, c, one *contract.Case, list *page, items []any, changes []contract.Change) ([]contract.Finding, error) {
	if one == nil || !one.PicksItem() {
		return nil, contract.Skip("the item's operation cannot be asked")
	}
	if success, _ := one.Op.Success(); success == nil {
		return nil, contract.Skip("the item's operation declares no success")
	}
	variable := one.Last()
	_, _, shape := c.Conv.Items(c.Op)
	judged := false
	for _, item := range items {
		listed, _ := item.(map[string]any)
		id := contract.IDOf(listed, variable)
		if id == nil {
			break
		}
		text, _ := openapi.Text(id)
		x, err := one.Ask(ctx, "item "+text, append(slices.Clone(changes), contract.Beside(list.Exchange), contract.Path(variable.Name, text))...)
		if err != nil {
			return nil, err
		}
		finding := func(pointer, want, got string) []contract.Finding {
			f := c.New(x, "item", pointer, "agree", want, got, one.Op.Place.FileLine())
			f = f.And(list.Exchange)
			return []contract.Finding{f}
		}
		if x.Status >= 300 && x.Status < 400 && one.Op.Response(x.Status) != nil {
			return nil, contract.Skip("the item leads elsewhere: %d", x.Status)
		}
		if !x.OK() {
			return finding("", "the item that the list shows", fmt.Sprint(x.Status)), nil
		}
		if one.Page != nil {
			judged = true // it is there; the answer is a page of what it holds
			continue
		}
		body, err := x.JSON()
		alone, ok := body.(map[string]any)
		if r := one.Op.Response(x.Status); len(x.Body) == 0 && r != nil && r.JSON() != nil {
			return finding("", "the item that the list shows", "an empty body"), nil
		}
		if err != nil || !ok {
			return nil, contract.Skip("the item is no JSON object")
		}
		judged = true
		alone = itemIn(alone, variable, text)
		form := itemForm(one, x, variable, text)
		if len(alone) == 0 && slices.ContainsFunc(slices.Collect(maps.Keys(listed)), func(name string) bool { return form.Find(name) != nil }) {
			return finding("", "the item that the list shows", "{}"), nil
		}
		for _, name := range slices.Sorted(maps.Keys(listed)) {
			other, has := alone[name]
			own := form.Find(name)
			if own == nil && names(form) {
				continue // nothing is said of it
			}
			if member := shape.Find(name); !has || own != nil && !own.Valid(listed[name], schema.Response) || member != nil && !member.Valid(other, schema.Response) {
				continue // the document gives the member another form there
			}
			if pointer, same := agreeAs(own, listed[name], other, "/"+source.Escape(name)); !same && !isLinks(listed[name]) {
				return finding(pointer, quote(fmt.Sprint(listed[name]))+", as in the list", quote(fmt.Sprint(other))), nil
			}
		}
	}
	if !judged {
		return nil, contract.Skip("the list shows no item whose ID is known")
	}
	return nil, nil
}

// itemIn is the item in the answer of its own operation: what is around it ({"status": "OK", "data": {…}}) says nothing of the item.
func itemIn(body map[string]any, variable *openapi.Parameter, id string) map[string]any {
	if inner, ok := body[itemMember(body, variable, id)].(map[string]any); ok {
		return inner
	}
	return body
}

// itemMember is the member of an answer that the item stands in, "" where the answer is the item itself.
func itemMember(body map[string]any, variable *openapi.Parameter, id string) string {
	shows := func(v any) bool {
		text, ok := openapi.Text(contract.IDOf(v, variable))
		return ok && text == id
	}
	if shows(body) {
		return ""
	}
	for _, name := range slices.Sorted(maps.Keys(body)) {
		if inner, ok := body[name].(map[string]any); ok && shows(inner) {
			return name
		}
	}
	return ""
}

// itemForm is the schema of the item in the answer of its own operation, nil where none is declared.
func itemForm(one *contract.Case, x *contract.Exchange, variable *openapi.Parameter, id string) *schema.Schema {
	content := contentOf(one.Op.Response(x.Status), x)
	if content == nil {
		return nil
	}
	body, _ := x.JSON()
	object, _ := body.(map[string]any)
	if name := itemMember(object, variable, id); name != "" {
		return content.Schema.Find(name)
	}
	return content.Schema
}

// isLinks tells whether a value is an array of link objects, which each representation has its own of.
func isLinks(v any) bool {
	list, _ := v.([]any)
	for _, item := range list {
		if link, ok := item.(map[string]any); ok && link["href"] != nil {
			return true
		}
	}
	return false
}
