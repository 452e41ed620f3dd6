package schema

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
)

// isIDNHostname is RFC 5890 §2.3.2.3: labels that are valid for registration. What x/net/idna leaves out is added: the rules of
// RFC 5892 for characters that only some neighbours allow, and the four separators of RFC 3490 §3.1.
func isIDNHostname(s string) bool {
	s = strings.NewReplacer("\u3002", ".", "\uff0e", ".", "\uff61", ".").Replace(s)
	ascii, err := idna.Registration.ToASCII(s)
	if err != nil || !isHostname(ascii) {
		return false
	}
	unicoded, err := idna.Registration.ToUnicode(ascii)
	if err != nil {
		return false
	}
	for label := range strings.SplitSeq(unicoded, ".") {
		if !contextual([]rune(label)) {
			return false
		}
	}
	return true
}

// contextual applies RFC 5892 appendix A.3 to A.9 and its exceptions (§2.6) to one label.
func contextual(label []rune) bool {
	at := func(i int) rune {
		if i < 0 || i >= len(label) {
			return -1
		}
		return label[i]
	}
	for i, r := range label {
		ok := true
		switch {
		case r == '\u00b7': // middle dot
			ok = at(i-1) == 'l' && at(i+1) == 'l'
		case r == '\u0375': // Greek keraia
			ok = unicode.Is(unicode.Greek, at(i+1))
		case r == '\u05f3' || r == '\u05f4': // Hebrew geresh, gershayim
			ok = unicode.Is(unicode.Hebrew, at(i-1))
		case r == '\u30fb': // katakana middle dot
			ok = slices.ContainsFunc(label, func(r rune) bool {
				return r != '\u30fb' && unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Han)
			})
		case r >= '\u0660' && r <= '\u0669': // Arabic-Indic digits, never beside extended ones
			ok = !slices.ContainsFunc(label, func(r rune) bool { return r >= '\u06f0' && r <= '\u06f9' })
		case slices.Contains(disallowed, r):
			ok = false
		}
		if !ok {
			return false
		}
	}
	return true
}

// disallowed are the exceptions of RFC 5892 §2.6 that are never allowed.
var disallowed = []rune{'\u0640', '\u07fa', '\u302e', '\u302f', '\u3031', '\u3032', '\u3033', '\u3034', '\u3035', '\u303b'}
