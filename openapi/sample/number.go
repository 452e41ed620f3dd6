package sample

import (
	"encoding/json"
	"math/big"
	"strings"

	"troth/openapi/schema"
)

// span is the interval of the numbers that facts allow; its ends are exact.
type span struct {
	low, high         *big.Rat
	lowSet, highSet   bool
	lowOpen, highOpen bool
	step              *big.Rat // multipleOf, nil: none
}

func (m *maker) spanOf(f *facts) span {
	s := span{low: new(big.Rat), high: big.NewRat(1000, 1)}
	for _, part := range f.parts {
		s.raise(part.Minimum, false)
		s.raise(part.ExclusiveMinimum, true)
		s.lower(part.Maximum, false)
		s.lower(part.ExclusiveMaximum, true)
		if part.MultipleOf != "" {
			s.multiple(rat(part.MultipleOf))
		}
	}
	if !s.lowSet {
		s.low = big.NewRat(0, 1)
		if s.highSet && s.high.Sign() <= 0 {
			s.low = new(big.Rat).Sub(s.high, big.NewRat(1000, 1))
		}
	}
	if !s.highSet {
		s.high = new(big.Rat).Add(s.low, big.NewRat(1000, 1))
	}
	s.within(f)
	return s
}

// within keeps the ends, of which some are only usual ones, in the numbers of the formats.
func (s *span) within(f *facts) {
	for _, part := range f.parts {
		low, high, ok := schema.FormatSpan(part.Format)
		if !ok {
			continue
		}
		if l := rat(json.Number(low)); s.low.Cmp(l) < 0 {
			s.low, s.lowOpen = l, false
		}
		if h := rat(json.Number(high)); s.high.Cmp(h) > 0 {
			s.high, s.highOpen = h, false
		}
	}
}

func rat(n json.Number) *big.Rat {
	r, ok := new(big.Rat).SetString(n.String())
	if !ok {
		return new(big.Rat)
	}
	return r
}

func (s *span) raise(n json.Number, open bool) {
	if n == "" {
		return
	}
	if r := rat(n); !s.lowSet || r.Cmp(s.low) > 0 || open && r.Cmp(s.low) == 0 {
		s.low, s.lowSet, s.lowOpen = r, true, open
	}
}

func (s *span) lower(n json.Number, open bool) {
	if n == "" {
		return
	}
	if r := rat(n); !s.highSet || r.Cmp(s.high) < 0 || open && r.Cmp(s.high) == 0 {
		s.high, s.highSet, s.highOpen = r, true, open
	}
}

// multiple combines two multipleOf by trying the larger one; validation has the last word.
func (s *span) multiple(r *big.Rat) {
	if r.Sign() > 0 && (s.step == nil || r.Cmp(s.step) > 0) {
		s.step = r
	}
}

// whole returns a multiple of the step in the span.
func (s *span) whole(d *dice, step *big.Rat) *big.Rat {
	first := ceil(new(big.Rat).Quo(s.low, step))
	last := floor(new(big.Rat).Quo(s.high, step))
	if s.lowOpen && new(big.Rat).Mul(new(big.Rat).SetInt(first), step).Cmp(s.low) == 0 {
		first.Add(first, big.NewInt(1))
	}
	if s.highOpen && new(big.Rat).Mul(new(big.Rat).SetInt(last), step).Cmp(s.high) == 0 {
		last.Sub(last, big.NewInt(1))
	}
	if count := new(big.Int).Sub(last, first); count.Sign() > 0 {
		count.Add(count, big.NewInt(1))
		first.Add(first, new(big.Int).Mod(new(big.Int).SetUint64(d.Uint64()), count))
	}
	return new(big.Rat).Mul(new(big.Rat).SetInt(first), step)
}

func floor(r *big.Rat) *big.Int {
	q, rem := new(big.Int), new(big.Int)
	q.DivMod(r.Num(), r.Denom(), rem) // Euclidean: the denominator is positive
	return q
}

func ceil(r *big.Rat) *big.Int {
	q := floor(r)
	if !r.IsInt() {
		q.Add(q, big.NewInt(1))
	}
	return q
}

func (m *maker) integer(f *facts, d *dice, name string) any {
	s := m.spanOf(f)
	if hint, ok := m.hintInt(f, d, name, &s); ok {
		return hint
	}
	step := big.NewRat(1, 1)
	if s.step != nil {
		step = s.step
		if !step.IsInt() { // a multiple that is whole: the step times its denominator
			step = new(big.Rat).SetInt(step.Num())
		}
	}
	return json.Number(s.whole(d, step).RatString())
}

// number is a decimal with two places where the facts leave room for them.
func (m *maker) number(f *facts, d *dice, name string) any {
	s := m.spanOf(f)
	if hint, ok := m.hintInt(f, d, name, &s); ok {
		return hint
	}
	step := big.NewRat(1, 100)
	if s.step != nil {
		step = s.step
	}
	for width := new(big.Rat).Sub(s.high, s.low); s.step == nil && width.Sign() > 0 && width.Cmp(new(big.Rat).Mul(step, big.NewRat(4, 1))) < 0; {
		step = new(big.Rat).Quo(step, big.NewRat(10, 1))
	}
	if s.step == nil && s.low.Cmp(s.high) == 0 {
		return decimal(s.low)
	}
	return decimal(s.whole(d, step))
}

// decimal writes a rational exactly where that takes at most 30 places.
func decimal(r *big.Rat) json.Number {
	if r.IsInt() {
		return json.Number(r.RatString())
	}
	places, exact := r.FloatPrec()
	if !exact {
		places = 30
	}
	return json.Number(strings.TrimRight(r.FloatString(min(places, 30)), "0"))
}

// hints are ranges that the words of a number's name make plausible; the schema's own limits win.
var hints = []struct {
	word      string
	low, high int64
}{
	{"port", 1024, 49151}, {"percent", 0, 100}, {"year", 1990, 2026}, {"month", 1, 12}, {"day", 1, 28}, {"hour", 0, 23}, {"minute", 0, 59},
	{"latitude", -85, 85}, {"longitude", -180, 180}, {"age", 18, 90}, {"count", 0, 50}, {"increment", 1, 50}, {"inc", 1, 50},
	{"replica", 1, 7}, {"size", 1, 512}, {"price", 1, 500}, {"quantity", 1, 20}, {"priority", 0, 10}, {"version", 1, 20},
}

// hintInt is a whole number by the member's name; epoch seconds where its limits or its name tell of an instant.
func (m *maker) hintInt(f *facts, d *dice, name string, s *span) (any, bool) {
	lower := strings.ToLower(name)
	if m.instant(f, lower) {
		if m.clock == nil {
			m.clock = m.newSequence(d.Uint64())
		}
		n := json.Number(big.NewInt(m.clock.at(name).Unix()).String())
		return n, f.accepts(n, m.dir)
	}
	for _, hint := range hints {
		if !strings.HasSuffix(lower, hint.word) {
			continue
		}
		narrow := *s
		narrow.lower(json.Number(big.NewInt(hint.high).String()), false)
		narrow.raise(json.Number(big.NewInt(hint.low).String()), false)
		if narrow.low.Cmp(narrow.high) <= 0 && s.step == nil {
			v := json.Number(narrow.whole(d, big.NewRat(1, 1)).RatString())
			return v, f.accepts(v, m.dir)
		}
	}
	return nil, false
}

// epochSince2000 is a minimum that only a clock in epoch seconds has.
const epochSince2000 = 946684800

// instant tells whether a number is an instant in epoch seconds.
func (m *maker) instant(f *facts, lower string) bool {
	for _, s := range f.parts {
		if s.Minimum == "" {
			continue
		}
		if low, ok := rat(s.Minimum).Float64(); ok && low >= epochSince2000 && low < 1<<31 {
			return !strings.Contains(lower, "inc")
		}
	}
	return strings.HasSuffix(lower, "seconds") && (strings.Contains(lower, "utc") || strings.Contains(lower, "epoch")) || strings.HasSuffix(lower, "epoch")
}

// troubles are words of flags that are seldom true.
var troubles = []string{"cancel", "expire", "fail", "delete", "disabled", "error", "deprecated", "locked", "suspended", "paused"}

func (m *maker) boolean(d *dice, name string) any {
	lower := strings.ToLower(name)
	for _, word := range troubles {
		if strings.Contains(lower, word) {
			return d.n(20) == 0
		}
	}
	if strings.Contains(lower, "enabled") || strings.Contains(lower, "active") {
		return d.n(10) != 0
	}
	return d.n(2) == 0
}

func (f *facts) lengths() (least, most int) {
	return max(f.least(func(s *schema.Schema) int { return s.MinLength }), 0), f.most(func(s *schema.Schema) int { return s.MaxLength })
}
