package checks

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"troth/contract"
	"troth/openapi/sample"
	"troth/openapi/schema"
)

// kindSeeds is how many values of a member are made to find one of each kind.
const kindSeeds = 24

// kinds puts objects within an item as one kind, then as another: what only the first kind has does not stay.
func (p *replacing) kinds(ctx context.Context) ([]contract.Finding, error) {
	for part := range p.content.Schema.Parts(false) {
		for _, member := range part.Properties {
			alternatives := objectKinds(member.Schema)
			if alternatives == nil || !member.Schema.Travels(schema.Request) || named(p.c.Op, member.Name) {
				continue
			}
			if findings, err := p.kindsOf(ctx, member, alternatives); err != nil || len(findings) > 0 {
				return findings, err
			}
		}
	}
	return nil, nil
}

// objectKinds are the alternatives of a schema that are objects, nil where it is no choice of such.
func objectKinds(s *schema.Schema) (kinds []*schema.Schema) {
	for part := range s.Parts(false) {
		for _, alternative := range append(slices.Clone(part.OneOf), part.AnyOf...) {
			if names(alternative) {
				kinds = append(kinds, alternative)
			}
		}
	}
	if len(kinds) < 2 {
		return nil
	}
	return kinds
}

// kindsOf puts two kinds of one member.
func (p *replacing) kindsOf(ctx context.Context, member schema.Property, alternatives []*schema.Schema) ([]contract.Finding, error) {
	name := member.Name
	was, is, only := p.twoKinds(member, alternatives)
	if only == "" {
		return nil, nil
	}
	_, _, now, err := p.put(ctx, "PUT of one kind", joinedWith(p.least, map[string]any{name: was}))
	kept, _ := now[name].(map[string]any)
	if _, same := agree(was[only], kept[only], ""); err != nil || !same {
		return nil, passing(err)
	}
	change, read, now, err := p.put(ctx, "PUT of another kind", joinedWith(p.least, map[string]any{name: is}))
	if err != nil {
		return nil, passing(err)
	}
	kept, _ = now[name].(map[string]any)
	if v, stays := kept[only]; stays {
		if _, same := agree(was[only], v, ""); same {
			return []contract.Finding{p.finding(change, read, name, "kind", "no "+only+": the item was put as another kind, without it", only+" "+quote(fmt.Sprint(v)))}, nil
		}
	}
	return nil, nil
}

// twoKinds are values of two kinds, and a member of the first that the second does not have; "" where there are none.
func (p *replacing) twoKinds(member schema.Property, alternatives []*schema.Schema) (was, is map[string]any, only string) {
	byKind := map[*schema.Schema]map[string]any{}
	for seed := range uint64(kindSeeds) {
		v, err := sample.Value(member.Schema, 61+seed, sample.For(schema.Request), sample.Named(member.Name))
		object, isObject := v.(map[string]any)
		if err != nil || !isObject || !p.content.Schema.Valid(joinedWith(p.least, map[string]any{member.Name: object}), schema.Request) {
			continue
		}
		if kind := onlyKind(alternatives, object); kind != nil && len(byKind[kind]) < len(object) {
			byKind[kind] = object
		}
	}
	for _, one := range alternatives {
		for _, other := range alternatives {
			for _, name := range slices.Sorted(maps.Keys(byKind[one])) {
				if byKind[other] != nil && other.Find(name) == nil && byKind[one][name] != nil {
					return byKind[one], byKind[other], name
				}
			}
		}
	}
	return nil, nil, ""
}

// onlyKind is the one alternative that an object is valid for, nil where it is so for several.
func onlyKind(alternatives []*schema.Schema, object map[string]any) (kind *schema.Schema) {
	for _, alternative := range alternatives {
		if !alternative.Valid(object, schema.Request) {
			continue
		}
		if kind != nil {
			return nil
		}
		kind = alternative
	}
	return kind
}
