package schema

import (
	"cmp"
	"encoding/json"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// number is a JSON number, exact: an int64, with decimals or without, where it fits, else a fraction. Exponents over 4000 are not expanded (a
// few bytes of input would take gigabytes); such a number is compared as a float.
type number struct {
	i        int64
	decimals int      // of the digits of i; the last of them is not 0
	rat      *big.Rat // nil: i holds
	huge     float64  // not 0: an exponent too large to expand
}

const (
	maxExponent = 4000
	maxDigits   = 10000 // reading more takes time that grows with their square
)

func parseNumber(n json.Number) number {
	text := string(n)
	if short, ok := decimal(text); ok {
		return short
	}
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

// decimal reads a number of at most 18 characters and no exponent, as nearly all are: to make fractions of them took 9 % of the CPU time of a run over the whole Atlas document.
func decimal(text string) (n number, ok bool) {
	digits, negative := strings.CutPrefix(text, "-")
	if len(digits) == 0 || len(digits) > 18 {
		return number{}, false
	}
	point := -1
	for at := range len(digits) {
		switch c := digits[at]; {
		case c == '.' && point < 0 && at > 0 && at < len(digits)-1:
			point = at
		case c < '0' || c > '9':
			return number{}, false
		default:
			n.i = n.i*10 + int64(c-'0')
		}
	}
	if point >= 0 {
		n.decimals = len(digits) - point - 1
	}
	for n.decimals > 0 && n.i%10 == 0 {
		n.i, n.decimals = n.i/10, n.decimals-1
	}
	if negative {
		n.i = -n.i
	}
	return n, true
}

// alike are two numbers' digits with as many decimals; ok is false where they do not fit.
func alike(n, m number) (a, b int64, ok bool) {
	if n.rat != nil || m.rat != nil {
		return 0, 0, false
	}
	decimals := max(n.decimals, m.decimals)
	a, fits := shifted(n.i, decimals-n.decimals)
	b, too := shifted(m.i, decimals-m.decimals)
	return a, b, fits && too
}

func shifted(i int64, by int) (int64, bool) {
	for ; by > 0; by-- {
		if i > math.MaxInt64/10 || i < math.MinInt64/10 {
			return 0, false
		}
		i *= 10
	}
	return i, true
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

func (n number) integer() bool { return n.decimals == 0 && (n.rat == nil || n.rat.IsInt()) }

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
	return new(big.Rat).SetFrac(big.NewInt(n.i), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n.decimals)), nil))
}

// compare returns -1, 0 or +1.
func (n number) compare(m number) int {
	if n.huge != 0 || m.huge != 0 {
		return compareHuge(n, m)
	}
	if a, b, ok := alike(n, m); ok {
		return cmp.Compare(a, b)
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
	if a, b, ok := alike(n, m); ok {
		return a%b == 0
	}
	return new(big.Rat).Quo(n.fraction(), m.fraction()).IsInt()
}
