package contract

import (
	"maps"
	"net/url"
	"slices"

	"troth/openapi"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// belong gives the required query parameters of a request for what the run made the values that it was made with: an item that was created for
// one project is asked for by that project's ID. usual are the values without changes; those that a check set stay.
func (c *Case) belong(ch *change, usual, path map[string]string) {
	for _, p := range c.Op.Parameters {
		text, has := ch.query[p.Name]
		if p.In != "query" || !p.Required || !has || text != usual[p.Name] || len(c.Given(p.Name)) > 0 {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(path)) {
			if made, ok := c.session.maker(unescaped(path[name])).with(p); ok {
				ch.query[p.Name] = made
			}
		}
	}
}

func unescaped(text string) string {
	if plain, err := url.PathUnescape(text); err == nil {
		return plain
	}
	return text
}

// with is the value of a parameter that something was made with: the one that the request had, else what it or its answer says by that name.
func (x *Exchange) with(p *openapi.Parameter) (text string, ok bool) {
	if x == nil {
		return "", false
	}
	if u, err := url.Parse(x.URL); err == nil && u.Query().Has(p.Name) {
		return u.Query().Get(p.Name), true
	}
	sent, _ := source.DecodeJSON([]byte(x.SentBody))
	answer, _ := x.JSON()
	for _, body := range []any{sent, answer} {
		object, _ := body.(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(object)) {
			v := reading(p.Schema, object[name])
			if text, ok = openapi.Text(v); plain(name) == plain(p.Name) && v != nil && ok && p.Schema.Valid(v, schema.Request) {
				return text, true
			}
		}
	}
	return "", false
}
