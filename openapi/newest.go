package openapi

import (
	"cmp"
	"slices"
)

// NewestFirst puts content whose media types differ in their date only in falling order, so that a client that accepts any is
// served the newest.
func NewestFirst(content []*Content) []*Content {
	sorted := slices.Clone(content)
	slices.SortStableFunc(sorted, func(a, b *Content) int { return cmp.Compare(date(b), date(a)) })
	return sorted
}

// date is the first YYYY-MM-DD in a media type, "" where there is none.
func date(c *Content) string {
	s := c.Type.Subtype
	for i := 0; i+10 <= len(s); i++ {
		if isDate(s[i : i+10]) {
			return s[i : i+10]
		}
	}
	return ""
}

func isDate(s string) bool {
	for i := range len(s) {
		if dash := i == 4 || i == 7; dash != (s[i] == '-') || !dash && (s[i] < '0' || s[i] > '9') {
			return false
		}
	}
	return true
}
