package schema

import (
	"cmp"
	"encoding/json"
	"math/big"
	"strconv"
	"strings"
)

// number is a JSON number, exact: an int64 where it fits, else a fraction. Exponents over 4000 are not expanded (a few bytes
// of input would take gigabytes); such a number is compared as a float.
type number struct {
	i    int64
	rat  *big.Rat // nil: i holds
	huge float64  // not 0: an exponent too large to expand
}

const (
	maxExponent = 4000
	maxDigits   = 10000 // reading more takes time that grows with their square
)

func parseNumber(n json.Number) number {
	text := string(n)
	if i, err := strconv.ParseInt(text, 10, 64); err == nil {
		return number{i: i}
	}
	if e := strings.IndexAny(text, "eE"); e >= 0 {
		exponent, err := strconv.Atoi(strings.TrimPrefix(text[e+1:], "+"))
		if err != nil || exponent > maxExponent || exponent < -maxExponent {
			return hugeNumber(text)
		}
	}
	if len(text) > maxDigits {
		if text = shortened(text); text == "" {
			return hugeNumber(string(n))
		}
	}
	rat, ok := new(big.Rat).SetString(text)
	if !ok {
		return number{}
	}
	if rat.IsInt() && rat.Num().IsInt64() {
		return number{i: rat.Num().Int64()}
	}
	return number{rat: rat}
}

// shortened is a number with the digits behind the decimal point cut to what is read; one that is no integer stays none. It is "" for a number
// whose digits in front of the point are too many.
func shortened(text string) string {
	mantissa, exponent := text, ""
	if e := strings.IndexAny(text, "eE"); e >= 0 {
		mantissa, exponent = text[:e], text[e:]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	if len(whole) > maxDigits {
		return ""
	}
	if len(fraction) > maxDigits {
		rest := strings.Trim(fraction[maxDigits:], "0")
		if fraction = fraction[:maxDigits]; rest != "" {
			fraction += "1"
		}
	}
	return whole + "." + fraction + exponent
}

func hugeNumber(text string) number {
	f, _ := strconv.ParseFloat(text, 64) // ±Inf, or 0 for a tiny one
	if f == 0 {
		return number{}
	}
	return number{huge: f}
}

// numberOf reads any Go form of a number; ok is false for what is none.
func numberOf(v any) (n number, ok bool) {
	switch v := v.(type) {
	case json.Number:
		return parseNumber(v), true
	case int:
		return number{i: int64(v)}, true
	case int64:
		return number{i: v}, true
	case float64:
		return parseNumber(json.Number(strconv.FormatFloat(v, 'g', -1, 64))), true
	}
	return number{}, false
}

func (n number) integer() bool { return n.rat == nil || n.rat.IsInt() }

func (n number) sign() int {
	switch {
	case n.huge > 0:
		return 1
	case n.huge < 0:
		return -1
	case n.rat != nil:
		return n.rat.Sign()
	}
	return cmp.Compare(n.i, 0)
}

func (n number) fraction() *big.Rat {
	if n.rat != nil {
		return n.rat
	}
	return new(big.Rat).SetInt64(n.i)
}

// compare returns -1, 0 or +1.
func (n number) compare(m number) int {
	if n.huge != 0 || m.huge != 0 {
		return compareHuge(n, m)
	}
	if n.rat == nil && m.rat == nil {
		return cmp.Compare(n.i, m.i)
	}
	return n.fraction().Cmp(m.fraction())
}

// compareHuge compares where at least one is huge: its sign decides against any other.
func compareHuge(n, m number) int {
	if n.huge != 0 && m.huge != 0 {
		return cmp.Compare(n.huge, m.huge)
	}
	if n.huge != 0 {
		return n.sign()
	}
	return -m.sign()
}

// multiple tells whether n is m times an integer.
func (n number) multiple(m number) bool {
	if n.huge != 0 || m.huge != 0 || m.sign() == 0 {
		return n.huge == m.huge
	}
	if n.rat == nil && m.rat == nil {
		return n.i%m.i == 0
	}
	return new(big.Rat).Quo(n.fraction(), m.fraction()).IsInt()
}
