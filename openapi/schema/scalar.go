package schema

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// checks is what Validate needs beyond a schema's exported form, computed once.
type checks struct {
	index         map[string]int // of Properties
	composed      bool           // has applicators on the same value
	numbers       bool           // has keywords of numbers
	numericFormat bool
	textFormat    bool
	minimum, maximum, exclusiveMinimum,
	exclusiveMaximum, multipleOf number
}

func newChecks(s *Schema, annotate bool) checks {
	c := checks{
		composed: s.Ref != nil || s.AllOf != nil || s.AnyOf != nil || s.OneOf != nil || s.Not != nil || s.If != nil ||
			len(s.DependentSchemas) > 0 || s.UnevaluatedItems != nil || s.UnevaluatedProperties != nil,
		numericFormat: isNumericFormat(s.Format) && !annotate,
		textFormat:    s.Format != "" && !annotate,
		numbers:       s.Minimum != "" || s.Maximum != "" || s.ExclusiveMinimum != "" || s.ExclusiveMaximum != "" || s.MultipleOf != "",
		minimum:       parseNumber(s.Minimum), maximum: parseNumber(s.Maximum),
		exclusiveMinimum: parseNumber(s.ExclusiveMinimum), exclusiveMaximum: parseNumber(s.ExclusiveMaximum), multipleOf: parseNumber(s.MultipleOf),
	}
	if len(s.Properties) > 0 {
		c.index = make(map[string]int, len(s.Properties))
		for i, p := range s.Properties {
			c.index[p.Name] = i
		}
	}
	return c
}

// typeOf is the set of types that a value has: an integer is a number too.
func typeOf(v any) Type {
	switch v.(type) {
	case nil:
		return TypeNull
	case bool:
		return TypeBoolean
	case string:
		return TypeString
	case []any:
		return TypeArray
	case map[string]any:
		return TypeObject
	}
	if n, ok := numberOf(v); ok && n.integer() {
		return TypeNumber | TypeInteger
	}
	return TypeNumber
}

func (w *walker) typed(s *Schema, v any) bool {
	if s.Types == AnyType || s.Types&typeOf(v) != 0 {
		return true
	}
	return w.explain && w.fail(s, "type", s.Types.String(), v)
}

// String lists the types' names: "string or null".
func (t Type) String() string {
	var names []string
	for _, name := range []string{"boolean", "integer", "number", "string", "array", "object", "null"} {
		if t&typeNames[name] != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, " or ")
}

func (w *walker) listed(s *Schema, v any) bool {
	for _, e := range s.Enum {
		if Equal(e, v) {
			return true
		}
	}
	if !w.explain {
		return false
	}
	if s.IsConst {
		return w.fail(s, "const", show(s.Enum[0]), v)
	}
	texts := make([]string, 0, len(s.Enum))
	for _, e := range s.Enum {
		if texts = append(texts, showPlain(e)); len(texts) == 12 {
			texts = append(texts, "…")
			break
		}
	}
	return w.fail(s, "enum", "one of "+strings.Join(texts, ", "), v)
}

func (w *walker) numeric(s *Schema, v any) bool {
	if !s.numbers && !s.numericFormat {
		return true
	}
	n, isNumber := numberOf(v)
	if !isNumber {
		return w.fail(s, "type", "a JSON value", v)
	}
	ok := true
	bound := func(keyword string, limit json.Number, holds bool, words string) {
		if limit != "" && !holds {
			ok = w.fail(s, keyword, words+string(limit), v)
		}
	}
	bound("minimum", s.Minimum, n.compare(s.minimum) >= 0, "at least ")
	bound("maximum", s.Maximum, n.compare(s.maximum) <= 0, "at most ")
	bound("exclusiveMinimum", s.ExclusiveMinimum, n.compare(s.exclusiveMinimum) > 0, "more than ")
	bound("exclusiveMaximum", s.ExclusiveMaximum, n.compare(s.exclusiveMaximum) < 0, "less than ")
	if s.MultipleOf != "" && !n.multiple(s.multipleOf) {
		ok = w.fail(s, "multipleOf", "a multiple of "+string(s.MultipleOf), v)
	}
	if s.numericFormat && !numericFormat(s.Format, n) {
		ok = w.fail(s, "format", s.Format, v)
	}
	return ok
}

func (w *walker) text(s *Schema, v string) bool {
	ok := true
	if s.MinLength >= 0 || s.MaxLength >= 0 {
		n := utf8.RuneCountInString(v)
		if n < s.MinLength {
			ok = w.fail(s, "minLength", "at least "+strconv.Itoa(s.MinLength)+" characters", v)
		}
		if s.MaxLength >= 0 && n > s.MaxLength {
			ok = w.fail(s, "maxLength", "at most "+strconv.Itoa(s.MaxLength)+" characters", v)
		}
	}
	if s.Pattern != nil && (ok || w.explain) {
		found, err := s.Pattern.Match(v)
		if err != nil {
			ok = w.fail(s, "pattern", s.Pattern.String()+" ("+err.Error()+")", v) // could not be told in time: fail closed
		} else if !found {
			ok = w.fail(s, "pattern", s.Pattern.String(), v)
		}
	}
	if s.textFormat && (ok || w.explain) && !textFormat(s.Format, v) {
		ok = w.fail(s, "format", s.Format, v)
	}
	return ok
}

// maxShown is how many bytes of a value a violation shows.
const maxShown = 60

// show is a value as a violation's Got says it.
func show(v any) string {
	switch v := v.(type) {
	case string:
		return strconv.Quote(shorten(v))
	case map[string]any:
		return "an object of " + strconv.Itoa(len(v)) + " members"
	case []any:
		return "an array of " + strconv.Itoa(len(v)) + " items"
	case nil:
		return "null"
	}
	return showPlain(v)
}

func showPlain(v any) string {
	if s, ok := v.(string); ok {
		return shorten(s)
	}
	text, err := json.Marshal(v)
	if err != nil {
		return "a value that is no JSON"
	}
	return shorten(string(text))
}

func shorten(s string) string {
	if len(s) <= maxShown {
		return s
	}
	cut := maxShown
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}
