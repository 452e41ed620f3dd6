package checks

import (
	"encoding/json"
	"math/big"
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
	edge    string // for a number outside a bound: the bound, which a server may clamp to
}

// misses are the near misses of a parameter, one for each of its constraints.
func misses(c *contract.Case, p *openapi.Parameter) []miss {
	s := p.Schema
	var list []miss
	add := func(keyword, text, edge string) {
		if text != "" && refusable(c, p, text) {
			list = append(list, miss{keyword, text, edge})
		}
	}
	switch {
	case s.Enum != nil:
		add("enum", "x-malformed", "")
	case s.Types&(schema.TypeInteger|schema.TypeNumber) != 0 && s.Types&schema.TypeString == 0:
		add("type", "x-malformed", "")
		if s.Types&schema.TypeNumber == 0 {
			add("type integer", "1.5", "")
		}
		add("minimum", beyond(s.Minimum, -1), string(s.Minimum))
		add("maximum", beyond(s.Maximum, +1), string(s.Maximum))
		if _, high, ok := schema.FormatSpan(s.Format); ok && s.Maximum == "" {
			add("format "+s.Format, beyond(json.Number(high), +1), high)
		}
	case s.Types == schema.TypeBoolean:
		add("type", "x-malformed", "")
	case s.Types == schema.TypeString:
		for _, m := range textMisses(c, p) {
			add(m.keyword, m.text, "")
		}
	}
	return list
}

// textMisses are texts that break one constraint of a string.
func textMisses(c *contract.Case, p *openapi.Parameter) (list []miss) {
	s := p.Schema
	valid := ""
	if v, err := sample.Value(s, 1, sample.For(schema.Request), sample.Named(p.Name)); err == nil {
		valid, _ = v.(string)
	}
	if s.MinLength > 1 && len(valid) >= s.MinLength {
		list = append(list, miss{keyword: "minLength", text: valid[:s.MinLength-1]})
	}
	if s.MaxLength >= 0 && s.MaxLength < 4000 && valid != "" {
		list = append(list, miss{keyword: "maxLength", text: valid + strings.Repeat(valid[len(valid)-1:], s.MaxLength+1-len(valid))})
	}
	if s.Pattern != nil {
		for _, text := range []string{"x-malformed", "!", "~~~", "%", valid + "!"} {
			if found, err := s.Pattern.Match(text); err == nil && !found {
				list = append(list, miss{keyword: "pattern", text: text})
				break
			}
		}
	} else if s.Format != "" {
		list = append(list, miss{keyword: "format", text: "x-malformed"})
	}
	return list
}

// keywordLine is where a schema says what a keyword demands; behind the keyword may stand more ("format int32").
func keywordLine(s *schema.Schema, keyword string) string {
	name, _, _ := strings.Cut(keyword, " ")
	return s.Place.Child(name).FileLine()
}

// beyond is the integer next to a bound, "" where there is none.
func beyond(n json.Number, step int64) string {
	r, ok := new(big.Rat).SetString(string(n))
	if !ok || !r.IsInt() {
		return ""
	}
	return new(big.Int).Add(r.Num(), big.NewInt(step)).String()
}

// refusable tells whether no reading of the bytes that would be sent is valid.
func refusable(c *contract.Case, p *openapi.Parameter, text string) bool {
	r := &http.Request{Method: c.Op.Method, Header: http.Header{}, URL: &url.URL{Path: "/"}}
	var m openapi.Match
	switch p.In {
	case "query":
		r.URL.RawQuery = url.QueryEscape(p.Name) + "=" + url.QueryEscape(text)
	case "header":
		r.Header.Set(p.Name, text)
	case "path":
		m = openapi.PathMatch(p.Name, text)
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
func with(p *openapi.Parameter, text string) contract.Change {
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
