package checks

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// mostHostile bounds the hostile requests of one operation.
const mostHostile = 20

// hostile are requests that no client sends on purpose, and that every server meets: what it answers is free but for a failure of its own. Some
// are valid by the document; none changes anything, since each has a value that no item has or is refused for its form.
func hostile(ctx context.Context, c *contract.Case) error {
	for _, h := range hostilities(c) {
		if _, err := c.Ask(ctx, h.name, append(h.changes, contract.Provoking())...); err != nil {
			if contract.WasSkipped(err) {
				continue
			}
			return err
		}
	}
	return nil
}

type hostility struct {
	name    string
	changes []contract.Change
	of      *openapi.Parameter // of the query, whose value the text is; nil for all else
	raw     string             // the text, percent-encoded
}

// hostilities are those of an operation: of its parameters where it only reads, of its body where it takes one.
func hostilities(c *contract.Case) []hostility {
	var list []hostility
	switch {
	case c.Op.Method == http.MethodGet:
		list = hostileParameters(c)
	case c.Op.Body != nil && len(c.Op.Body.Content) > 0 && c.Op.Body.Content[0].Type.IsJSON():
		list = hostileBodies(c.Op.Body.Content[0])
	}
	return list[:min(len(list), mostHostile)]
}

// hostileParameters go through the parameters in turn, so that each kind of text meets some parameter and the number stays bounded.
func hostileParameters(c *contract.Case) (list []hostility) {
	add := func(name string, changes ...contract.Change) {
		list = append(list, hostility{name: name, changes: changes})
	}
	var targets []*openapi.Parameter
	var long []contract.Change // at once: they are multiplied at times
	for _, p := range c.Op.Parameters {
		if p.In == "query" && p.Schema.Types&(schema.TypeInteger|schema.TypeNumber) != 0 && len(list) < 6 {
			name := url.QueryEscape(p.Name)
			if len(list) == 0 {
				add(p.Name+" of no characters", contract.RawQuery(p.Name, name+"="))
			}
			if digits := contract.Query(p.Name, strings.Repeat("9", 30)); c.Page != nil && p.Name == c.Page.Size {
				add(p.Name+" of 30 digits", digits) // by itself: it is refused before others are read
			} else { // page-limits-enforced asks for pages below zero
				long = append(long, digits)
				add(p.Name+" below zero", contract.Query(p.Name, "-2"))
			}
			add(p.Name+" given twice", contract.RawQuery(p.Name, name+"=1&"+name+"=2"))
		}
		if p.In == "query" || p.In == "path" && p.Schema.Types&schema.TypeString != 0 {
			targets = append(targets, p)
		}
	}
	if len(long) > 0 {
		add("numbers of 30 digits", long...)
	}
	add("a parameter that is not declared", contract.RawQuery("x-undeclared", "x-undeclared=1"))
	add("a percent sign without its digits", contract.RawQuery("x-undeclared", "x-undeclared=%zz"))
	for _, p := range c.Op.Parameters {
		if p.In == "query" {
			add(p.Name+" without a value", contract.RawQuery(p.Name, url.QueryEscape(p.Name)))
			break
		}
	}
	turn := 0
	if c.PicksItem() {
		turn = 1 // its list has the same parameters, and sends the first of them each
	}
	for i, odd := range oddities() {
		if len(targets) == 0 {
			break
		}
		p := targets[(i+turn)%len(targets)]
		if p.In != "query" {
			add(odd.name+" as "+p.Name, contract.RawPath(p.Name, odd.raw))
			continue
		}
		add(odd.name+" as "+p.Name, contract.RawQuery(p.Name, url.QueryEscape(p.Name)+"="+odd.raw))
		list[len(list)-1].of, list[len(list)-1].raw = p, odd.raw
	}
	for _, p := range freeTexts(c) {
		add("quotes and signs as "+p.Name, contract.Query(p.Name, signs(p)))
		add("a NUL within "+p.Name, contract.RawQuery(p.Name, url.QueryEscape(p.Name)+"=a%00b"))
	}
	accepted := "json, ;;q=x, /,"
	if turn > 0 {
		accepted = "json" // without any /
	}
	add("an Accept and an Accept-Language that are no lists", contract.Accept(accepted), contract.Field("Accept-Language", "x-nowhere, ;q=2"))
	return list
}

// freeTexts are a few parameters of the query that take any text.
func freeTexts(c *contract.Case) (list []*openapi.Parameter) {
	const most = 4
	for _, p := range c.Op.Parameters {
		s := p.Schema
		if p.In == "query" && s.Types == schema.TypeString && s.Pattern == nil && s.Enum == nil && s.Format == "" && len(list) < most && !c.Carried(p) {
			list = append(list, p)
		}
	}
	return list
}

// signs are those that end or escape a text in the languages that servers build of it, in a text that a parameter takes.
func signs(p *openapi.Parameter) string {
	const all = `'"\;%([*`
	for _, text := range []string{`it's "a\b";%([*`, all} {
		if p.Schema.Valid(text, schema.Request) {
			return text
		}
	}
	return strings.Repeat(all, 1+p.Schema.MinLength/len(all))
}

type oddity struct{ name, raw string }

// oddities are texts that break careless decoding, quoting and storing, percent-encoded.
func oddities() []oddity {
	return []oddity{
		{"a quote", "%27%22%3B--%C3%A9"}, // and a character beyond ASCII, which errors may repeat
		{"a NUL", "%00"},
		{"bytes that are no UTF-8", "%FF%FE"},
		{"a text of 4,000 characters", strings.Repeat("a", 4000)},
		{"a format directive", "%25s%25n%7B%7B7*7%7D%7D%22%5C"}, // and what ends or escapes a string in JSON
	}
}

// hostileText is the short text, percent-encoded, that a parameter of the query is sent anyway and that stands for no number.
func hostileText(c *contract.Case, p *openapi.Parameter) (raw string, ok bool) {
	const short = 60
	for _, h := range hostilities(c) {
		if h.of == p && len(h.raw) < short {
			return h.raw, true
		}
	}
	return "", false
}

// hostileBodies are JSON texts, or nearly, that no operation takes as they are.
func hostileBodies(content *openapi.Content) (list []hostility) {
	for _, body := range []struct{ name, text string }{
		{"a body of 2,000 open arrays", strings.Repeat("[", 2000)},
		{"a body of 500 nested arrays", strings.Repeat("[", 500) + strings.Repeat("]", 500)},
		{"the body null", "null"},
		{"a number that no type holds", "[1e999999]"},
		{"a body that is no UTF-8", "\"\xff\xfe\""},
		{"a body that is an array", "[]"},
		{"a member that is not declared, with a NUL", `{"xUndeclared": "a\u0000b"}`},
		{"a member that is not declared, of 300 characters", `{"xUndeclared": "` + strings.Repeat("a", 300) + `"}`},
	} {
		if v, err := source.DecodeJSON([]byte(body.text)); err == nil && (content.Schema == nil || content.Schema.Valid(v, schema.Request)) {
			continue // it would be taken
		}
		list = append(list, hostility{name: body.name, changes: []contract.Change{contract.Body(content.Type.String(), body.text)}})
		if body.text == "[]" {
			list = append(list, untyped(body.text)...)
		}
	}
	return list
}

// untyped are a body whose media type is not told, or not so that it can be read.
func untyped(text string) []hostility {
	return []hostility{
		{name: "a body without Content-Type", changes: []contract.Change{contract.Body("", text), contract.Without("Content-Type")}},
		{name: "a Content-Type that is no media type", changes: []contract.Change{contract.Body(";;", text)}},
		{name: "a Content-Type without a subtype", changes: []contract.Change{contract.Body("application", text)}},
	}
}
