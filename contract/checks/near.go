package checks

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/sample"
	"troth/openapi/schema"
)

// miss is a text that breaks one constraint of a parameter in every reading, or one at the edge of it that does not.
type miss struct {
	keyword string
	text    string
	raw     string // in place of the text: the query parameter as it is written in the URL
	from    string // where the keyword is written
	edge    string // for a number outside a bound: the bound, which a server may clamp to
	form    bool   // it is a valid value, written in another form than JSON's
}

// misses are the near misses of a parameter, one or two for each of its constraints.
func misses(ctx context.Context, c *contract.Case, p *openapi.Parameter) (list []miss) {
	valid, err := sample.Value(p.Schema, 1, sample.For(schema.Request), sample.Named(p.Name))
	if err != nil {
		return nil
	}
	if p.In == "path" && p.Schema.Types == schema.TypeString { // near what exists: a server that is lenient would find it
		if known, err := c.Known(ctx, p); err == nil {
			valid = known
		}
	}
	for _, near := range sample.Misses(p.Schema, valid, schema.Request) {
		m := miss{keyword: near.Keyword, from: keywordLine(near.Schema, near.Keyword), edge: edgeOf(p.Schema, near.Keyword)}
		text, scalar := openapi.Text(near.Value)
		switch raw, err := p.Encode(near.Value); {
		case scalar:
			m.text = text
		case err == nil && p.In == "query":
			m.raw = raw
		}
		if m.text+m.raw != "" && refusable(c, p, m) {
			list = append(list, m)
		}
	}
	for i, m := range list {
		if raw, sent := hostileText(c, p); sent && c.Page != nil && m.keyword == "type" && m.raw == "" {
			other := m
			other.text, other.raw = "", url.QueryEscape(p.Name)+"="+raw
			if refusable(c, p, other) {
				list[i] = other // which needs no request of its own
			}
		}
	}
	text, _ := openapi.Text(valid)
	return append(otherForms(c, p, text), list...)
}

// edgeOf is the bound that a server may clamp a number outside it to, "" where there is none.
func edgeOf(s *schema.Schema, keyword string) string {
	switch keyword {
	case "minimum":
		return string(s.Minimum)
	case "maximum":
		return string(s.Maximum)
	case "format " + s.Format:
		_, high, _ := schema.FormatSpan(s.Format)
		return high
	}
	return ""
}

// keywordLine is where a schema says what a keyword demands; behind the keyword may stand more ("format int32").
func keywordLine(s *schema.Schema, keyword string) string {
	name, _, _ := strings.Cut(keyword, " ")
	return s.Place.Child(name).FileLine()
}

// refusable tells whether no reading of the bytes that would be sent is valid.
func refusable(c *contract.Case, p *openapi.Parameter, bad miss) bool {
	r := &http.Request{Method: c.Op.Method, Header: http.Header{}, URL: &url.URL{Path: "/"}}
	var m openapi.Match
	switch p.In {
	case "query":
		if r.URL.RawQuery = bad.raw; bad.raw == "" {
			r.URL.RawQuery = url.QueryEscape(p.Name) + "=" + url.QueryEscape(bad.text)
		}
	case "header":
		r.Header.Set(p.Name, bad.text)
	case "path":
		m = openapi.PathMatch(p.Name, bad.text)
	default:
		return false
	}
	_, violations := c.Op.DecodeParameters(r, m)
	for _, v := range violations {
		if v.Name == p.Name && v.In == p.In && v.Keyword != "required" {
			return true
		}
	}
	return false
}

// with sends a text as the value of a parameter.
func with(p *openapi.Parameter, m miss) contract.Change {
	text := m.text
	if m.raw != "" {
		return contract.RawQuery(p.Name, m.raw)
	}
	switch p.In {
	case "path":
		return contract.Path(p.Name, text)
	case "header":
		return contract.Field(p.Name, text)
	}
	return contract.Query(p.Name, text)
}

// edges are valid values at the edges of a parameter's constraints, as text.
func edges(p *openapi.Parameter) []miss {
	s := p.Schema
	var list []miss
	add := func(keyword string, v any) {
		if text, ok := openapi.Text(v); ok && text != "" && v != nil && s.Valid(v, schema.Request) {
			list = append(list, miss{keyword: keyword, text: text})
		}
	}
	const most = 6
	for i, v := range s.Enum {
		if i < most {
			add("enum", v)
		}
	}
	if s.Enum != nil {
		return list
	}
	if s.Types == schema.TypeBoolean {
		add("type", true)
		add("type", false)
	}
	if s.Types&(schema.TypeInteger|schema.TypeNumber) != 0 {
		add("minimum", s.Minimum)
		add("maximum", s.Maximum)
	}
	return list
}
