package sample

import (
	"slices"

	"troth/openapi/schema"
)

// array makes as many items as the facts ask for, one or two where they leave it open.
func (m *maker) array(f *facts, seed uint64, name string, depth int) (any, error) {
	least := max(f.least(func(s *schema.Schema) int { return s.MinItems }), 0)
	most := f.most(func(s *schema.Schema) int { return s.MaxItems })
	n := least
	if !m.minimal && m.depth < m.soft {
		n = max(least, 1+int(Hash(seed, "items")%2))
	}
	if most >= 0 {
		n = min(n, most)
	}
	items, err := m.containing(f, seed, name, depth)
	if err != nil {
		return nil, err
	}
	for i, misses := len(items), 0; len(items) < n && misses < mayMiss(least, len(items)); i++ {
		v, err := m.item(f, len(items), Hash(seed, itoa(i)), name, depth)
		if err != nil {
			if len(items) >= least && err != errBudget {
				return items, nil
			}
			return nil, err
		}
		if unique(f) && contains(items, v) {
			misses++
			continue
		}
		items = append(items, v)
	}
	return items, nil
}

// mayMiss is how often an item may be made in vain because it is there already: more often while there are too few.
func mayMiss(least, have int) int {
	if have >= least {
		return 20
	}
	return 20 + 20*min(least, 1000)
}

// containing makes the items of prefixItems, where there are any, and then those that "contains" asks for beyond them; within them where
// nothing may follow.
func (m *maker) containing(f *facts, seed uint64, name string, depth int) ([]any, error) {
	items, wanted := []any{}, m.contained(f)
	if len(wanted) == 0 {
		return items, nil
	}
	prefix, closed := prefixed(f)
	for i := range prefix {
		item := Hash(seed, "prefix", itoa(i))
		if closed && len(wanted) > 0 {
			if parts := append(itemsAt(f, i), wanted[0]); len(parts) > 0 {
				if v, err := m.value(parts, item, singular(name), depth+1); err == nil && all(parts, v, m.dir) {
					items, wanted = append(items, v), wanted[1:]
					continue
				}
			}
		}
		v, err := m.item(f, i, item, name, depth)
		if err != nil {
			return nil, err
		}
		items = append(items, v)
	}
	for misses := 0; len(wanted) > 0 && !closed; {
		parts := append(itemsAt(f, len(items)), wanted[0])
		v, err := m.value(parts, Hash(seed, "contains", itoa(len(items)+misses)), singular(name), depth+1)
		if err != nil {
			return nil, err
		}
		if unique(f) && contains(items, v) && misses < 20 {
			misses++
			continue
		}
		items, wanted = append(items, v), wanted[1:]
	}
	return items, nil
}

// prefixed is how many items prefixItems describe, and whether they are all that there may be.
func prefixed(f *facts) (n int, closed bool) {
	for _, s := range f.parts {
		n = max(n, len(s.PrefixItems))
	}
	most := f.most(func(s *schema.Schema) int { return s.MaxItems })
	closed = n > 0 && most >= 0 && most <= n
	for _, s := range itemsAt(f, n) {
		closed = closed || s.Bool != nil && !*s.Bool
	}
	return n, closed
}

// contained lists "contains" as often as it is asked for.
func (m *maker) contained(f *facts) (list []*schema.Schema) {
	for _, s := range f.parts {
		if s.Contains == nil {
			continue
		}
		for range max(s.MinContains, 0) + b2i(s.MinContains < 0) {
			list = append(list, s.Contains)
		}
	}
	return list
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// itemsAt are the schemas of the i-th item.
func itemsAt(f *facts, i int) (parts []*schema.Schema) {
	for _, s := range f.parts {
		switch {
		case i < len(s.PrefixItems):
			parts = append(parts, s.PrefixItems[i])
		case s.Items != nil:
			parts = append(parts, s.Items)
		}
	}
	return parts
}

func (m *maker) item(f *facts, i int, seed uint64, name string, depth int) (any, error) {
	parts := itemsAt(f, i)
	for _, s := range f.parts {
		if len(parts) == 0 && s.UnevaluatedItems != nil {
			parts = append(parts, s.UnevaluatedItems)
		}
	}
	if len(parts) == 0 {
		return m.word(&dice{seed}, singular(name)), nil
	}
	outer := m.clock
	m.clock = nil // each item has a life of its own
	defer func() { m.clock = outer }()
	return m.value(parts, seed, singular(name), depth+1)
}

func unique(f *facts) bool {
	return slices.ContainsFunc(f.parts, func(s *schema.Schema) bool { return s.UniqueItems })
}

func contains(items []any, v any) bool {
	return slices.ContainsFunc(items, func(item any) bool { return schema.Equal(item, v) })
}

func singular(name string) string {
	if len(name) > 3 && name[len(name)-1] == 's' {
		return name[:len(name)-1]
	}
	return name
}
