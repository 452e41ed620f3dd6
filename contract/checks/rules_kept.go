package checks

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/convention"
	"troth/openapi/schema"
	"troth/openapi/source"
)

func rulesKept() contract.Check {
	return contract.Check{
		ID:      "rules-kept",
		Promise: "Members that depend on each other agree.",
		Why:     "Clients that act on one member are misled by another that denies it.",
		Source:  "troth.yaml, rules",
		Level:   contract.Must,
		Last:    true,
		Asks:    true,
		Applies: func(s *contract.Subject) bool {
			r, _ := s.Op.Success()
			return len(s.Conv.Rules) > 0 && r != nil && r.JSON() != nil && ruled(s.Conv, r.JSON().Schema, mostDeep)
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			var seen []sighting
			_, err := eachProbe(ctx, c, func(x *contract.Exchange) []contract.Finding {
				content := contentOf(responseOf(c, x), x)
				body, failed := x.JSON()
				if x.OK() && content != nil && content.Schema != nil && failed == nil {
					seen = append(seen, objects(c, x, content.Schema, c.Plain(x, body), "", mostDeep)...)
				}
				return nil
			})
			if err == nil && len(seen) == 0 {
				return nil, contract.Skip("no object of a schema that has rules was seen")
			}
			findings := judgeRules(c, seen)
			if err != nil || len(findings) > 0 {
				return findings, err
			}
			return rulesInvited(ctx, c)
		},
	}
}

// mostDeep is how deep in a body objects with rules are looked for.
const mostDeep = 5

// sighting is an object of a schema that may have rules, in an answer.
type sighting struct {
	x      *contract.Exchange
	at     string
	schema *schema.Schema
	object map[string]any
}

// ruled tells whether a schema, or what stands in values of it, has rules.
func ruled(conv *convention.Conventions, s *schema.Schema, depth int) bool {
	if s == nil || depth == 0 {
		return false
	}
	if conv.HasRules(s) {
		return true
	}
	for part := range s.Parts(false) {
		if ruled(conv, part.Items, depth-1) || slices.ContainsFunc(part.Properties, func(p schema.Property) bool { return ruled(conv, p.Schema, depth-1) }) {
			return true
		}
	}
	return false
}

// objects are those in a value whose schemas have rules.
func objects(c *contract.Case, x *contract.Exchange, s *schema.Schema, v any, at string, depth int) (list []sighting) {
	if s == nil || depth == 0 {
		return nil
	}
	switch v := v.(type) {
	case []any:
		for part := range s.Parts(false) {
			for i, item := range v {
				list = append(list, objects(c, x, part.Items, item, fmt.Sprintf("%s/%d", at, i), depth-1)...)
			}
		}
	case map[string]any:
		if c.Conv.HasRules(s) {
			list = append(list, sighting{x, at, s, v})
		}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			list = append(list, objects(c, x, s.Find(name), v[name], at+"/"+source.Escape(name), depth-1)...)
		}
	}
	return list
}

// judgeRules finds the first object that breaks what a rule wants of a member. It is a hint only where that may be what a client wrote, and nothing where
// no object has the member: servers may leave an optional one out for good.
func judgeRules(c *contract.Case, seen []sighting) (findings []contract.Finding) {
	told := map[string]bool{}
	for _, s := range seen {
		for _, b := range c.Conv.Breaches(s.schema, s.object) {
			key := fmt.Sprint(b.Rule, b.Keyword, b.Member)
			by := s.writer(c, b.Member)
			never := b.Keyword == "present" && !slices.ContainsFunc(seen, func(other sighting) bool { return other.object[b.Member] != nil })
			if told[key] || by == thisRun || never {
				continue
			}
			told[key] = true
			f := s.breach(c, b)
			if by == anyClient || c.Conv.Rules[b.Rule].Chosen {
				f = f.At(contract.Advice)
			}
			findings = append(findings, f)
		}
	}
	return findings
}

func (s sighting) breach(c *contract.Case, b convention.Breach) contract.Finding {
	got := "none"
	if v, has := s.object[b.Member]; has {
		got = quote(fmt.Sprint(v))
	}
	rule := c.Conv.Rules[b.Rule]
	return c.New(s.x, "body", s.at+"/"+source.Escape(b.Member), b.Keyword, wantOf(b)+", since "+rule.Reason(), got, c.Conv.RuleLine(b.Rule))
}

// writer is who may have written what an item says.
type writer int

const (
	theServer writer = iota
	thisRun
	anyClient
)

// writer tells who wrote a member, or left it out.
func (s sighting) writer(c *contract.Case, member string) writer {
	switch {
	case sends(s.x, member):
		return thisRun
	case !writable(c, s.schema, member):
		return theServer
	case s.x.Method == http.MethodPost:
		if _, has := s.object[member]; has {
			return theServer
		}
		return thisRun
	case s.x.Method != http.MethodGet || c.Mine(idOf(s.object)):
		return thisRun
	}
	return anyClient
}

// writable tells whether an operation of the document takes a member.
func writable(c *contract.Case, s *schema.Schema, member string) bool {
	if m := s.Find(member); m == nil || m.ReadOnly {
		return false
	}
	return slices.ContainsFunc(c.Op.Document.Operations, func(o *openapi.Operation) bool {
		if o.Method != http.MethodPost && o.Method != http.MethodPut && o.Method != http.MethodPatch {
			return false
		}
		other := c.Other(o)
		content := (*openapi.Content)(nil)
		if other != nil {
			content = other.BodyContent()
		}
		return content != nil && content.Schema.Find(member) != nil
	})
}

func wantOf(b convention.Breach) string {
	switch b.Keyword {
	case "set":
		text, _ := openapi.Text(b.Want)
		return text
	case "absent":
		return "no such member"
	}
	return "this member"
}
