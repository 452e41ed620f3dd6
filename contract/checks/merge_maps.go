package checks

import (
	"context"
	"fmt"

	"troth/contract"
	"troth/openapi/sample"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// mapKeys are two members of a map that no item has by itself.
var mapKeys = [2]string{"troth-a", "troth-b"}

// entriesKept gives the maps of an item one member, then another: both are there, and null removes the one that it names.
func (m *merging) entriesKept(ctx context.Context) ([]contract.Finding, error) {
	for part := range m.patch.Schema.Parts(false) {
		for _, member := range part.Properties {
			one, other := m.entries(member.Name)
			if one == nil || other == nil {
				continue
			}
			if findings, err := m.entered(ctx, member.Name, one, other); err != nil || len(findings) > 0 {
				return findings, err
			}
		}
	}
	return nil, nil
}

// entries are two merge patches of a map, each with a member of its own, nil where the member of the item is no map.
func (m *merging) entries(name string) (one, other map[string]any) {
	shown := m.shape.Find(name)
	if !isMap(m.patch.Schema.Find(name)) || !isMap(shown) || !m.settable(name) || named(m.c.Op, name) {
		return nil, nil
	}
	object, _ := m.before[name].(map[string]any)
	whole := joinedWith(map[string]any{}, object)
	var patches [2]map[string]any
	for i, key := range mapKeys {
		v := entry(shown, name, i)
		if patches[i] = (map[string]any{name: map[string]any{key: v}}); v == nil || !m.patch.Schema.Valid(patches[i], schema.Request) {
			return nil, nil
		}
		whole[key] = v
	}
	if !shown.Valid(whole, schema.Response) {
		return nil, nil
	}
	return patches[0], patches[1]
}

// isMap tells whether a schema describes an object of members with any names.
func isMap(s *schema.Schema) bool {
	if s == nil || names(s) || s.Types&schema.TypeObject == 0 {
		return false
	}
	for part := range s.Parts(false) {
		if inner := part.AdditionalProperties; inner != nil && inner.Bool != nil && !*inner.Bool {
			return false
		}
	}
	return true
}

// entry is a value of a map's members, a text where they may be anything; nil where none is made.
func entry(s *schema.Schema, name string, i int) any {
	for part := range s.Parts(false) {
		if inner := part.AdditionalProperties; inner != nil && inner.Bool == nil {
			v, err := sample.Value(inner, 41+uint64(i), sample.For(schema.Request), sample.Named(name))
			if _, nested := v.(map[string]any); err != nil || nested {
				return nil
			}
			return v
		}
	}
	return mapKeys[i]
}

// entered sends both patches, then null for the first member.
func (m *merging) entered(ctx context.Context, name string, one, other map[string]any) ([]contract.Finding, error) {
	first, second := mapKeys[0], mapKeys[1]
	put, _, now, err := m.send(ctx, "merge patch of a map", one)
	if err != nil || put == nil || !holdsEntry(now, name, first, one) {
		return nil, err // what the server does not keep as it was sent is its own affair
	}
	change, read, now, err := m.send(ctx, "merge patch of another member of a map", other)
	if err != nil || change == nil || !holdsEntry(now, name, second, other) {
		return nil, err
	}
	if !holdsEntry(now, name, first, one) {
		return m.lost(change, read, name, first, one, now), nil
	}
	null := map[string]any{name: map[string]any{first: nil}}
	if !m.patch.Schema.Valid(null, schema.Request) {
		return nil, nil
	}
	change, read, now, err = m.send(ctx, "merge patch with null for a member of a map", null)
	switch {
	case err != nil || change == nil:
		return nil, err
	case holdsEntry(now, name, first, one):
		return []contract.Finding{m.finding(change, read, pointerTo(name, first), "null", "no such member: null removes it", quote(fmt.Sprint(now[name])))}, nil
	case !holdsEntry(now, name, second, other):
		return m.lost(change, read, name, second, other, now), nil
	}
	return nil, nil
}

func (m *merging) lost(change, read *contract.Exchange, name, key string, sent, now map[string]any) []contract.Finding {
	was, _ := sent[name].(map[string]any)
	want := quote(fmt.Sprint(was[key])) + ", as before: the patch does not name it"
	return []contract.Finding{m.finding(change, read, pointerTo(name, key), "map", want, quote(fmt.Sprint(now[name])))}
}

// holdsEntry tells whether an item's map has a member as a patch gave it.
func holdsEntry(item map[string]any, name, key string, patch map[string]any) bool {
	entries, _ := item[name].(map[string]any)
	sent, _ := patch[name].(map[string]any)
	v, has := entries[key]
	_, same := agree(sent[key], v, "")
	return has && same
}

func pointerTo(name, key string) string { return "/" + source.Escape(name) + "/" + source.Escape(key) }
