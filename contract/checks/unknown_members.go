package checks

import (
	"context"
	"iter"
	"maps"
	"slices"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/schema"
	"troth/openapi/source"
)

func unknownMembers() contract.Check {
	return contract.Check{
		ID:      "unknown-members",
		Promise: "No member looks like a misspelt one: undeclared, and nearly the name of a declared one that is absent.",
		Why:     "A misspelt member is lost to every client, which looks for the declared name.",
		Source:  "OpenAPI 3.1 §4.8.24 Schema Object, properties",
		Level:   contract.Advice,
		Last:    true,
		Applies: always,
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			spots, known := spots{}, clean{}
			return eachProbe(ctx, c, func(x *contract.Exchange) []contract.Finding {
				return known.judge(c, x, func(x *contract.Exchange) []contract.Finding { return unknownIn(c, x, spots) })
			})
		},
	}
}

func unknownIn(c *contract.Case, x *contract.Exchange, spots spots) []contract.Finding {
	r := responseOf(c, x)
	content := contentOf(r, x)
	if content == nil && r != nil {
		content = r.JSON() // mislabelled
	}
	body, err := x.JSON()
	if !x.OK() || content == nil || content.Schema == nil || err != nil {
		return nil
	}
	return slices.DeleteFunc(misspelt(c, x, spots.of(content.Schema), c.Plain(x, body), "", 6), func(f contract.Finding) bool {
		return slices.ContainsFunc(content.Examples, func(e openapi.Example) bool { return spells(e.Value, f.Got) })
	})
}

// spots are the roots of bodies.
type spots map[*schema.Schema]*spot

func (s spots) of(root *schema.Schema) *spot {
	if s[root] == nil {
		s[root] = &spot{schemas: []*schema.Schema{root}}
	}
	return s[root]
}

// spot is what may stand at one place: one value may be of several alternatives. The members are found once, for all answers: to look through
// the alternatives for each name of each item took an eighth of a run.
type spot struct {
	schemas []*schema.Schema
	named   map[string]*spot // nil: undeclared
	inItems *spot
}

func (d *spot) member(name string) *spot {
	if member, known := d.named[name]; known {
		return member
	}
	if d.named == nil {
		d.named = map[string]*spot{}
	}
	if list := members(d.schemas, name); len(list) > 0 {
		d.named[name] = &spot{schemas: list}
	} else {
		d.named[name] = nil
	}
	return d.named[name]
}

func (d *spot) items() *spot {
	if d.inItems == nil {
		d.inItems = &spot{}
		for part := range parts(d.schemas) {
			if part.Items != nil {
				d.inItems.schemas = append(d.inItems.schemas, part.Items)
			}
		}
	}
	return d.inItems
}

// misspelt compares the names of members with those that any of the schemas declares.
func misspelt(c *contract.Case, x *contract.Exchange, d *spot, v any, at string, depth int) (findings []contract.Finding) {
	if len(d.schemas) == 0 || depth == 0 {
		return nil
	}
	switch v := v.(type) {
	case []any:
		for _, item := range v[:min(len(v), 50)] {
			findings = append(findings, misspelt(c, x, d.items(), item, at+"/0", depth-1)...)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if member := d.member(name); member != nil {
				findings = append(findings, misspelt(c, x, member, v[name], at+"/"+source.Escape(name), depth-1)...)
			} else if meant := nearest(d.schemas, v, name); meant != "" && !requires(d.schemas, name) { // a schema that requires a name has it, with any value
				findings = append(findings, c.New(x, "body", at+"/"+source.Escape(name), "unknown", meant, name, d.schemas[0].Place.FileLine()))
			}
		}
	}
	return findings
}

// spells tells whether a value has a member of a name, at any depth: what the document's own example says is the document's fault.
func spells(v any, name string) bool {
	switch v := v.(type) {
	case map[string]any:
		_, has := v[name]
		for _, inner := range v {
			has = has || spells(inner, name)
		}
		return has
	case []any:
		return slices.ContainsFunc(v, func(item any) bool { return spells(item, name) })
	}
	return false
}

// parts are the schemas and what they apply to the same value.
func parts(schemas []*schema.Schema) iter.Seq[*schema.Schema] {
	return func(yield func(*schema.Schema) bool) {
		for _, s := range schemas {
			for part := range s.Parts(true) {
				if !yield(part) {
					return
				}
			}
		}
	}
}

func requires(schemas []*schema.Schema, name string) bool {
	for part := range parts(schemas) {
		if slices.Contains(part.Required, name) {
			return true
		}
	}
	return false
}

func members(schemas []*schema.Schema, name string) (list []*schema.Schema) {
	for part := range parts(schemas) {
		if p := part.Property(name); p != nil {
			list = append(list, p.Schema)
		}
		if part.Discriminator == nil {
			continue
		}
		for _, target := range part.Discriminator.Mapping {
			if p := target.Find(name); p != nil {
				list = append(list, p)
			}
		}
	}
	return list
}

// nearest is the declared name that an undeclared one was meant to be, "" where none is near or it is there, too.
func nearest(schemas []*schema.Schema, object map[string]any, name string) string {
	return openapi.Nearest(name, func(yield func(string) bool) {
		for part := range parts(schemas) {
			for _, p := range part.Properties {
				if _, has := object[p.Name]; !has && !yield(p.Name) {
					return
				}
			}
		}
	})
}
