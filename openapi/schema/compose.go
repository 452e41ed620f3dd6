package schema

import (
	"maps"
	"slices"
	"strconv"
)

// compose applies the applicators that judge the same value.
func (w *walker) compose(s *Schema, v any, root *Schema) bool {
	ok := s.Ref == nil || w.apply(s.Ref, v, root)
	for _, part := range s.AllOf {
		if !ok && !w.explain {
			return false
		}
		ok = w.apply(part, v, root) && ok
	}
	for _, part := range []func(*Schema, any, *Schema) bool{w.anyOf, w.oneOf, w.not, w.conditional, w.dependents} {
		if !ok && !w.explain {
			return false
		}
		ok = part(s, v, root) && ok
	}
	if s.UnevaluatedProperties != nil {
		if members, isObject := v.(map[string]any); isObject && (ok || w.explain) {
			ok = w.unevaluatedProperties(s, members, root) && ok
		}
	}
	if s.UnevaluatedItems != nil {
		if items, isArray := v.([]any); isArray && (ok || w.explain) {
			ok = w.unevaluatedItems(s, items, root) && ok
		}
	}
	return ok
}

func (w *walker) anyOf(s *Schema, v any, root *Schema) bool {
	if s.AnyOf == nil {
		return true
	}
	if part := s.chosen(v); part != nil {
		return w.apply(part, v, root)
	}
	for _, part := range s.AnyOf {
		if w.quiet(part, v, root) {
			return true
		}
	}
	return w.explain && w.noBranch(s, "anyOf", s.AnyOf, v, root)
}

func (w *walker) oneOf(s *Schema, v any, root *Schema) bool {
	if s.OneOf == nil {
		return true
	}
	if part := s.chosen(v); part != nil {
		return w.apply(part, v, root)
	}
	matched := -1
	for i, part := range s.OneOf {
		if !w.quiet(part, v, root) {
			continue
		}
		if matched >= 0 {
			if w.explain {
				w.failAt(s, "oneOf", "exactly one schema that matches", "schemas "+strconv.Itoa(matched)+" and "+strconv.Itoa(i)+" match")
			}
			return false
		}
		matched = i
	}
	if matched >= 0 {
		return true
	}
	return w.explain && w.noBranch(s, "oneOf", s.OneOf, v, root)
}

// noBranch explains why no alternative matches: by the violations of the one that was meant.
func (w *walker) noBranch(s *Schema, keyword string, parts []*Schema, v any, root *Schema) bool {
	w.fail(s, keyword, "a value that one of "+strconv.Itoa(len(parts))+" schemas accepts", v)
	if best := w.meant(parts, v, root); best != nil {
		w.found = append(w.found, best[:min(len(best), maxViolations-len(w.found))]...)
	}
	return false
}

// chosen is the alternative that the discriminator's value names, nil where it names none. The usual polymorphic documents (a
// base with oneOf of schemas that each include the base) are unsatisfiable unless the discriminator decides: without it an
// object of one kind fits the siblings too. OpenAPI 3.1 §4.8.25 calls it a hint; kin-openapi decides by it as well.
func (s *Schema) chosen(v any) *Schema {
	if s.Discriminator == nil {
		return nil
	}
	members, isObject := v.(map[string]any)
	name, _ := members[s.Discriminator.Property].(string)
	if part := s.Discriminator.Mapping[name]; part != nil || !isObject {
		return part
	}
	return s.Discriminator.Default
}

// meant is the violations of the alternative with the fewest.
func (w *walker) meant(parts []*Schema, v any, root *Schema) []Violation {
	var best []Violation
	for _, part := range parts {
		trial := walker{dir: w.dir, explain: true, path: slices.Clone(w.path), depth: w.depth, active: slices.Clone(w.active)}
		trial.apply(part, v, root)
		if best == nil || len(trial.found) < len(best) {
			best = trial.found
		}
	}
	return best
}

func (w *walker) not(s *Schema, v any, root *Schema) bool {
	if s.Not == nil || !w.quiet(s.Not, v, nil) {
		return true
	}
	return w.fail(s, "not", "a value that this schema refuses", v)
}

func (w *walker) conditional(s *Schema, v any, root *Schema) bool {
	if s.If == nil {
		return true
	}
	branch := s.Else
	if w.quiet(s.If, v, nil) {
		branch = s.Then
	}
	return branch == nil || w.apply(branch, v, root)
}

func (w *walker) dependents(s *Schema, v any, root *Schema) bool {
	members, ok := v.(map[string]any)
	if !ok || len(s.DependentSchemas) == 0 {
		return true
	}
	ok = true
	for _, name := range slices.Sorted(maps.Keys(s.DependentSchemas)) {
		if _, has := members[name]; has {
			ok = w.apply(s.DependentSchemas[name], v, root) && ok
		}
	}
	return ok
}

func (w *walker) unevaluatedProperties(s *Schema, members map[string]any, root *Schema) bool {
	seen := map[string]bool{}
	w.evaluatedMembers(s, members, root, seen, true)
	ok := true
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if seen[name] {
			continue
		}
		if b := s.UnevaluatedProperties.Bool; b != nil && !*b {
			if ok = false; w.explain {
				w.path = append(w.path, segment{name, -1})
				w.failAt(s, "unevaluatedProperties", "no member of this name", show(members[name]))
				w.path = w.path[:len(w.path)-1]
			}
			continue
		}
		ok = w.child(s.UnevaluatedProperties, members[name], segment{name, -1}) && ok
	}
	return ok
}

// inPlace yields the applicators of s that v passes, whose annotations count (core §11).
func (w *walker) inPlace(s *Schema, v any, root *Schema, visit func(*Schema)) {
	parts := slices.Concat([]*Schema{s.Ref}, s.AllOf, s.AnyOf, s.OneOf)
	if s.If != nil {
		if w.quiet(s.If, v, nil) {
			parts = append(parts, s.If, s.Then)
		} else {
			parts = append(parts, s.Else)
		}
	}
	if members, ok := v.(map[string]any); ok {
		for name, part := range s.DependentSchemas {
			if _, has := members[name]; has {
				parts = append(parts, part)
			}
		}
	}
	for _, part := range parts {
		if part != nil && w.quiet(part, v, root) {
			visit(part)
		}
	}
}

func (w *walker) evaluatedMembers(s *Schema, members map[string]any, root *Schema, seen map[string]bool, own bool) {
	for name := range members {
		if s.Property(name) != nil || s.AdditionalProperties != nil || !own && s.UnevaluatedProperties != nil {
			seen[name] = true
			continue
		}
		for _, p := range s.PatternProperties {
			if found, _ := p.Pattern.Match(name); found {
				seen[name] = true
			}
		}
	}
	w.inPlace(s, members, root, func(part *Schema) { w.evaluatedMembers(part, members, root, seen, false) })
}

func (w *walker) unevaluatedItems(s *Schema, items []any, root *Schema) bool {
	seen := make([]bool, len(items))
	w.evaluatedItems(s, items, root, seen, true)
	ok := true
	for i, item := range items {
		if !seen[i] {
			ok = w.child(s.UnevaluatedItems, item, segment{index: i}) && ok
		}
	}
	return ok
}

func (w *walker) evaluatedItems(s *Schema, items []any, root *Schema, seen []bool, own bool) {
	for i, item := range items {
		if i < len(s.PrefixItems) || s.Items != nil || !own && s.UnevaluatedItems != nil || s.Contains != nil && w.quiet(s.Contains, item, nil) {
			seen[i] = true
		}
	}
	w.inPlace(s, items, root, func(part *Schema) { w.evaluatedItems(part, items, root, seen, false) })
}
