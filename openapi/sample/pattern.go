package sample

import (
	"regexp/syntax"
	"strings"
	"unicode/utf8"

	"troth/openapi/schema"
)

// matching makes a text that a pattern finds, of a length within limits (most < 0: none). It aims at short lengths first and
// then at longer ones; ok is false where no try fits.
func matching(p *schema.Pattern, d *dice, least, most int) (string, bool) {
	return along(p, p.Syntax(), writer{dice: d}, least, most)
}

// sketched makes a text for a pattern that matching finds none for: one with lookbehinds, references back or words apart.
func sketched(p *schema.Pattern, d *dice, least, most int) (string, bool) {
	return along(p, p.Sketch(), writer{dice: d, groups: map[string]string{}}, least, most)
}

func along(p *schema.Pattern, tree *syntax.Regexp, blank writer, least, most int) (string, bool) {
	if tree == nil {
		return "", false
	}
	d := blank.dice
	shortest, longest := lengths(tree)
	padded := !anchored(tree, syntax.OpEndText, syntax.OpEndLine)
	for try := range 64 {
		target := shortest + spread(try, d)
		if !padded || target < least {
			target = max(target, least+spread(try/2, d)*(try&1))
		}
		target = min(target, longest)
		if most >= 0 {
			target = max(min(target, most), min(shortest, most))
		}
		w := writer{dice: d, groups: blank.groups}
		w.Grow(target)
		w.write(tree, target)
		text := w.String()
		if n := utf8.RuneCountInString(text); n < least && padded {
			text += strings.Repeat("a", least-n)
		}
		if n := utf8.RuneCountInString(text); n < least || most >= 0 && n > most {
			continue
		}
		if ok, err := p.Match(text); ok && err == nil {
			return text, true
		}
	}
	return "", false
}

// spread is how much longer than the shortest a try's text shall be: little at first.
func spread(try int, d *dice) int {
	limit := []int{4, 8, 0, 2, 16, 1, 32, 64}[try%8]
	return d.n(limit + 1)
}

// unlimited stands for "no longest"; sums of it stay far from overflow.
const unlimited = 1 << 20

// lengths are the fewest and the most runes that a pattern's own text has.
func lengths(r *syntax.Regexp) (least, most int) {
	switch r.Op {
	case syntax.OpLiteral:
		return len(r.Rune), len(r.Rune)
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return 1, 1
	case syntax.OpCapture:
		return lengths(r.Sub[0])
	case syntax.OpConcat:
		for _, sub := range r.Sub {
			low, high := lengths(sub)
			least, most = least+low, min(most+high, unlimited)
		}
		return min(least, unlimited), most
	case syntax.OpAlternate:
		least = unlimited
		for _, sub := range r.Sub {
			low, high := lengths(sub)
			least, most = min(least, low), max(most, high)
		}
		return least, most
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		low, high := lengths(r.Sub[0])
		from, to := counts(r)
		return min(low*from, unlimited), min(high*to, unlimited)
	}
	return 0, 0
}

// counts are how often a repeat repeats.
func counts(r *syntax.Regexp) (least, most int) {
	switch r.Op {
	case syntax.OpStar:
		return 0, 1000
	case syntax.OpPlus:
		return 1, 1000
	case syntax.OpQuest:
		return 0, 1
	}
	if r.Max < 0 {
		return r.Min, max(1000, r.Min)
	}
	return r.Min, r.Max
}

// anchored tells whether a pattern ends with one of these operations, so that nothing may follow.
func anchored(r *syntax.Regexp, ops ...syntax.Op) bool {
	for _, op := range ops {
		if r.Op == op {
			return true
		}
	}
	switch r.Op {
	case syntax.OpConcat, syntax.OpCapture, syntax.OpAlternate:
		for _, sub := range r.Sub {
			if anchored(sub, ops...) {
				return true
			}
		}
	}
	return false
}

// writer writes a text along a syntax tree.
type writer struct {
	strings.Builder
	dice *dice
	of   *rune  // the first of the class that fits are of: a class is often written again and again
	fits []byte // what is written of it
	room [40]byte
	// groups are the texts of a sketch's groups by name; nil for another pattern's. Where the pattern takes any character, a sketch has marks,
	// too.
	groups map[string]string
}

// write writes a text of a node, as near to a length as the node can.
func (w *writer) write(r *syntax.Regexp, length int) {
	switch r.Op {
	case syntax.OpLiteral:
		w.WriteString(string(r.Rune))
	case syntax.OpCharClass:
		w.class(r.Rune)
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		w.WriteByte(byte('a' + w.dice.n(26)))
	case syntax.OpCapture:
		w.group(r, length)
	case syntax.OpConcat:
		w.sequence(r.Sub, length)
	case syntax.OpAlternate:
		w.write(w.branch(r.Sub, length), length)
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		w.repeat(r, length)
	}
}

// group writes a group; of a sketch, what a reference back says is the text of the group that it refers to.
func (w *writer) group(r *syntax.Regexp, length int) {
	if name := schema.Refers(r.Name); name != "" && w.groups != nil {
		w.WriteString(w.groups[name])
		return
	}
	from := w.Len()
	if w.write(r.Sub[0], length); w.groups == nil {
		return
	}
	text := w.String()
	w.groups[r.Name] = text[from:]
	if n := len(text) - from; schema.IsBehind(r.Name) && n <= from && w.dice.n(2) == 0 { // in the place of what stands there
		w.Reset()
		w.WriteString(text[:from-n] + text[from:])
	}
}

// sequence gives each part its least and the rest of the length to those that can take it, from a part picked by the dice on.
func (w *writer) sequence(parts []*syntax.Regexp, length int) {
	share := make([]int, len(parts))
	room := make([]int, len(parts))
	for i, part := range parts {
		low, high := lengths(part)
		share[i], room[i] = low, high-low
		length -= low
	}
	for i, first := 0, w.dice.n(len(parts)); i < len(parts) && length > 0; i++ {
		at := (first + i) % len(parts)
		more := min(room[at], length)
		if i == 0 && more > 1 && length <= 64 {
			more = 1 + w.dice.n(more)
		}
		share[at] += more
		room[at] -= more
		length -= more
	}
	for i := 0; i < len(parts) && length > 0; i++ {
		more := min(room[i], length)
		share[i] += more
		length -= more
	}
	for i, part := range parts {
		w.write(part, share[i])
	}
}

// branch picks an alternative that can be as long as wanted, any where none can.
func (w *writer) branch(parts []*syntax.Regexp, length int) *syntax.Regexp {
	var fits []*syntax.Regexp
	for _, part := range parts {
		if low, high := lengths(part); low <= length && length <= high {
			fits = append(fits, part)
		}
	}
	if len(fits) == 0 {
		fits = parts
	}
	return fits[w.dice.n(len(fits))]
}

// repeat writes a part as often as the length asks for, with its lengths as even as they come.
func (w *writer) repeat(r *syntax.Regexp, length int) {
	low, high := lengths(r.Sub[0])
	from, to := counts(r)
	n := from
	if low > 0 {
		to = min(to, max(length/low, from))
	}
	if high > 0 {
		n = max(from, (length+high-1)/high)
	}
	n = min(n, to)
	if high > low && n < to { // parts of different lengths: some more, shorter ones
		n += w.dice.n(min(to-n, 3) + 1)
	}
	for i := range n {
		part := (length + n - i - 1) / (n - i)
		before := w.Len()
		w.write(r.Sub[0], part)
		length = max(length-utf8.RuneCountInString(w.String()[before:]), 0)
	}
}

// class writes one rune of a class, a letter or digit where it has one, printable ASCII where it has that.
func (w *writer) class(ranges []rune) {
	if len(ranges) == 0 {
		return
	}
	if w.groups != nil && w.dice.n(2) == 0 {
		if fits := within(w.room[:0], marks, ranges); len(fits) > 0 {
			w.of = nil
			w.WriteByte(fits[w.dice.n(len(fits))])
			return
		}
	}
	if w.of != &ranges[0] {
		w.of, w.fits = &ranges[0], w.fitting(ranges)
	}
	if len(w.fits) > 0 {
		w.WriteByte(w.fits[w.dice.n(len(w.fits))])
	} else {
		w.WriteRune(ranges[0] + rune(w.dice.n(int(min(ranges[1]-ranges[0], 100))+1)))
	}
}

// marks are what stands between words.
const marks = " -."

// fitting are the characters of a class that are written rather than others.
func (w *writer) fitting(ranges []rune) []byte {
	for _, want := range [...]string{"abcdefghijklmnopqrstuvwxyz0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "-_.,:;/ !#$%&'()*+<=>?@[]^{|}~\"\\`"} {
		if fits := within(w.room[:0], want, ranges); len(fits) > 0 {
			return fits
		}
	}
	return nil
}

// within appends the characters of a text that are in a class.
func within(fits []byte, text string, ranges []rune) []byte {
	for i := range len(text) {
		for j := 0; j+1 < len(ranges); j += 2 {
			if r := rune(text[i]); r >= ranges[j] && r <= ranges[j+1] {
				fits = append(fits, text[i])
				break
			}
		}
	}
	return fits
}
