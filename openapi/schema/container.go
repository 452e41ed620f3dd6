package schema

import (
	"maps"
	"slices"
	"strconv"
)

func (w *walker) array(s *Schema, items []any) bool {
	ok := true
	if len(items) < s.MinItems {
		ok = w.fail(s, "minItems", "at least "+strconv.Itoa(s.MinItems)+" items", items)
	}
	if s.MaxItems >= 0 && len(items) > s.MaxItems {
		ok = w.fail(s, "maxItems", "at most "+strconv.Itoa(s.MaxItems)+" items", items)
	}
	if s.UniqueItems && (ok || w.explain) {
		if i, j, found := duplicate(items); found {
			ok = false
			if w.explain {
				w.failAt(s, "uniqueItems", "no two equal items", "items "+strconv.Itoa(i)+" and "+strconv.Itoa(j)+" are equal")
			}
		}
	}
	if s.Items == nil && s.PrefixItems == nil && s.Contains == nil || w.judged(s, items) {
		return ok
	}
	for i, item := range items {
		if !ok && !w.explain {
			return false
		}
		if i < len(s.PrefixItems) {
			ok = w.child(s.PrefixItems[i], item, segment{index: i}) && ok
		} else if s.Items != nil {
			ok = w.child(s.Items, item, segment{index: i}) && ok
		}
	}
	return ok && (s.Contains == nil || w.contains(s, items))
}

// judged tells whether these items are the known ones, and nothing else than what accepts them applies to them here.
func (w *walker) judged(s *Schema, items []any) bool {
	return len(w.known) > 0 && len(items) == len(w.known) && &items[0] == &w.known[0] && s.Items == w.item && s.PrefixItems == nil && s.Contains == nil
}

func (w *walker) contains(s *Schema, items []any) bool {
	n := 0
	for _, item := range items {
		if w.quiet(s.Contains, item, nil) {
			n++
		}
	}
	least := 1
	if s.MinContains >= 0 {
		least = s.MinContains
	}
	ok := true
	if n < least {
		keyword := "contains"
		if s.MinContains >= 0 {
			keyword = "minContains"
		}
		ok = w.fail(s, keyword, "at least "+strconv.Itoa(least)+" items that match", items)
	}
	if s.MaxContains >= 0 && n > s.MaxContains {
		ok = w.fail(s, "maxContains", "at most "+strconv.Itoa(s.MaxContains)+" items that match", items)
	}
	return ok
}

// quiet applies s without collecting violations.
func (w *walker) quiet(s *Schema, v any, root *Schema) bool {
	explain := w.explain
	w.explain = false
	ok := w.apply(s, v, root)
	w.explain = explain
	return ok
}

func (w *walker) object(s *Schema, members map[string]any, root *Schema) bool {
	ok := w.sized(s, members)
	for _, name := range s.Required {
		if !ok && !w.explain {
			return false
		}
		if _, has := members[name]; !has && w.due(s, name, root) {
			ok = false
			if w.explain {
				w.failAt(s, "required", "member "+name, "absent")
			}
		}
	}
	for name, needs := range s.DependentRequired {
		ok = w.dependent(s, members, name, needs) && ok
	}
	if s.Properties == nil && s.PatternProperties == nil && s.AdditionalProperties == nil && s.PropertyNames == nil {
		return ok
	}
	if w.explain {
		for _, name := range w.ordered(s, members) {
			ok = w.member(s, name, members[name]) && ok
		}
		return ok
	}
	for name, v := range members {
		if !ok || !w.member(s, name, v) {
			return false
		}
	}
	return ok
}

// ordered lists a value's members: declared ones in the schema's order, then the others by name.
func (w *walker) ordered(s *Schema, members map[string]any) []string {
	var names []string
	for _, p := range s.Properties {
		if _, has := members[p.Name]; has {
			names = append(names, p.Name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if s.Property(name) == nil {
			names = append(names, name)
		}
	}
	return names
}

func (w *walker) sized(s *Schema, members map[string]any) bool {
	ok := true
	if len(members) < s.MinProperties {
		ok = w.fail(s, "minProperties", "at least "+strconv.Itoa(s.MinProperties)+" members", members)
	}
	if s.MaxProperties >= 0 && len(members) > s.MaxProperties {
		ok = w.fail(s, "maxProperties", "at most "+strconv.Itoa(s.MaxProperties)+" members", members)
	}
	return ok
}

// due tells whether a required member must be there in this direction.
func (w *walker) due(s *Schema, name string, root *Schema) bool {
	if w.dir == Either {
		return true
	}
	p := s.Find(name)
	if p == nil {
		p = root.Find(name)
	}
	return p == nil || p.Travels(w.dir)
}

func (w *walker) dependent(s *Schema, members map[string]any, name string, needs []string) bool {
	if _, has := members[name]; !has {
		return true
	}
	for _, need := range needs {
		if _, has := members[need]; !has {
			if w.explain {
				w.failAt(s, "dependentRequired", "member "+need+" beside "+name, "absent")
			}
			return false
		}
	}
	return true
}

// member applies what s says about one member.
func (w *walker) member(s *Schema, name string, v any) bool {
	ok, named := true, false
	if p := s.Property(name); p != nil {
		named = true
		ok = w.property(s, p, v)
	}
	for _, p := range s.PatternProperties {
		if found, err := p.Pattern.Match(name); found || err != nil {
			named = true
			ok = w.child(p.Schema, v, segment{name, -1}) && ok
		}
	}
	if !named && s.AdditionalProperties != nil {
		ok = w.additional(s, name, v) && ok
	}
	if s.PropertyNames != nil && !w.quiet(s.PropertyNames, name, nil) {
		ok = w.fail(s, "propertyNames", "member names that match", name)
	}
	return ok
}

func (w *walker) property(s *Schema, p *Property, v any) bool {
	if w.dir != Either && !p.Schema.Travels(w.dir) {
		if w.dir == Request {
			return true // a server ignores it
		}
		if w.explain {
			w.path = append(w.path, segment{p.Name, -1})
			w.failAt(p.Schema, "writeOnly", "no such member in a response", "present")
			w.path = w.path[:len(w.path)-1]
		}
		return false
	}
	return w.child(p.Schema, v, segment{p.Name, -1})
}

func (w *walker) additional(s *Schema, name string, v any) bool {
	if b := s.AdditionalProperties.Bool; b != nil && !*b {
		if w.explain {
			w.path = append(w.path, segment{name, -1})
			w.failAt(s, "additionalProperties", "no member of this name", show(v))
			w.path = w.path[:len(w.path)-1]
		}
		return false
	}
	return w.child(s.AdditionalProperties, v, segment{name, -1})
}
