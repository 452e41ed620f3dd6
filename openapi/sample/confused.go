package sample

import (
	"encoding/json"
	"maps"
	"strings"
	"unicode"

	"troth/openapi/schema"
	"troth/openapi/source"
)

// Confused are near misses of a valid object that [Misses] has not: members that hold what a lenient reader takes for the valid value (a number
// as text, a text of digits as number, true for 1, null, a word of an enumeration in another case, a line feed behind a text), and the
// object in an array. Each is one that the schema refuses. They are for bodies: in a parameter every value is text.
func Confused(s *schema.Schema, valid any, dir schema.Direction) (list []Miss) {
	add := func(m Miss) {
		if !s.Valid(m.Value, dir) {
			list = append(list, m)
		}
	}
	add(Miss{Keyword: "type array", Value: []any{valid}, Schema: s})
	object, ok := valid.(map[string]any)
	if !ok {
		return list
	}
	for part := range s.Parts(false) {
		for _, p := range part.Properties {
			if !p.Schema.Travels(dir) {
				continue
			}
			v, has := object[p.Name]
			if !has {
				var err error
				if v, err = Value(p.Schema, 1, For(dir), Named(p.Name), Minimal()); err != nil {
					continue
				}
			}
			for member := range p.Schema.Parts(false) {
				confusions(member, v, func(keyword string, bad any) {
					whole := maps.Clone(object)
					whole[p.Name] = bad
					add(Miss{"/" + source.Escape(p.Name), keyword, whole, member, bad == nil || bad == "" && !p.Required})
				})
			}
		}
	}
	return list
}

func confusions(s *schema.Schema, v any, add func(keyword string, bad any)) {
	if s.Types == schema.AnyType && s.Enum == nil {
		return
	}
	if s.Types != schema.AnyType && s.Types&schema.TypeNull == 0 {
		add("type null", nil)
	}
	numbers := schema.TypeInteger | schema.TypeNumber
	switch v := v.(type) {
	case json.Number:
		if s.Types&schema.TypeString == 0 {
			add("type string", v.String())
		}
		if s.Types&schema.TypeBoolean == 0 {
			add("type boolean", true)
		}
		if s.Minimum != "" {
			add("minimum", json.Number("-1")) // 0 has a meaning of its own at times
		}
	case bool:
		if s.Types&schema.TypeString == 0 {
			add("type string", "true")
		}
		if s.Types&numbers == 0 {
			add("type number", json.Number("1"))
		}
	case string:
		if s.Types&numbers == 0 && s.Types != schema.AnyType {
			if digits := digitsFor(s); digits != "" {
				add("type number", json.Number(digits))
			}
		}
		if other := otherCase(v); s.Enum != nil && other != v {
			add("enum", other)
		}
		if s.Pattern != nil {
			add("pattern", v+"\n") // in some languages "$" stands in front of it, too
			add("pattern", "")
		}
	}
}

// digitsFor is a number whose text a schema of texts accepts: one that it refuses for more than its type would show nothing.
func digitsFor(s *schema.Schema) string {
	for length := 1; length <= 40; length++ {
		if digits := strings.Repeat("7", length); s.Valid(digits, schema.Either) {
			return digits
		}
	}
	return ""
}

// otherCase is a text in capitals, in small letters where it is in capitals.
func otherCase(text string) string {
	if strings.ContainsFunc(text, unicode.IsLower) {
		return strings.ToUpper(text)
	}
	return strings.ToLower(text)
}
