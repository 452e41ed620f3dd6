package schema

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// translate writes an ECMA-262 pattern in Go's syntax. exact is false where Go's cannot say it all: lookarounds and
// backreferences are then left out and repeat counts cut to 1000, so the result matches at least what the pattern does.
func translate(pattern string) (out string, exact bool, err error) {
	if !utf8.ValidString(pattern) {
		return "", false, errors.New("the pattern is no valid UTF-8")
	}
	t := &translator{in: pattern, exact: true}
	if err := t.run(); err != nil {
		return "", false, err
	}
	return t.out.String(), t.exact, nil
}

type translator struct {
	in     string
	i      int
	out    strings.Builder
	exact  bool
	sketch *sketch // nil: the pattern is to be matched
}

// space is ECMA-262's \s (WhiteSpace and LineTerminator) as the inside of a Go class.
const space = `\t\n\v\f\r \x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}\x{FEFF}`

func (t *translator) run() error {
	for t.i < len(t.in) {
		c := t.in[t.i]
		switch c {
		case '\\':
			if err := t.escape(false); err != nil {
				return err
			}
		case '[':
			if err := t.class(); err != nil {
				return err
			}
		case '.':
			t.out.WriteString(`[^\n\r\x{2028}\x{2029}]`)
			t.i++
		case '(':
			if err := t.group(); err != nil {
				return err
			}
		case '{':
			t.repeat()
		default:
			t.copy()
		}
	}
	return nil
}

// copy passes one character on.
func (t *translator) copy() {
	_, n := utf8.DecodeRuneInString(t.in[t.i:])
	t.out.WriteString(t.in[t.i : t.i+n])
	t.i += n
}

// group passes a group's opening on, or leaves a lookaround out.
func (t *translator) group() error {
	rest := t.in[t.i:]
	for _, look := range []string{"(?=", "(?!", "(?<=", "(?<!"} {
		if strings.HasPrefix(rest, look) {
			t.exact = false
			end := closing(t.in, t.i)
			if end < 0 {
				return errors.New("a group is not closed")
			}
			if t.sketch != nil && look == "(?<=" {
				t.write(t.sketch.behind(), len(look))
				return nil
			}
			t.i = end + 1
			t.out.WriteString("(?:)")
			return nil
		}
	}
	if t.sketch != nil && t.sketch.opens(t, rest) {
		return nil
	}
	t.out.WriteByte('(')
	t.i++
	return nil
}

// closing is the index of the parenthesis that closes the one at start, -1 where none does.
func closing(s string, start int) int {
	depth, class := 0, false
	for i := start; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case class:
			class = s[i] != ']'
		case s[i] == '[':
			class = true
		case s[i] == '(':
			depth++
		case s[i] == ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// repeat passes {n,m} on, counts over 1000 cut, or a brace that is no repeat (Annex B) as itself.
func (t *translator) repeat() {
	end := strings.IndexByte(t.in[t.i:], '}')
	if end < 0 {
		t.out.WriteString(`\{`)
		t.i++
		return
	}
	low, high, comma := strings.Cut(t.in[t.i+1:t.i+end], ",")
	n, err := strconv.Atoi(low)
	m, errHigh := strconv.Atoi(high)
	if err != nil || high != "" && errHigh != nil {
		t.out.WriteString(`\{`)
		t.i++
		return
	}
	if n > 1000 || m > 1000 {
		t.exact = false
	}
	t.out.WriteString("{" + strconv.Itoa(min(n, 1000)))
	if comma {
		t.out.WriteByte(',')
	}
	if high != "" {
		t.out.WriteString(strconv.Itoa(min(m, 1000)))
	}
	t.out.WriteByte('}')
	t.i += end + 1
}

// class translates a character class.
func (t *translator) class() error {
	rest := t.in[t.i:]
	for from, to := range map[string]string{"[^]": `(?s:.)`, "[]": `[^\x00-\x{10FFFF}]`} {
		if strings.HasPrefix(rest, from) {
			t.out.WriteString(to)
			t.i += len(from)
			return nil
		}
	}
	t.out.WriteByte('[')
	if t.i++; t.i < len(t.in) && t.in[t.i] == '^' {
		t.out.WriteByte('^')
		t.i++
	}
	atom := noAtom
	for t.i < len(t.in) {
		switch t.in[t.i] {
		case ']':
			t.out.WriteByte(']')
			t.i++
			return nil
		case '[':
			t.write(`\[`, 1)
			atom = atom.next()
		case '\\':
			set := setEscape(t.in[t.i:])
			if err := t.escape(true); err != nil {
				return err
			}
			if atom = atom.next(); set {
				atom = noAtom
			}
		case '-':
			atom = t.hyphen(atom)
		default:
			t.copy()
			atom = atom.next()
		}
	}
	return errors.New("a character class is not closed")
}

// atom is what stands in front of a place in a character class.
type atom int

const (
	noAtom atom = iota // nothing that can begin a range
	oneAtom
	openRange // a character and a hyphen
)

func (a atom) next() atom {
	if a == openRange {
		return noAtom
	}
	return oneAtom
}

// hyphen passes a range's hyphen on; where no range can begin or end ([\w-.], [0-9-_]) it is a character (Annex B).
func (t *translator) hyphen(a atom) atom {
	after := t.in[t.i+1:]
	if a == oneAtom && !strings.HasPrefix(after, "]") && !setEscape(after) {
		t.write("-", 1)
		return openRange
	}
	t.write(`\-`, 1)
	return a.next()
}

func setEscape(s string) bool {
	return len(s) >= 2 && s[0] == '\\' && strings.IndexByte("dDwWsSpP", s[1]) >= 0
}

// escape translates what begins with a backslash.
func (t *translator) escape(class bool) error {
	if t.i+1 >= len(t.in) {
		return errors.New("the pattern ends with a backslash")
	}
	c := t.in[t.i+1]
	switch {
	case c == 's' || c == 'S':
		t.space(c, class)
	case c == 'u' || c == 'x' || c == 'c':
		return t.code(c)
	case c == 'p' || c == 'P':
		return t.property(c, class)
	case c >= '1' && c <= '9' && !class, c == 'k':
		t.backreference(c)
	case c == '0':
		t.write(`\x{0}`, 2)
	case c == 'b' && class:
		t.write(`\x{8}`, 2)
	case c == 'Z': // no ECMA-262, but what its writers mean in other dialects
		t.write(`\z`, 2)
	case strings.IndexByte("dDwWbBnrtfvAz", c) >= 0:
		t.write(t.in[t.i:t.i+2], 2)
	case c >= utf8.RuneSelf || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9':
		t.i++ // an escape that means the character itself (Annex B)
		t.copy()
	default:
		t.write(t.in[t.i:t.i+2], 2)
	}
	return nil
}

func (t *translator) write(s string, n int) {
	t.out.WriteString(s)
	t.i += n
}

func (t *translator) space(c byte, class bool) {
	switch {
	case c == 's' && class:
		t.write(space, 2)
	case c == 's':
		t.write("["+space+"]", 2)
	case !class:
		t.write("[^"+space+"]", 2)
	default:
		t.exact = false
		t.write(`\S`, 2)
	}
}

func (t *translator) backreference(c byte) {
	t.exact = false
	from := t.i
	t.i += 2
	if c == 'k' {
		if end := strings.IndexByte(t.in[t.i:], '>'); end >= 0 {
			t.i += end + 1
		}
	}
	for c != 'k' && t.i < len(t.in) && t.in[t.i] >= '0' && t.in[t.i] <= '9' {
		t.i++
	}
	if t.sketch == nil {
		t.out.WriteString("(?:)")
		return
	}
	t.out.WriteString(t.sketch.back(t.in[from:t.i]))
}

// code translates the escapes of code points: \u and four digits, \u{…}, \x and two digits, \c and a letter.
func (t *translator) code(c byte) error {
	rest := t.in[t.i+2:]
	if c == 'c' {
		if rest == "" {
			return errors.New(`\c is not complete`)
		}
		t.write(fmt.Sprintf(`\x{%X}`, rest[0]%32), 3)
		return nil
	}
	if c == 'u' && strings.HasPrefix(rest, "{") {
		end := strings.IndexByte(rest, '}')
		if end < 0 {
			return errors.New(`\u{ is not closed`)
		}
		t.write(`\x`+rest[:end+1], 2+end+1)
		return nil
	}
	digits := 2
	if c == 'u' {
		digits = 4
	}
	r, ok := hex(rest, digits)
	if !ok { // Annex B: the letter itself
		t.write(string(c), 2)
		return nil
	}
	n := 2 + digits
	if r >= 0xD800 && r < 0xDC00 && strings.HasPrefix(rest[digits:], `\u`) {
		if low, ok := hex(rest[digits+2:], 4); ok && low >= 0xDC00 && low < 0xE000 {
			r, n = 0x10000+(r-0xD800)<<10+(low-0xDC00), n+6
		}
	}
	if r >= 0xD800 && r < 0xE000 {
		r = utf8.RuneError // half of a pair never stands alone in UTF-8
	}
	t.write(fmt.Sprintf(`\x{%X}`, r), n)
	return nil
}

func hex(s string, digits int) (rune, bool) {
	if len(s) < digits {
		return 0, false
	}
	n, err := strconv.ParseUint(s[:digits], 16, 32)
	return rune(n), err == nil
}

// longNames are general categories that Go knows by their short names only.
var longNames = map[string]string{
	"Letter": "L", "Lowercase_Letter": "Ll", "Uppercase_Letter": "Lu", "Mark": "M", "Number": "N", "Decimal_Number": "Nd",
	"Punctuation": "P", "Symbol": "S", "Separator": "Z", "Space_Separator": "Zs", "Other": "C", "Control": "Cc",
}

// foreignNames are classes of Java and POSIX, which ECMA-262 does not know and documents of Java services are full of: taken as they are
// meant.
var foreignNames = map[string]string{
	"Alnum": "0-9A-Za-z", "Alpha": "A-Za-z", "ASCII": `\x00-\x7F`, "Digit": "0-9", "Graph": "!-~", "Lower": "a-z", "Print": " -~",
	"Punct": "!-/:-@\\[-`{-~", "Space": `\t-\r `, "Upper": "A-Z", "XDigit": "0-9A-Fa-f", "Blank": `\t `, "Cntrl": `\x00-\x1F\x7F`,
	"IsLetter": `\p{L}`, "IsDigit": `\p{Nd}`, "IsAlphabetic": `\p{L}`, "LD": `\p{L}\p{Nd}`,
}

// bracketed writes the inside of a class for where it stands.
func bracketed(inside string, class, negated bool) string {
	switch {
	case class:
		return inside
	case negated:
		return "[^" + inside + "]"
	}
	return "[" + inside + "]"
}

// property translates \p{…}: a script without "Script=", a category by its short name.
func (t *translator) property(c byte, class bool) error {
	rest := t.in[t.i+2:]
	if !strings.HasPrefix(rest, "{") {
		t.write(string(c), 2) // Annex B, as without the u flag
		return nil
	}
	end := strings.IndexByte(rest, '}')
	if end < 0 {
		return fmt.Errorf(`\%c{ is not closed`, c)
	}
	name := rest[1:end]
	for _, prefix := range []string{"Script=", "sc=", "Script_Extensions=", "scx=", "General_Category=", "gc="} {
		name = strings.TrimPrefix(name, prefix)
	}
	if short, ok := longNames[name]; ok {
		name = short
	}
	if ascii, ok := foreignNames[name]; ok {
		if class && c == 'P' {
			return fmt.Errorf(`\%c{%s} in a character class is no ECMA-262`, c, name)
		}
		t.write(bracketed(ascii, class, c == 'P'), 2+end+1)
		return nil
	}
	t.write(`\`+string(c)+"{"+name+"}", 2+end+1)
	return nil
}

// withProperties is a pattern that has classes by name, with those that ECMA-262 does not know written out; "" for any other pattern.
func withProperties(pattern string) string {
	t, found, class := &translator{in: pattern}, false, false
	for t.i < len(t.in) {
		switch rest := t.in[t.i:]; {
		case strings.HasPrefix(rest, `\p{`), strings.HasPrefix(rest, `\P{`):
			if found = true; t.property(rest[1], class) != nil {
				return ""
			}
		case rest[0] == '\\' && len(rest) > 1:
			t.write(rest[:2], 2)
		default:
			class = rest[0] == '[' || class && rest[0] != ']'
			t.copy()
		}
	}
	if !found {
		return ""
	}
	return t.out.String()
}
