package sample

import (
	"strings"
	"unicode/utf8"

	"troth/openapi/schema"
)

// combined makes a text where no pattern by itself leads to one: by a sketch, of what one pattern wants at an end and another, or a format, in the
// rest.
func (m *maker) combined(f *facts, patterns []*schema.Pattern, d *dice, name string, least, most int) (string, bool) {
	for _, p := range patterns {
		if text, ok := sketched(p, d, least, most); ok && f.accepts(text, m.dir) {
			return text, true
		}
	}
	for range 8 {
		var ends []string
		for _, p := range patterns {
			if text, ok := matching(p, d, 0, most); ok {
				ends = append(ends, text)
			}
		}
		for i, before := range ends {
			for j, behind := range ends {
				if text := before + strings.Repeat("a", max(0, least-utf8.RuneCountInString(before+behind))) + behind; i != j && f.accepts(text, m.dir) {
					return text, true
				}
			}
			formatted, _ := m.formatted(f.format(), d, name, least, most)
			for cut := range formatted {
				for _, text := range []string{before + formatted[cut:], formatted[:cut] + before} {
					if f.accepts(text, m.dir) {
						return text, true
					}
				}
			}
		}
	}
	return "", false
}
