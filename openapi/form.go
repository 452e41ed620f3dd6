package openapi

import (
	"encoding/json"
	"strconv"

	"troth/openapi/schema"
	"troth/openapi/source"
)

// form is what a schema says about how the text of a parameter reads: which types it may be of, and whether it is one of the
// usual integers and booleans, which are checked without the schema, or strings, which are checked as they are.
type form struct {
	types    schema.Type // AnyType: no type is named
	plain    bool        // an integer or boolean whose only constraints are low and high
	low      int64
	high     int64
	text     bool // a string whose only constraints are length, pattern and format
	itemized bool // an array or object may be meant
}

func formOf(s *schema.Schema) form {
	f := form{types: typesOf(s, 8), text: s.OnlyText()}
	f.itemized = f.types&(schema.TypeArray|schema.TypeObject) != 0
	switch {
	case !bare(s):
	case s.Types == schema.TypeBoolean:
		f.plain = noBounds(s)
	case s.Types == schema.TypeInteger:
		f.low, f.high, f.plain = bounds(s)
	}
	return f
}

// typesOf are the types that a schema may accept.
func typesOf(s *schema.Schema, depth int) schema.Type {
	if s == nil || depth == 0 || s.Types != schema.AnyType {
		if s == nil || depth == 0 {
			return schema.AnyType
		}
		return s.Types
	}
	types := typesOf(s.Ref, depth-1)
	for _, part := range s.AllOf {
		types |= typesOf(part, depth-1)
	}
	for _, part := range append(s.AnyOf[:len(s.AnyOf):len(s.AnyOf)], s.OneOf...) {
		types |= typesOf(part, depth-1)
	}
	if types != schema.AnyType {
		return types
	}
	for _, v := range s.Enum {
		types |= typeOf(v)
	}
	switch {
	case len(s.Properties) > 0:
		types |= schema.TypeObject
	case s.Items != nil:
		types |= schema.TypeArray
	}
	return types
}

func typeOf(v any) schema.Type {
	switch v.(type) {
	case nil:
		return schema.TypeNull
	case bool:
		return schema.TypeBoolean
	case json.Number:
		return schema.TypeNumber
	case string:
		return schema.TypeString
	case []any:
		return schema.TypeArray
	}
	return schema.TypeObject
}

// bare tells whether nothing but type and bounds constrains a scalar.
func bare(s *schema.Schema) bool {
	return s.Bool == nil && s.Enum == nil && s.Ref == nil && s.AllOf == nil && s.AnyOf == nil && s.OneOf == nil && s.Not == nil &&
		s.If == nil && s.MultipleOf == ""
}

func noBounds(s *schema.Schema) bool {
	return s.Minimum == "" && s.Maximum == "" && s.ExclusiveMinimum == "" && s.ExclusiveMaximum == ""
}

// bounds are an integer schema's limits; ok is false where they are no plain integers.
func bounds(s *schema.Schema) (low, high int64, ok bool) {
	low, high, ok = -1<<63, 1<<63-1, s.ExclusiveMinimum == "" && s.ExclusiveMaximum == ""
	if s.Format == "int32" {
		low, high = -1<<31, 1<<31-1
	} else if s.Format != "" && s.Format != "int64" {
		return 0, 0, false
	}
	if s.Minimum != "" {
		n, err := strconv.ParseInt(s.Minimum.String(), 10, 64)
		low, ok = max(low, n), ok && err == nil
	}
	if s.Maximum != "" {
		n, err := strconv.ParseInt(s.Maximum.String(), 10, 64)
		high, ok = min(high, n), ok && err == nil
	}
	return low, high, ok
}

// fast decodes the usual integers and booleans; ok is false where the text is not within the plain form.
func (f *form) fast(text string) (d decoded, ok bool) {
	if !f.plain {
		return d, false
	}
	if f.types == schema.TypeBoolean {
		if text == "true" {
			d.number = 1
		}
		d.kind = boolKind
		return d, text == "true" || text == "false"
	}
	d.kind = intKind
	if d.number, ok = plainInt(text); !ok {
		return d, false
	}
	return d, d.number >= f.low && d.number <= f.high
}

// plainInt parses JSON's grammar of an integer: no plus, no leading zero, at most 18 digits.
func plainInt(text string) (n int64, ok bool) {
	digits := text
	if digits != "" && digits[0] == '-' {
		digits = digits[1:]
	}
	if digits == "" || len(digits) > 18 || digits[0] == '0' && len(digits) > 1 {
		return 0, false
	}
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return 0, false
		}
		n = n*10 + int64(digits[i]-'0')
	}
	if len(digits) < len(text) {
		n = -n
	}
	return n, true
}

// readings are the values that a text may stand for by the types a schema names, the likeliest first. Where none is named, it
// is a string before anything else.
func readings(text string, types schema.Type) []any {
	var list []any
	if types == schema.AnyType {
		list = append(list, text)
		types = schema.TypeBoolean | schema.TypeNumber | schema.TypeNull
	}
	if types&(schema.TypeInteger|schema.TypeNumber) != 0 && isNumber(text) {
		list = append(list, json.Number(text))
	}
	if types&schema.TypeBoolean != 0 && (text == "true" || text == "false") {
		list = append(list, text == "true")
	}
	if types&schema.TypeNull != 0 && (text == "null" || text == "" && types&schema.TypeString == 0) {
		list = append(list, nil)
	}
	if types&(schema.TypeArray|schema.TypeObject) != 0 && text != "" && (text[0] == '{' || text[0] == '[') {
		if v, err := source.DecodeJSON([]byte(text)); err == nil {
			list = append(list, v)
		}
	}
	if types&schema.TypeString != 0 || len(list) == 0 {
		list = append(list, text)
	}
	return list
}

// isNumber tells whether text is a number by JSON's grammar.
func isNumber(text string) bool {
	if text == "" || text[0] != '-' && (text[0] < '0' || text[0] > '9') {
		return false
	}
	return json.Valid([]byte(text))
}

// read returns the first reading that s accepts, else the first one.
func read(text string, s *schema.Schema) any {
	types := typesOf(s, 8)
	if types == schema.TypeString {
		return text
	}
	list := readings(text, types)
	for _, v := range list {
		if s == nil || s.Valid(v, schema.Request) {
			return v
		}
	}
	return list[0]
}
