package checks

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"troth/contract"
	"troth/openapi/convention"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// agree tells whether two values say the same, and where they do not. Links may differ: they repeat what was asked for.
func agree(a, b any, at string) (pointer string, same bool) { return agreeAs(nil, a, b, at) }

// agreeAs is agree where the second value is of another schema than the first may be: what that schema does not name, or gives another form, is not
// compared. A nil schema leaves nothing out.
func agreeAs(s *schema.Schema, a, b any, at string) (pointer string, same bool) {
	switch x := a.(type) {
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok {
			return at, false
		}
		for _, name := range slices.Sorted(maps.Keys(x)) {
			other, has := y[name]
			if isHref(x[name]) || name == "href" || name == "links" || name == "_links" {
				continue
			}
			member := s.Find(name)
			if member == nil && names(s) || member != nil && !member.Valid(x[name], schema.Response) {
				continue
			}
			if !has {
				return at + "/" + source.Escape(name), false
			}
			if where, ok := agreeAs(member, x[name], other, at+"/"+source.Escape(name)); !ok {
				return where, false
			}
		}
		return "", true
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			return at, false
		}
		for i := range x {
			if isHref(x[i]) && isHref(y[i]) {
				continue
			}
			if where, ok := agreeAs(convention.ItemSchema(s, ""), x[i], y[i], at+"/"+strconv.Itoa(i)); !ok {
				return where, false
			}
		}
		return "", true
	}
	return at, schema.Equal(a, b) || sameUUID(a, b) || sameInstant(a, b)
}

// sameInstant tells whether two texts tell one instant: 33 s, 33.000 s, or the hour of another zone.
func sameInstant(a, b any) bool {
	x, isX := instant(a)
	y, isY := instant(b)
	return isX && isY && x.Equal(y)
}

// declared is a value without the members that its schema does not name: what nothing is said of may say anything, each time it is asked for. A schema
// that names none leaves all, and what items are told apart by stays.
func declared(s *schema.Schema, v any) any {
	switch x := v.(type) {
	case map[string]any:
		if !names(s) {
			return v
		}
		object := map[string]any{}
		for name, inner := range x {
			if member := s.Find(name); member != nil || name == "id" || name == "_id" || name == "uuid" {
				object[name] = declared(member, inner)
			}
		}
		return object
	case []any:
		of := convention.ItemSchema(s, "")
		if !names(of) {
			return v
		}
		list := make([]any, len(x))
		for i, inner := range x {
			list[i] = declared(of, inner)
		}
		return list
	}
	return v
}

// declaredIn is declared for the body of an answer.
func declaredIn(c *contract.Case, x *contract.Exchange, body any) any {
	if content := contentOf(c.Op.Response(x.Status), x); content != nil {
		return declared(content.Schema, body)
	}
	return body
}

// sameUUID tells whether two values are one UUID, which is compared without case (RFC 9562 §4).
func sameUUID(a, b any) bool {
	x, ok := a.(string)
	y, both := b.(string)
	return ok && both && strings.EqualFold(x, y) && isUUID(x)
}

func isUUID(s string) bool {
	for i := range len(s) {
		if dash := i == 8 || i == 13 || i == 18 || i == 23; dash != (s[i] == '-') || !dash && !strings.ContainsRune("0123456789abcdefABCDEF", rune(s[i])) {
			return false
		}
	}
	return len(s) == 36
}

// names tells whether a schema names members.
func names(s *schema.Schema) bool {
	if s == nil {
		return false
	}
	for part := range s.Parts(true) {
		if len(part.Properties) > 0 {
			return true
		}
	}
	return false
}

// isHref tells whether a value is an absolute URL.
func isHref(v any) bool {
	s, ok := v.(string)
	return ok && (len(s) > 7 && s[:7] == "http://" || len(s) > 8 && s[:8] == "https://")
}
