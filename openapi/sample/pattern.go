package sample

import (
	"regexp/syntax"
	"strings"
	"unicode/utf8"

	"troth/openapi/schema"
)

// matching makes a text that a pattern finds, of a length within limits (most < 0: none). It tries short repeats first and
// then longer ones; ok is false where no try fits.
func matching(p *schema.Pattern, d *dice, least, most int) (string, bool) {
	tree := p.Syntax()
	if tree == nil {
		return "", false
	}
	for try := range 40 {
		w := writer{dice: d, extra: []int{2, 4, 0, 8, 1, 16, 32, 64, 128, 256}[try%10], limit: max(most, 4096)}
		if least > 0 && try >= 3 {
			w.extra = max(w.extra, least)
		}
		w.write(tree)
		text := w.String()
		if n := utf8.RuneCountInString(text); n < least && !tail(tree) {
			text += strings.Repeat("a", least-n)
		}
		n := utf8.RuneCountInString(text)
		if n < least || most >= 0 && n > most {
			continue
		}
		if ok, err := p.Match(text); ok && err == nil {
			return text, true
		}
	}
	return "", false
}

// tail tells whether a pattern is anchored at its end, so that nothing may follow.
func tail(r *syntax.Regexp) bool {
	switch r.Op {
	case syntax.OpEndText, syntax.OpEndLine:
		return true
	case syntax.OpConcat, syntax.OpCapture, syntax.OpAlternate:
		for _, sub := range r.Sub {
			if tail(sub) {
				return true
			}
		}
	}
	return false
}

// writer writes a text along a syntax tree.
type writer struct {
	strings.Builder
	dice  *dice
	extra int // most repeats beyond the least
	limit int // bytes
}

func (w *writer) write(r *syntax.Regexp) {
	if w.Len() > w.limit {
		return
	}
	switch r.Op {
	case syntax.OpLiteral:
		w.WriteString(string(r.Rune))
	case syntax.OpCharClass:
		w.class(r.Rune)
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		w.WriteByte(byte('a' + w.dice.n(26)))
	case syntax.OpCapture, syntax.OpConcat:
		for _, sub := range r.Sub {
			w.write(sub)
		}
	case syntax.OpAlternate:
		w.write(r.Sub[w.dice.n(len(r.Sub))])
	case syntax.OpStar:
		w.repeat(r.Sub[0], 0, -1)
	case syntax.OpPlus:
		w.repeat(r.Sub[0], 1, -1)
	case syntax.OpQuest:
		w.repeat(r.Sub[0], 0, 1)
	case syntax.OpRepeat:
		w.repeat(r.Sub[0], r.Min, r.Max)
	}
}

func (w *writer) repeat(r *syntax.Regexp, least, most int) {
	n := w.extra
	if w.extra < 8 {
		n = w.dice.n(w.extra + 1)
	}
	if n += least; most >= 0 {
		n = min(n, most)
	}
	for range n {
		w.write(r)
	}
}

// class writes one rune of a class, a letter or digit where it has one, printable ASCII where it has that.
func (w *writer) class(ranges []rune) {
	for _, want := range []string{"abcdefghijklmnopqrstuvwxyz0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "-_.,:;/ !#$%&'()*+<=>?@[]^{|}~\"\\`"} {
		if fits := within(want, ranges); len(fits) > 0 {
			w.WriteByte(fits[w.dice.n(len(fits))])
			return
		}
	}
	if len(ranges) > 1 {
		w.WriteRune(ranges[0] + rune(w.dice.n(int(min(ranges[1]-ranges[0], 100))+1)))
	}
}

func within(text string, ranges []rune) (fits []byte) {
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
