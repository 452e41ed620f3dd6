package checks

import (
	"fmt"
	"net/http"
	"slices"

	"troth/contract"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// withoutDefaults leaves out of an item what a default stands for.
func withoutDefaults(c *contract.Case) func(map[string]any) {
	return func(object map[string]any) {
		fresh(c)(object)
		for _, p := range defaulted(c) {
			v, has := object[p.Name]
			if !has {
				continue
			}
			if delete(object, p.Name); !c.BodyContent().Schema.Valid(object, schema.Request) {
				object[p.Name] = v
			}
		}
	}
}

// defaulted are the members of a body that the document gives a value where they are left out. Nothing, as a value, leaves the choice to the server.
func defaulted(c *contract.Case) (list []schema.Property) {
	content := c.BodyContent()
	if content == nil || content.Schema == nil {
		return nil
	}
	nothing := []any{nil, "", []any{}, map[string]any{}}
	for part := range content.Schema.Parts(false) {
		for _, p := range part.Properties {
			s := p.Schema
			if !s.HasDefault || !s.Travels(schema.Request) || s.ReadOnly || s.WriteOnly || !s.Valid(s.Default, schema.Request) || named(c.Op, p.Name) || isReference(p.Name) || volatile(p.Name) {
				continue
			}
			if !slices.ContainsFunc(nothing, func(v any) bool { return schema.Equal(v, s.Default) }) {
				list = append(list, p)
			}
		}
	}
	return list
}

// otherDefault finds a member that was left out and that the item has, whenever it is read, another value of than the document says.
func otherDefault(c *contract.Case, m *made, x *contract.Exchange, says [2]map[string]any) []contract.Finding {
	if m.answer.Status == http.StatusAccepted {
		return nil
	}
	for _, p := range defaulted(c) {
		if _, sent := m.sent[p.Name]; sent {
			continue
		}
		member, ok := comparable(m.one.Op, x, p.Name, p.Schema.Default)
		got := says[1][p.Name]
		if !ok || got == nil || !schema.Equal(says[0][p.Name], got) {
			continue
		}
		if pointer, same := agreeAs(member, p.Schema.Default, got, "/"+source.Escape(p.Name)); !same {
			return []contract.Finding{c.New(x, "created item", pointer, "default", quote(fmt.Sprint(p.Schema.Default))+", the default of what was left out", quote(fmt.Sprint(got)), keywordLine(p.Schema, "default")).After(m.answer)}
		}
	}
	return nil
}
