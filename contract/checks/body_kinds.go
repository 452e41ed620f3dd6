package checks

import (
	"context"
	"maps"
	"slices"

	"troth/contract"
	"troth/openapi/sample"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// kindTries is how many bodies are sent at most to find those that a server takes.
const kindTries = 24

// bodyKind is a body that a server takes, and the members in it that the usual body has not.
type bodyKind struct {
	body  map[string]any
	added []string
}

// bodyKinds are bodies with the members that the usual one lacks and that a server takes with no usual one: many take a member only beside
// some word of an enumeration, or two members together only, so that with the usual body a near miss of such a member is refused whatever it
// holds. None where the usual body takes all of them at once.
func bodyKinds(ctx context.Context, c *contract.Case) (kinds []bodyKind, err error) {
	content, value, err := jsonBody(c)
	usual, ok := value.(map[string]any)
	if err != nil || !ok || !creates(&c.Subject) || len(enumerations(&c.Subject)) == 0 {
		return nil, nil
	}
	left := others(content, usual)
	tries := 0
	take := func(base map[string]any, names ...string) (bool, error) {
		body := maps.Clone(base)
		for _, name := range names {
			body[name] = left[name]
		}
		if tries++; tries > kindTries || len(names) == 0 || !content.Schema.Valid(body, schema.Request) {
			return false, nil
		}
		x, err := askBody(ctx, c, "body of another kind", "", body, contract.Again(), contract.Provoking())
		if err != nil || !x.OK() {
			return false, err
		}
		kinds = append(kinds, bodyKind{body, names})
		for _, name := range names {
			delete(left, name)
		}
		return true, nil
	}
	if all, err := take(usual, slices.Sorted(maps.Keys(left))...); all || err != nil {
		return nil, err
	}
	bases := basesOf(c, usual)
	for size := range 3 { // all that are left, then each alone, then two of them
		for _, base := range bases {
			for _, names := range choices(slices.Sorted(maps.Keys(left)), size) {
				if !slices.ContainsFunc(names, func(name string) bool { _, open := left[name]; return !open }) {
					if _, err := take(base, names...); err != nil {
						return kinds, err
					}
				}
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(left)) { // beside one that is taken alone
		for _, kind := range kinds[:len(kinds):len(kinds)] {
			if _, open := left[name]; open {
				if _, err := take(kind.body, name); err != nil {
					return kinds, err
				}
			}
		}
	}
	return kinds, nil
}

// basesOf are the usual body with each other word of its enumerations.
func basesOf(c *contract.Case, usual map[string]any) (list []map[string]any) {
	for _, e := range enumerations(&c.Subject) {
		for _, word := range e.words[:min(len(e.words), mostWords)] {
			base := maps.Clone(usual)
			if base[e.name] = word; !schema.Equal(usual[e.name], word) {
				list = append(list, base)
			}
		}
	}
	return list
}

// choices are the names as a whole for size 0, else each choice of that many of them.
func choices(names []string, size int) (list [][]string) {
	switch size {
	case 0:
		return [][]string{names}
	case 1:
		for _, name := range names {
			list = append(list, []string{name})
		}
	case 2:
		for i, a := range names {
			for _, b := range names[i+1:] {
				list = append(list, []string{a, b})
			}
		}
	}
	return list
}

// misses are the near misses of the members that a kind adds.
func (k bodyKind) misses(s *schema.Schema) []sample.Miss {
	list := slices.Concat(sample.Misses(s, k.body, schema.Request), sample.Confused(s, k.body, schema.Request))
	return slices.DeleteFunc(list, func(m sample.Miss) bool { return m.Keyword == "required" || !k.has(m.Pointer) })
}

// edges are the edges of the members that a kind adds.
func (k bodyKind) edges(s *schema.Schema) []sample.Edge {
	return slices.DeleteFunc(sample.Edges(s, k.body, schema.Request), func(e sample.Edge) bool { return !k.has(e.Pointer) })
}

func (k bodyKind) has(pointer string) bool {
	tokens := source.Tokens(pointer)
	return len(tokens) > 0 && slices.Contains(k.added, tokens[0])
}
