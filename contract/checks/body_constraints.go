package checks

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"troth/contract"
	"troth/openapi/schema"
	"troth/openapi/source"
)

func bodyConstraints() contract.Check {
	return contract.Check{
		ID:      "body-constraints",
		Promise: "A request body that breaks its schema is refused, and changes nothing.",
		Why:     "Data that breaks the schema gets into the system, and breaks those who read it later.",
		Source:  "OpenAPI 3.1 §4.8.13 Request Body Object, §4.8.14 Media Type Object",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool { return s.Op.Body != nil && len(s.Op.Body.Content) > 0 },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			content, value, err := c.Small()
			if err != nil {
				return nil, err
			}
			if !content.Type.IsJSON() {
				return nil, contract.Skip("the request body is %s", content.Type)
			}
			if x, err := c.Ask(ctx, "ordinary request"); err != nil {
				return nil, err
			} else if !x.OK() {
				return nil, contract.Skip("the ordinary request was answered %d: a refusal proves nothing", x.Status)
			}
			var findings []contract.Finding
			judge := func(pointer, keyword, contentType, text, from string) error {
				x, err := c.Ask(ctx, "body breaks "+keyword+" "+pointer, contract.Body(contentType, text), contract.Provoking())
				if err == nil && x.OK() {
					f := c.New(x, "request body", pointer, keyword, "a refusal (4xx)", strconv.Itoa(x.Status)+" "+http.StatusText(x.Status), from)
					findings = append(findings, f.Shrinks((*contract.Exchange).OK, breaksAlike(content.Schema, x)))
				}
				return err
			}
			sent, from := content.Type.String(), content.Place.FileLine()
			if err := judge("", "json", sent, "{", from); err != nil {
				return nil, err
			}
			if err := judge("", "content type", "text/x-nothing", "x", from); err != nil {
				return nil, err
			}
			if c.Op.Body.Required {
				if err := judge("", "required", sent, "", c.Op.Body.Place.Child("required").FileLine()); err != nil {
					return nil, err
				}
			}
			object, _ := value.(map[string]any)
			for _, m := range bodyMisses(content.Schema, object) {
				text, err := json.Marshal(m.body)
				if err != nil {
					return nil, err
				}
				if err := judge(m.pointer, m.keyword, sent, string(text), m.from); err != nil {
					return nil, err
				}
			}
			return findings, nil
		},
	}
}

// bodyMiss is a body that breaks one constraint of one member.
type bodyMiss struct {
	pointer, keyword string
	body             map[string]any
	from             string // where the keyword is written
}

// breaksAlike tells whether a body breaks just what the body of an exchange broke.
func breaksAlike(s *schema.Schema, x *contract.Exchange) func(any) bool {
	sent, err := source.DecodeJSON([]byte(x.SentBody))
	if err != nil {
		return func(any) bool { return false }
	}
	broken := brokenBy(s, sent)
	return func(body any) bool { return slices.Equal(brokenBy(s, body), broken) }
}

// brokenBy are the constraints that a body breaks.
func brokenBy(s *schema.Schema, body any) (list []string) {
	for _, v := range s.Validate(body, schema.Request) {
		list = append(list, v.Pointer+" "+v.Keyword)
	}
	return list
}

// bodyMisses are the near misses of an object's members: one for each constraint that its schema has.
func bodyMisses(s *schema.Schema, valid map[string]any) (list []bodyMiss) {
	add := func(name, keyword, from string, v any, present bool) {
		body := maps.Clone(valid)
		if delete(body, name); present {
			body[name] = v
		}
		if !s.Valid(body, schema.Request) {
			list = append(list, bodyMiss{"/" + source.Escape(name), keyword, body, from})
		}
	}
	for _, name := range memberNames(s) {
		member := s.Find(name)
		if member == nil || !member.Travels(schema.Request) {
			continue
		}
		if _, has := valid[name]; has {
			add(name, "required", keywordLine(s, "required"), nil, false)
		}
		for _, m := range valueMisses(member) {
			add(name, m.keyword, keywordLine(member, m.keyword), m.value, true)
		}
	}
	return list
}

func memberNames(s *schema.Schema) (names []string) {
	for part := range s.Parts(false) {
		for _, p := range part.Properties {
			if !slices.Contains(names, p.Name) {
				names = append(names, p.Name)
			}
		}
	}
	return names
}

type valueMiss struct {
	keyword string
	value   any
}

// valueMisses are values that break one constraint each; the caller drops those that a schema accepts after all.
func valueMisses(s *schema.Schema) (list []valueMiss) {
	add := func(keyword string, v any) { list = append(list, valueMiss{keyword, v}) }
	switch {
	case s.Types&schema.TypeObject != 0:
		add("type", "x-malformed")
	case s.Types&schema.TypeArray != 0:
		add("type", "x-malformed")
	default:
		add("type", map[string]any{"x": json.Number("1")})
	}
	if s.Enum != nil {
		add("enum", "x-malformed")
	}
	if n := beyond(s.Minimum, -1); n != "" {
		add("minimum", json.Number(n))
	}
	if n := beyond(s.Maximum, +1); n != "" {
		add("maximum", json.Number(n))
	}
	if s.Pattern != nil {
		add("pattern", "!~ x-malformed ~!")
	}
	if s.MaxLength >= 0 && s.MaxLength < 10_000 {
		add("maxLength", strings.Repeat("a", s.MaxLength+1))
	}
	if s.MinLength > 0 {
		add("minLength", strings.Repeat("a", s.MinLength-1))
	}
	if s.Format != "" && s.Types&schema.TypeString != 0 {
		add("format", "x-malformed")
	}
	return list
}
