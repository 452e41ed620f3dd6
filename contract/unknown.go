package contract

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"troth/openapi"
	"troth/openapi/sample"
	"troth/openapi/schema"
)

// Unknown asks for an item that does not exist: one by a value of the path's last variable that nobody would have.
func (c *Case) Unknown(ctx context.Context, changes ...Change) (*Exchange, error) {
	p := c.Last()
	if p == nil {
		return nil, Skip("the path does not end in a variable")
	}
	text, err := c.UnknownValue(ctx, p)
	if err != nil {
		return nil, err
	}
	return c.Ask(ctx, "unknown "+p.Name, append(changes, Path(p.Name, text), Provoking(), In(UnknownName, p))...)
}

// UnknownValue is a valid text of a path parameter that names nothing: one that nobody would have, and no example of the document.
func (c *Case) UnknownValue(ctx context.Context, p *openapi.Parameter) (string, error) {
	if p.Schema.Format == "date" || p.Schema.Format == "date-time" {
		return "", Skip("any %s may exist", p.Schema.Format)
	}
	known, err := c.session.pathValue(ctx, c.Op, p)
	if _, skipped := skipReason(err); err != nil && !skipped && !errors.Is(err, errEmpty) {
		return "", Skip("no value of %s is known: %s", p.Name, err)
	}
	for _, value := range c.unlikely(p) {
		text, _ := openapi.Text(value)
		if text != "" && p.Schema.Valid(value, schema.Request) && !c.exampled(text) && known.text != url.PathEscape(text) && !slices.Contains(c.session.target.params[p.Name], text) {
			return text, nil
		}
	}
	return "", Skip("no other value of %s could be made", p.Name)
}

// rare is how long a made-up text is that hardly names anything: of shorter ones ("de", "EUR") any may exist.
const rare = 6

// UnusualValue is an unknown value of a path parameter's pattern that a server with a narrower one refuses: with a digit in front, a hyphen, and letters in
// both cases as far as the pattern has them; ok is false where it has none of that.
func (c *Case) UnusualValue(ctx context.Context, p *openapi.Parameter) (text string, ok bool) {
	if _, err := c.UnknownValue(ctx, p); err != nil {
		return "", false
	}
	seed := sample.Hash(c.session.seed, "unusual", p.Name) >> 16
	for _, form := range []string{"9-noSuch%x", "9-nosuch%x", "9noSuch%x", "9nosuch%x", "noSuch-%x", "nosuch-%x"} {
		if text = fmt.Sprintf(form, seed); p.Schema.Valid(text, schema.Request) && !c.exampled(text) {
			return text, true
		}
	}
	return "", false
}

// longName is how long a made-up identifier is at least that none near it stands for anything.
const longName = 20

// Neighbour is the known value of a path parameter with another last character, where that is valid and such values are as good as random: long ones
// without a word in them. ok is false for any other. Whoever reads only the beginning takes it for the known one.
func (c *Case) Neighbour(ctx context.Context, p *openapi.Parameter) (text string, ok bool) {
	known, err := c.Known(ctx, p)
	if err != nil || len(known) < longName || strings.ContainsFunc(known, func(r rune) bool { return (r < '0' || r > '9') && (r|' ' < 'a' || r|' ' > 'f') && r != '-' }) {
		return "", false
	}
	for _, last := range "0123456789" {
		text = known[:len(known)-1] + string(last)
		if text != known && p.Schema.Valid(text, schema.Request) && !c.exampled(text) && !slices.Contains(c.session.target.params[p.Name], text) {
			return text, true
		}
	}
	return "", false
}

// unlikely are values that hardly stand for something that exists: made-up names, large numbers, other values of a pattern.
func (c *Case) unlikely(p *openapi.Parameter) []any {
	seed := sample.Hash(c.session.seed, "unknown", p.Name)
	list := []any{fmt.Sprintf("nosuch%x", seed>>16), json.Number(strconv.FormatUint(2_000_000_000+seed%100_000_000, 10))}
	if p.Schema.Format == "ipv4" { // RFC 5737's other networks: of the one that samples are of there may be many
		list = append(list, fmt.Sprintf("198.51.100.%d", 1+seed%254), fmt.Sprintf("203.0.113.%d", 1+seed%254))
	}
	for try := range 8 {
		value, err := sample.Value(p.Schema, sample.Hash(seed, strconv.Itoa(try)), sample.For(schema.Request))
		if text, _ := openapi.Text(value); err == nil && len(text) >= rare {
			list = append(list, value)
		}
	}
	return list
}

// Declares tells whether the document has an operation of a method for the URL of an exchange: several templates may fit it.
func (c *Case) Declares(x *Exchange, method string) bool { return c.declared(x, method) != nil }

// Elsewhere tells whether an exchange asked for another operation than the case's: without its query, or with a malformed one, a path may be
// that of another.
func (c *Case) Elsewhere(x *Exchange) bool {
	op := c.declared(x, x.Method)
	return op != nil && op != c.Op.Operation
}

func (c *Case) declared(x *Exchange, method string) *openapi.Operation {
	u, err := url.Parse(x.URL)
	if err != nil {
		return nil
	}
	path := strings.TrimPrefix(u.EscapedPath(), c.session.target.base.EscapedPath())
	return c.Op.Document.Match(&http.Request{Method: method, URL: u, Header: http.Header{}}, path).Operation
}

// SameOperation tells whether a URL of the target is one of an operation.
func (c *Case) SameOperation(other *Case, u *url.URL) bool {
	path := strings.TrimPrefix(u.EscapedPath(), c.session.target.base.EscapedPath())
	m := c.Op.Document.Match(&http.Request{Method: http.MethodGet, URL: u, Header: http.Header{}}, path)
	return m.Operation != nil && m.Operation.Route == other.Op.Route
}

// itemsUnnamed tells whether a path's last variable was guessed though its list was shown: the items there have no IDs.
func (c *Case) itemsUnnamed(ctx context.Context, last *openapi.Parameter) bool {
	v, err := c.session.pathValue(ctx, c.Op, last)
	home, _, _ := strings.Cut(c.Op.Route, "/{"+last.Name+"}")
	list := c.session.listAt(home)
	if err != nil || !v.guessed || list == nil {
		return false
	}
	other := c.Other(list)
	if other == nil {
		return false
	}
	x, err := other.Ask(ctx, "ordinary request")
	return err == nil && x.OK()
}

// Known is the text of a path parameter in the ordinary request, percent-decoded.
func (c *Case) Known(ctx context.Context, p *openapi.Parameter) (string, error) {
	if changes(c.Op.Method) && p == c.Last() { // what is near it may be taken for it: only the run's own may be changed
		values := map[string]string{}
		err := c.own(ctx, c.Op.Route, p, values)
		return values[p.Name], err
	}
	v, err := c.session.pathValue(ctx, c.Op, p)
	if err != nil {
		return "", err
	}
	return url.PathUnescape(v.text)
}

// exampled tells whether a text is an example that the document gives for a path parameter: such a value may well exist.
func (c *Case) exampled(text string) bool {
	for _, o := range c.Op.Document.Operations {
		if o.Route != c.Op.Route && !strings.HasPrefix(c.Op.Route, o.Route+"/") {
			continue
		}
		if op, err := o.Compile(); err == nil {
			for _, p := range op.Parameters {
				for _, e := range parameterExamples(p) {
					if known, _ := openapi.Text(e); p.In == "path" && known == text {
						return true
					}
				}
			}
		}
	}
	return false
}
