package schema

import "encoding/json"

// Equal is JSON Schema's equality (core §4.2.2): numbers mathematically, objects without order.
func Equal(a, b any) bool {
	switch a := a.(type) {
	case nil:
		return b == nil
	case bool:
		other, ok := b.(bool)
		return ok && a == other
	case string:
		other, ok := b.(string)
		return ok && a == other
	case []any:
		return equalArrays(a, b)
	case map[string]any:
		return equalObjects(a, b)
	}
	if x, ok := a.(json.Number); ok {
		if y, ok := b.(json.Number); ok && x == y {
			return true
		}
	}
	x, isNumber := numberOf(a)
	y, alsoNumber := numberOf(b)
	return isNumber && alsoNumber && x.compare(y) == 0
}

func equalArrays(a []any, b any) bool {
	other, ok := b.([]any)
	if !ok || len(a) != len(other) {
		return false
	}
	for i := range a {
		if !Equal(a[i], other[i]) {
			return false
		}
	}
	return true
}

func equalObjects(a map[string]any, b any) bool {
	other, ok := b.(map[string]any)
	if !ok || len(a) != len(other) {
		return false
	}
	for name, x := range a {
		if y, ok := other[name]; !ok || !Equal(x, y) {
			return false
		}
	}
	return true
}

// duplicate returns the indexes of the first two equal items; ok is false where all differ.
func duplicate(items []any) (i, j int, ok bool) {
	if len(items) <= 16 {
		for j := range items {
			for i := range j {
				if Equal(items[i], items[j]) {
					return i, j, true
				}
			}
		}
		return 0, 0, false
	}
	buckets := make(map[uint64][]int, len(items))
	for j, item := range items {
		h := hash(item)
		for _, i := range buckets[h] {
			if Equal(items[i], item) {
				return i, j, true
			}
		}
		buckets[h] = append(buckets[h], j)
	}
	return 0, 0, false
}

// hash is equal for equal values.
func hash(v any) uint64 {
	const prime = 1099511628211
	switch v := v.(type) {
	case nil:
		return 1
	case bool:
		if v {
			return 2
		}
		return 3
	case string:
		h := uint64(14695981039346656037)
		for i := range len(v) {
			h = (h ^ uint64(v[i])) * prime
		}
		return h
	case []any:
		h := uint64(4)
		for _, item := range v {
			h = h*prime + hash(item)
		}
		return h
	case map[string]any:
		h := uint64(5)
		for name, member := range v {
			h += hash(name) * (hash(member) | 1) // order does not matter
		}
		return h
	}
	n, _ := numberOf(v)
	if n.rat != nil || n.decimals > 0 {
		return hash(n.fraction().RatString())
	}
	return uint64(n.i)*prime + 6
}
