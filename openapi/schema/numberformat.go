package schema

import "math/big"

// span is the numbers of a numeric format: whole ones between two ends, or any.
type span struct {
	low, high string // "": any number that is no infinity
}

// spans are the numeric formats of OpenAPI 3.0.4 §4.4 and of its format registry. A double-int is an integer that a double holds.
func spans(format string) (s span, known bool) {
	switch format {
	case "int8":
		return span{"-128", "127"}, true
	case "int16":
		return span{"-32768", "32767"}, true
	case "int32":
		return span{"-2147483648", "2147483647"}, true
	case "int64":
		return span{"-9223372036854775808", "9223372036854775807"}, true
	case "uint8":
		return span{"0", "255"}, true
	case "uint16":
		return span{"0", "65535"}, true
	case "uint32":
		return span{"0", "4294967295"}, true
	case "uint64":
		return span{"0", "18446744073709551615"}, true
	case "double-int":
		return span{"-9007199254740991", "9007199254740991"}, true
	case "float", "double":
		return span{}, true
	}
	return span{}, false
}

// FormatSpan is the lowest and highest integer of a numeric format; ok is false for a format that names none.
func FormatSpan(format string) (low, high string, ok bool) {
	s, _ := spans(format)
	return s.low, s.high, s.low != ""
}

// numericFormat tells whether a number is within its format; an unknown one is an annotation.
func numericFormat(format string, n number) bool {
	s, known := spans(format)
	switch {
	case !known:
		return true
	case n.huge != 0:
		return false
	case s.low == "":
		return true
	case n.rat == nil && n.decimals == 0 && (format == "int64" || format == "int32" && n.i == int64(int32(n.i))):
		return true
	}
	low, _ := new(big.Rat).SetString(s.low)
	high, _ := new(big.Rat).SetString(s.high)
	return n.integer() && n.fraction().Cmp(low) >= 0 && n.fraction().Cmp(high) <= 0
}

func isNumericFormat(format string) bool {
	_, known := spans(format)
	return known
}
