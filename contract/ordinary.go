package contract

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"troth/openapi"
	"troth/openapi/sample"
	"troth/openapi/schema"
)

// request is the ordinary request with changes, and whether its body is one of theirs.
func (c *Case) request(ctx context.Context, name string, changes ...Change) (r Request, own bool, err error) {
	r = Request{Name: name, Method: c.Op.Method}
	ch := &change{request: &r, path: map[string]string{}, query: map[string]string{}, raw: map[string]string{}}
	for _, p := range c.Op.Parameters {
		if p.In == "header" && strings.EqualFold(p.Name, "If-Match") && c.Op.DemandsMatch() && len(c.Given(p.Name)) == 0 {
			continue // the tag of the item
		}
		if err := c.parameter(p, ch); err != nil {
			return r, false, err
		}
	}
	c.conditions(ch)
	usual, key := maps.Clone(ch.query), c.usualKey(&r)
	for _, apply := range changes {
		apply(ch)
	}
	c.accept(ch)
	if !ch.body {
		if err := c.body(ch.request); err != nil {
			return r, false, err
		}
	}
	path, err := c.path(ctx, &r, ch.path)
	if err != nil {
		return r, false, err
	}
	c.belong(ch, usual, r.path)
	c.conditioned(ch)
	c.keyed(&r, key)
	r.URL = c.session.target.base.String() + path + ch.suffix
	r.Aside = ch.suffix != ""
	if query := rawQuery(c.Op, ch); query != "" {
		r.URL += "?" + query
	}
	return r, ch.body, nil
}

// conditions adds what tells the operation from others of its path, where no parameter is declared for it ("/templates?kind=html").
func (c *Case) conditions(ch *change) {
	for name, value := range c.Op.Conditions() {
		if c.Op.Parameter("query", name) == nil && c.Op.Parameter("header", name) == nil {
			ch.raw[name] = url.QueryEscape(name) + "=" + url.QueryEscape(value)
		}
	}
}

// rawQuery writes the query in the order of the document.
func rawQuery(op *openapi.Compiled, ch *change) string {
	var parts []string
	for _, p := range op.Parameters {
		if raw, ok := ch.raw[p.Name]; ok && p.In == "query" {
			parts = append(parts, raw)
		} else if text, ok := ch.query[p.Name]; ok && p.In == "query" {
			parts = append(parts, url.QueryEscape(p.Name)+"="+url.QueryEscape(text))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(ch.raw)) {
		if op.Parameter("query", name) == nil {
			parts = append(parts, ch.raw[name])
		}
	}
	return strings.Join(parts, "&")
}

// parameter adds a required parameter outside the path, or one that the target was given a value for.
func (c *Case) parameter(p *openapi.Parameter, ch *change) error {
	given := c.session.target.params[p.Name]
	if choosesPage(c.Page, p) {
		if given = nil; c.beginsElsewhere(p) {
			ch.set(p, strconv.Itoa(c.Page.First))
			return nil
		}
	}
	if p.In == "path" || !p.Required && len(given) == 0 {
		return nil
	}
	if len(given) > 0 {
		ch.set(p, given[0])
		return nil
	}
	value, err := c.session.parameterValue(p)
	if err != nil {
		return fmt.Errorf("parameter %s: %w; give one with -p %s=value", p.Name, err, p.Name)
	}
	if text, scalar := openapi.Text(value); scalar && p.Content.Type == "" {
		ch.set(p, text)
		return nil
	}
	encoded, err := p.Encode(value)
	if err != nil {
		return err
	}
	if p.In == "query" {
		ch.raw[p.Name] = encoded
	} else {
		ch.set(p, encoded)
	}
	return nil
}

// beginsElsewhere tells whether the parameter that chooses the page is another than the first where it is left out, or may not be left out.
func (c *Case) beginsElsewhere(p *openapi.Parameter) bool {
	first := strconv.Itoa(c.Page.First)
	begins := p.Required
	if !begins && p.Schema.HasDefault {
		text, ok := openapi.Text(p.Schema.Default)
		begins = ok && text != first
	}
	return begins && reading(p.Schema, first) != nil
}

func (ch *change) set(p *openapi.Parameter, text string) {
	switch p.In {
	case "query":
		ch.query[p.Name] = text
	case "header":
		Field(p.Name, text)(ch)
	case "cookie":
		Field("Cookie", strings.TrimPrefix(ch.request.Header.Get("Cookie")+"; "+p.Name+"="+url.PathEscape(text), "; "))(ch)
	}
}

// parameterExamples are the valid examples of a parameter.
func parameterExamples(p *openapi.Parameter) (list []any) {
	for _, e := range p.Examples {
		if p.Schema.Valid(e.Value, schema.Request) {
			list = append(list, e.Value)
		}
	}
	for _, e := range p.Schema.Examples {
		if p.Schema.Valid(e, schema.Request) {
			list = append(list, e)
		}
	}
	return list
}

func (s *session) parameterValue(p *openapi.Parameter) (any, error) {
	if examples := parameterExamples(p); len(examples) > 0 {
		return examples[0], nil
	}
	return sample.Value(p.Schema, sample.Hash(s.seed, p.Name), sample.For(schema.Request), sample.Named(p.Name))
}

// path fills the template: values of the change, of the target, of the list that the variable picks from, of what is made, examples, usual
// ones. It returns the encoded values by name, too, and notes in the request where one of them was guessed.
func (c *Case) path(ctx context.Context, r *Request, given map[string]string) (string, error) {
	values := map[string]string{}
	maps.Copy(values, c.parents)
	maps.Copy(values, given)
	if last := c.Last(); last != nil && changes(r.Method) && values[last.Name] == "" {
		if err := c.own(ctx, c.Op.Route, last, values); err != nil {
			return "", err
		}
	}
	if changes(r.Method) {
		if err := c.ownActed(ctx, values); err != nil {
			return "", err
		}
	}
	guessed, below := map[string]bool{}, map[string]string{}
	for _, p := range c.Op.Parameters {
		if p.In != "path" || values[p.Name] != "" {
			continue
		}
		found, err := c.session.pathValue(ctx, c.Op, p)
		if errors.Is(err, errEmpty) {
			if err := c.ownParent(ctx, p, values); err != nil {
				return "", err
			}
			continue
		}
		if err != nil {
			return "", err
		}
		values[p.Name] = found.text
		if found.own {
			addMissing(values, found.below)
		}
		guessed[p.Name] = found.guessed
		maps.Copy(below, found.below)
	}
	for name := range guessed {
		if parent := below[name]; guessed[name] && parent != "" { // what a list shows is asked for below the same parents
			values[name] = parent
		}
		r.Provoked = r.Provoked || guessed[name] // a guess may be refused
	}
	path, err := c.Op.Expand(values)
	r.path = values
	return path, err
}
