package gen

import (
	"go/token"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// identifier tells whether a name of the document can stand in Go code as it is, capitalized.
func identifier(name string) bool {
	return token.IsIdentifier(name) && name[0] != '_' && name[0] < unicode.MaxASCII
}

// camel makes an exported Go name of any text.
func camel(text string) string {
	var b strings.Builder
	up := true
	for _, r := range text {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			up = true
			continue
		}
		if b.Len() == 0 && !unicode.IsUpper(unicode.ToUpper(r)) {
			b.WriteByte('N') // a digit, or a letter without case, exports nothing
		}
		if up {
			r = unicode.ToUpper(r)
		}
		up = false
		b.WriteRune(r)
	}
	if b.Len() == 0 {
		return "Unnamed"
	}
	return b.String()
}

// unused appends the first number to a name that makes it unused.
func unused(name string, used func(string) bool) string {
	fresh := name
	for i := 2; used(fresh); i++ {
		fresh = name + strconv.Itoa(i)
	}
	return fresh
}

func sortedKeys[M ~map[string]V, V any](m M) []string { return slices.Sorted(maps.Keys(m)) }
