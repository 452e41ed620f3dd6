package sample

import (
	"strings"
	"unicode/utf8"
)

// sized is a text of a format, in its place another one where its length is not within the limits (most < 0: none).
func sized(format, text string, least, most int) string {
	length := utf8.RuneCountInString(text)
	want := max(length, least)
	if most >= 0 {
		want = min(want, most)
	}
	if want == length {
		return text
	}
	for _, e := range elastic[strings.TrimPrefix(strings.Replace(format, "iri", "uri", 1), "idn-")] {
		if n := want - len(e.before) - len(e.behind); n >= 0 {
			return e.before + strings.Repeat(e.unit, n/len(e.unit)) + e.unit[:n%len(e.unit)] + e.behind
		}
	}
	return text
}

// stretchy is a text whose middle may have any length.
type stretchy struct{ before, unit, behind string }

// elastic are texts of formats whose lengths are not fixed, the nicest first.
var elastic = map[string][]stretchy{
	"uri":           {{"https://example.com/", "a", ""}, {"http://a.test/", "a", ""}, {"urn:x:", "a", "a"}, {"a:", "b", ""}},
	"url":           {{"https://example.com/", "a", ""}, {"http://a.test/", "a", ""}, {"urn:x:", "a", "a"}, {"a:", "b", ""}},
	"uri-reference": {{"/", "a", ""}},
	"uri-template":  {{"/", "a", "/{id}"}, {"/", "a", ""}},
	"json-pointer":  {{"/", "a", ""}},
	"hostname":      {{"", "an.example.", "test"}, {"", "a", ""}},
	"email":         {{"", "a.b-c", "d@example.com"}, {"", "a", "b@c.test"}, {"", "a", "b@c"}},
}
