package checks

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/schema"
	"troth/openapi/source"
)

func mergePatch() contract.Check {
	return contract.Check{
		ID:      "merge-patch",
		Promise: "A merge patch removes the members that it sets to null, and of an object changes the members that it names only.",
		Why:     "A client cannot be rid of a value, or loses what it did not name.",
		Source:  "RFC 7396 §2",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool {
			return s.Op.Method == http.MethodPatch && updates(s) && mergeContent(s) != nil
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			bare, err := bareItem(ctx, c)
			if err != nil {
				return nil, err
			}
			item, before, err := itemToChange(ctx, c, "item before a merge patch")
			if err != nil {
				return nil, err
			}
			defer item.clean(ctx)
			m := &merging{c: c, item: item, patch: mergeContent(&c.Subject), shape: shapeOf(item.one), before: before}
			if m.shape == nil || m.patch.Schema == nil {
				return nil, contract.Skip("the item has no schema")
			}
			var findings []contract.Finding
			for _, judge := range []func(context.Context) ([]contract.Finding, error){m.nested, m.entriesKept, func(ctx context.Context) ([]contract.Finding, error) { return m.nulls(ctx, bare) }} {
				found, err := judge(ctx)
				if findings = append(findings, found...); err != nil {
					return findings, err
				}
			}
			if !m.judged {
				return nil, contract.Skip("the item has no member that may be removed, and no object")
			}
			return findings, nil
		},
	}
}

// mergeContent is the JSON merge patch that an operation takes, nil where it takes none.
func mergeContent(s *contract.Subject) *openapi.Content {
	if s.Op.Body == nil {
		return nil
	}
	for _, content := range s.Op.Body.Content {
		if content.Type.Type == "application" && content.Type.Subtype == "merge-patch+json" {
			return content
		}
	}
	return nil
}

// bareItem is what an item says of which only the least was sent, nil where none can be created: what it shows by itself.
func bareItem(ctx context.Context, c *contract.Case) (map[string]any, error) {
	maker := makerOf(c)
	if maker == nil {
		return nil, contract.Skip("only what the run itself created has members removed, and the document has no operation that creates it")
	}
	m, err := create(ctx, maker, "create with the least", fresh(maker))
	if m != nil {
		defer m.clean(ctx, maker)
	}
	if err != nil {
		return nil, err
	}
	_, says, err := m.read(ctx, "item of the least")
	return says, err
}

// merging is an item that merge patches change.
type merging struct {
	c      *contract.Case
	item   *own
	patch  *openapi.Content
	shape  *schema.Schema
	before map[string]any
	judged bool
}

// send sends a merge patch and reads the item; change is nil where it is refused.
func (m *merging) send(ctx context.Context, name string, patch map[string]any) (change, read *contract.Exchange, now map[string]any, err error) {
	text, err := json.Marshal(patch)
	if err != nil {
		return nil, nil, nil, err
	}
	change, err = m.c.Ask(ctx, name, append(slices.Clone(m.item.at), contract.Body(m.patch.Type.String(), string(text)), contract.Again())...)
	if err != nil || !change.OK() || change.Status == http.StatusAccepted {
		return nil, nil, nil, err
	}
	m.judged = true
	read, now, err = m.item.read(ctx, "item behind "+name)
	return change, read, now, err
}

// mostRemoved is how many members of an item are set to null at most.
const mostRemoved = 4

// nulls sets members to null, one by one: those that the run itself set, and that an item of which they were not sent does not have.
func (m *merging) nulls(ctx context.Context, bare map[string]any) ([]contract.Finding, error) {
	removed := 0
	for _, name := range slices.Sorted(maps.Keys(m.before)) {
		patch := map[string]any{name: nil}
		member := m.shape.Find(name)
		_, byItself := agree(m.before[name], bare[name], "")
		if m.before[name] == nil || member == nil || byItself || named(m.c.Op, name) || !m.settable(name) || !dispensable(m.shape, name) || !m.patch.Schema.Valid(patch, schema.Request) {
			continue
		}
		if removed++; removed > mostRemoved {
			break
		}
		change, read, now, err := m.send(ctx, "merge patch with null", patch)
		if err != nil {
			return nil, err
		}
		v, has := now[name]
		if change == nil || !has {
			continue
		}
		_, same := agree(m.before[name], v, "")
		if same || v == nil && !member.Valid(nil, schema.Response) {
			return []contract.Finding{m.finding(change, read, "/"+source.Escape(name), "null", "no such member: null removes it", quote(fmt.Sprint(v)))}, nil
		}
	}
	return nil, nil
}

// settable tells whether clients may change a member of the item.
func (m *merging) settable(name string) bool {
	sent, shown := m.patch.Schema.Find(name), m.shape.Find(name)
	return (sent == nil || !sent.ReadOnly) && shown != nil && !shown.ReadOnly
}

// nested changes one member of an object: the others stay.
func (m *merging) nested(ctx context.Context) ([]contract.Finding, error) {
	for _, name := range slices.Sorted(maps.Keys(m.before)) {
		object, isObject := m.before[name].(map[string]any)
		if !isObject || len(object) < 2 || !m.settable(name) || named(m.c.Op, name) {
			continue
		}
		patch, changed := m.within(name, object)
		if patch == nil {
			continue
		}
		change, read, now, err := m.send(ctx, "merge patch of an object", patch)
		if err != nil {
			return nil, err
		}
		behind, isObject := now[name].(map[string]any)
		if change == nil || !isObject {
			continue
		}
		for _, inner := range slices.Sorted(maps.Keys(object)) {
			member := m.shape.Find(name).Find(inner)
			if inner == changed || member != nil && member.ReadOnly || member == nil {
				continue
			}
			if pointer, same := agree(object[inner], behind[inner], "/"+source.Escape(name)+"/"+source.Escape(inner)); !same {
				return []contract.Finding{m.finding(change, read, pointer, "nested", quote(fmt.Sprint(object[inner]))+", as before: the patch does not name it", quote(fmt.Sprint(behind[inner])))}, nil
			}
		}
	}
	return nil, nil
}

// within is a merge patch of one member of an object, and that member's name; nil where none can be changed alone.
func (m *merging) within(name string, object map[string]any) (patch map[string]any, changed string) {
	for _, inner := range slices.Sorted(maps.Keys(object)) {
		member := m.shape.Find(name).Find(inner)
		if member == nil || member.ReadOnly || member.Enum != nil || member.Types&(schema.TypeObject|schema.TypeArray) != 0 {
			continue
		}
		v, ok := another(member, inner, object[inner])
		patch := map[string]any{name: map[string]any{inner: v}}
		whole := joinedWith(m.before, map[string]any{name: joinedWith(object, map[string]any{inner: v})})
		if ok && m.patch.Schema.Valid(patch, schema.Request) && (m.shape.Valid(whole, schema.Response) || !m.shape.Valid(m.before, schema.Response)) {
			return patch, inner
		}
	}
	return nil, ""
}

func (m *merging) finding(change, read *contract.Exchange, pointer, keyword, want, got string) contract.Finding {
	return m.c.New(read, "item", pointer, keyword, want, got, m.c.Op.Place.FileLine()).After(change)
}
