package openapi

import (
	"fmt"
	"mime"
	"slices"
	"strconv"
	"strings"
)

// MediaType is a parsed media type (RFC 9110 §8.3.1) or, where Type or Subtype is "*", a media range (§12.5.1).
type MediaType struct {
	Type, Subtype string  // lower case
	Params        []Param // without q, sorted by name; names lower case
}

// Param is one parameter of a media type.
type Param struct{ Name, Value string }

// ParseMediaType parses one media type or range.
func ParseMediaType(s string) (MediaType, error) {
	m, _, err := parseRange(s)
	return m, err
}

// parseRange parses a member of Accept: a range and its weight q (RFC 9110 §12.4.2), 1 where absent.
func parseRange(s string) (MediaType, float64, error) {
	if kind, subtype, ok := strings.Cut(s, "/"); ok && plainToken(kind) && plainToken(subtype) {
		return MediaType{Type: kind, Subtype: subtype}, 1, nil
	}
	full, params, err := mime.ParseMediaType(s)
	if err != nil {
		return MediaType{}, 0, fmt.Errorf("media type %q: %w", s, err)
	}
	kind, subtype, ok := strings.Cut(full, "/")
	if !ok || kind == "" || subtype == "" {
		return MediaType{}, 0, fmt.Errorf("media type %q: want type/subtype", s)
	}
	m, q := MediaType{Type: kind, Subtype: subtype}, 1.0
	for name, value := range params {
		if name == "q" {
			if q, err = strconv.ParseFloat(value, 64); err != nil || q < 0 || q > 1 {
				return MediaType{}, 0, fmt.Errorf("media type %q: q is %q, want 0 to 1", s, value)
			}
			continue
		}
		m.Params = append(m.Params, Param{name, value})
	}
	slices.SortFunc(m.Params, func(a, b Param) int { return strings.Compare(a.Name, b.Name) })
	return m, q, nil
}

// plainToken tells whether s is a token without upper case, which needs no further parsing.
func plainToken(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '+' || c == '*' || c == '_') {
			return false
		}
	}
	return s != ""
}

// String is the canonical spelling.
func (m MediaType) String() string {
	text := m.Type + "/" + m.Subtype
	if len(m.Params) == 0 {
		return text
	}
	params := make(map[string]string, len(m.Params))
	for _, p := range m.Params {
		params[p.Name] = p.Value
	}
	return mime.FormatMediaType(text, params)
}

// Param returns the value of a parameter, "" where it is absent.
func (m MediaType) Param(name string) string {
	for _, p := range m.Params {
		if p.Name == name {
			return p.Value
		}
	}
	return ""
}

// Suffix is the structured syntax suffix (RFC 6838 §4.2.8) without "+": "json" for "application/vnd.x+json".
func (m MediaType) Suffix() string {
	if i := strings.LastIndexByte(m.Subtype, '+'); i >= 0 {
		return m.Subtype[i+1:]
	}
	return ""
}

// IsJSON tells whether content of this type is JSON: application/json, text/json or +json.
func (m MediaType) IsJSON() bool {
	return m.Suffix() == "json" || m.Subtype == "json" && (m.Type == "application" || m.Type == "text")
}

// Matches tells whether a concrete media type x falls under m (a declared type or range): type and subtype equal or "*",
// and every parameter of m but charset is in x with the same value. "application/json" does not match "application/vnd.x+json".
func (m MediaType) Matches(x MediaType) bool {
	if m.Type != "*" && m.Type != x.Type || !m.subtypeMatches(x) {
		return false
	}
	for _, p := range m.Params {
		if p.Name != "charset" && !strings.EqualFold(x.Param(p.Name), p.Value) {
			return false
		}
	}
	return true
}

// subtypeMatches honours "*+json" as an extension: any subtype with that suffix.
func (m MediaType) subtypeMatches(x MediaType) bool {
	if suffix, ok := strings.CutPrefix(m.Subtype, "*+"); ok {
		return x.Suffix() == suffix
	}
	return m.Subtype == "*" || m.Subtype == x.Subtype
}

// specificity orders the ranges that match one type: more parameters, then subtype, suffix, type, anything.
func (m MediaType) specificity() int {
	rank := 3
	switch {
	case m.Type == "*":
		rank = 0
	case m.Subtype == "*":
		rank = 1
	case strings.HasPrefix(m.Subtype, "*+"):
		rank = 2
	}
	return rank*100 + len(m.Params)
}

// Negotiate picks the offer that the Accept header fields (all lines) prefer: q, then specificity (RFC 9110 §12.5.1), then the
// order of offers. An absent or empty Accept accepts all. ok is false where nothing is acceptable (406). "application/*+json"
// is honoured as an extension. A malformed member is ignored.
func Negotiate(accept []string, offers []MediaType) (i int, ok bool) {
	ranges, given := parseAccept(accept)
	if !given {
		return 0, len(offers) > 0
	}
	best, bestQ, bestRank := -1, 0.0, -1
	for i, offer := range offers {
		q, rank := weigh(ranges, offer)
		if q > bestQ || q == bestQ && q > 0 && rank > bestRank {
			best, bestQ, bestRank = i, q, rank
		}
	}
	return max(best, 0), best >= 0
}

type weighted struct {
	MediaType
	q float64
}

// parseAccept reads the members of Accept; given is false where the field is absent or empty.
func parseAccept(lines []string) (ranges []weighted, given bool) {
	for _, line := range lines {
		for member := range Members(line) {
			given = true
			if m, q, err := parseRange(member); err == nil {
				ranges = append(ranges, weighted{m, q})
			}
		}
	}
	return ranges, given
}

// weigh returns the q of the most specific range that an offer falls under, and that range's rank. A range an offer falls
// under may be a declared one too ("image/*" offered, "image/png" asked for).
func weigh(ranges []weighted, offer MediaType) (q float64, rank int) {
	rank = -1
	for _, r := range ranges {
		if (r.Matches(offer) || offer.hasWildcard() && offer.Matches(r.MediaType)) && r.specificity() > rank {
			q, rank = r.q, r.specificity()
		}
	}
	return q, rank
}

func (m MediaType) hasWildcard() bool { return m.Type == "*" || m.Subtype == "*" }

// IsRange tells whether m is a media range ("*/*", "text/*", "application/*+json"), which no content can have as its type.
func (m MediaType) IsRange() bool { return m.hasWildcard() || strings.HasPrefix(m.Subtype, "*+") }

// Members yields the members of a comma-separated field value (RFC 9110 §5.6.1), trimmed; commas in quoted strings do not count.
func Members(field string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		start, quoted := 0, false
		for i := 0; i <= len(field); i++ {
			switch {
			case i < len(field) && field[i] == '\\' && quoted:
				i++
				continue
			case i < len(field) && field[i] == '"':
				quoted = !quoted
				continue
			case i < len(field) && (quoted || field[i] != ','):
				continue
			}
			member := strings.Trim(field[start:min(i, len(field))], " \t")
			start = i + 1
			if member != "" && !yield(member) {
				return
			}
		}
	}
}
