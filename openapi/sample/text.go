package sample

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/brianvoe/gofakeit/v7"

	"troth/openapi/schema"
)

// faker draws from a dice; it has no state of its own.
func (m *maker) faker(d *dice) *gofakeit.Faker {
	if m.fake == nil {
		m.fake = gofakeit.NewFaker(d, false)
	}
	m.fake.Rand = d
	return m.fake
}

// text makes a string: by pattern, else by format, else by the member's name, else an example of the document, else words.
func (m *maker) text(f *facts, d *dice, name string) (any, error) {
	least, most := f.lengths()
	if patterns := f.patterns(); len(patterns) > 0 {
		return m.patterned(f, patterns, d, name, least, most)
	}
	if format := f.format(); format != "" {
		if text, ok := m.formatted(format, d, name, least, most); ok {
			return sized(format, text, least, most), nil
		}
	}
	if text, ok := m.content(f, d, name); ok && f.accepts(text, m.dir) {
		return text, nil
	}
	candidates := []string{m.named(d, name)}
	if e, ok := f.example(m.dir); ok {
		if text, isText := e.(string); isText && text != "" {
			candidates = append(candidates, text)
		}
	}
	for _, c := range append(candidates, m.faker(d).Noun()) {
		if c != "" && f.accepts(c, m.dir) {
			return c, nil
		}
	}
	return fitted(m.words(d), least, most), nil
}

// patterned makes a text that all patterns find. What the member's name makes plausible is tried before.
func (m *maker) patterned(f *facts, patterns []*schema.Pattern, d *dice, name string, least, most int) (any, error) {
	for _, c := range []string{m.named(d, name), capital(m.faker(d).Noun()) + itoa(d.n(10))} {
		if strings.HasSuffix(strings.ToLower(name), "name") && c != "" && f.accepts(c, m.dir) {
			return c, nil
		}
	}
	if text, ok := m.formatted(f.format(), d, name, least, most); ok {
		for _, c := range asWritten(f.format(), text) {
			if f.accepts(c, m.dir) {
				return c, nil
			}
		}
	}
	for _, p := range patterns {
		if text, ok := matching(p, d, least, most); ok && f.accepts(text, m.dir) {
			return text, nil
		}
	}
	if e, ok := f.example(m.dir); ok {
		return e, nil
	}
	for _, format := range []string{"uuid", "date-time", "email", "uri", "hostname", "ipv4"} {
		if text, ok := m.formatted(format, d, name, least, most); ok && f.accepts(text, m.dir) {
			return text, nil
		}
	}
	if text, ok := m.mixed(f, d, least, most); ok {
		return text, nil
	}
	for _, c := range trials {
		if text := fitted(c, least, most); f.accepts(text, m.dir) {
			return text, nil
		}
	}
	if text, ok := m.combined(f, patterns, d, name, least, most); ok {
		return text, nil
	}
	return nil, fmt.Errorf("no text was found for pattern %q", patterns[0])
}

// mixed makes a text of letters of both cases, digits and marks, as patterns ask for that say what must be there somewhere (lookaheads).
func (m *maker) mixed(f *facts, d *dice, least, most int) (string, bool) {
	for try := range 32 {
		n := max(least, 8) + d.n(5)
		if most >= 0 {
			n = min(n, most)
		}
		if text := m.faker(d).Password(true, true, true, try%2 == 1, false, n); f.accepts(text, m.dir) {
			return text, true
		}
	}
	return "", false
}

// trials are texts for patterns that say what must not be there.
var trials = []string{"a", "abc", "A1", "Abc123xyz", "abc-def", "1", "0", "12345678", "Passw0rd!x", "example.com", "/path", "a b", "us-east-1", "http://example.com", ""}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// fitted cuts or stretches a text to a length.
func fitted(text string, least, most int) string {
	for utf8.RuneCountInString(text) < least {
		text += " " + text
		if text == " " {
			text = "a"
		}
		if runes := []rune(text); len(runes) > least {
			text = string(runes[:least])
		}
	}
	if runes := []rune(text); most >= 0 && len(runes) > most {
		text = string(runes[:most])
	}
	return text
}

// formatted makes a text of a format (JSON Schema validation §7.3, OpenAPI 3.0's data types); ok is false for an unknown one.
func (m *maker) formatted(format string, d *dice, name string, least, most int) (string, bool) {
	if m.clock == nil {
		m.clock = m.newSequence(d.Uint64())
	}
	switch format {
	case "date-time":
		return instant(m.clock.at(name), least, most), true
	case "date":
		return m.clock.at(name).Format("2006-01-02"), true
	case "time":
		return m.clock.at(name).Format("15:04:05Z"), true
	case "duration":
		return fmt.Sprintf("P%dDT%dH", d.n(30)+1, d.n(24)), true
	case "uuid":
		return m.faker(d).UUID(), true
	case "byte":
		return base64.StdEncoding.EncodeToString([]byte(fitted(m.faker(d).Noun(), least*3/4, -1))), true
	case "base64url":
		return base64url(m.faker(d).Noun(), least, most), true
	case "http-date":
		return m.clock.at(name).UTC().Format(http.TimeFormat), true
	case "char":
		return string(rune('a' + d.n(26))), true
	case "media-range":
		return []string{"application/json", "text/plain", "image/png", "text/*"}[d.n(4)], true
	case "binary", "password":
		return fitted(m.faker(d).Password(true, true, true, false, false, 12), least, most), true
	case "regex":
		return "^[a-z]+$", true
	case "json-pointer":
		return "/" + m.faker(d).Noun(), true
	case "relative-json-pointer":
		return "1/" + m.faker(d).Noun(), true
	}
	return m.address(format, d)
}

// instants are RFC 3339's ways to write an instant of UTC, the usual one first. Documents ask for one by its length.
var instants = []string{
	"2006-01-02T15:04:05Z", "2006-01-02T15:04:05.000Z", "2006-01-02T15:04:05+00:00", "2006-01-02T15:04:05.000000Z",
	"2006-01-02T15:04:05.0Z", "2006-01-02T15:04:05.00Z", "2006-01-02T15:04:05.000+00:00", "2006-01-02T15:04:05.000000000Z",
	"2006-01-02T15:04:05.000000+00:00", "2006-01-02T15:04:05.000000000+00:00", "2006-01-02T15:04:05.0000Z", "2006-01-02T15:04:05.0+00:00",
}

// asWritten are other ways to write a text of a format, which a pattern may ask for.
func asWritten(format, text string) []string {
	at, err := time.Parse(time.RFC3339Nano, text)
	if format != "date-time" || err != nil {
		return []string{text}
	}
	list := make([]string, len(instants))
	for i, layout := range instants {
		list[i] = at.Format(layout)
	}
	return list
}

func instant(t time.Time, least, most int) string {
	for _, layout := range instants {
		if len(layout) >= least && (most < 0 || len(layout) <= most) {
			return t.Format(layout)
		}
	}
	return t.Format(instants[0])
}

// address makes names and addresses of the network: only in domains and ranges that are reserved for examples (RFC 2606, RFC 5737, RFC 3849).
func (m *maker) address(format string, d *dice) (string, bool) {
	word := strings.ToLower(strings.ReplaceAll(m.faker(d).Noun(), " ", "-"))
	switch format {
	case "email", "idn-email":
		return strings.ToLower(m.faker(d).FirstName()) + "." + strings.ToLower(m.faker(d).LastName()) + "@example.com", true
	case "hostname", "idn-hostname":
		return word + ".example.com", true
	case "ipv4":
		return fmt.Sprintf("192.0.2.%d", d.n(254)+1), true
	case "ipv6":
		return fmt.Sprintf("2001:db8::%x", d.n(65535)+1), true
	case "uri", "iri", "url":
		return fmt.Sprintf("https://%s.example.com/%x", word, d.Uint64()), true
	case "uri-reference", "iri-reference":
		return "/" + word, true
	case "uri-template":
		return "/" + word + "/{id}", true
	}
	return "", false
}

// plausible are texts that the end of a member's name makes plausible; the first that fits is taken.
var plausible = []struct {
	suffix string
	make   func(m *maker, d *dice) string
}{
	{"email", addressed("email")},
	{"firstname", func(m *maker, d *dice) string { return m.faker(d).FirstName() }},
	{"lastname", func(m *maker, d *dice) string { return m.faker(d).LastName() }},
	{"fullname", func(m *maker, d *dice) string { return m.faker(d).Name() }},
	{"username", func(m *maker, d *dice) string { return strings.ToLower(m.faker(d).FirstName()) + itoa(d.n(100)) }},
	{"hostname", addressed("hostname")}, {"url", addressed("uri")}, {"uri", addressed("uri")}, {"href", addressed("uri")},
	{"ipaddress", addressed("ipv4")},
	{"phone", func(m *maker, d *dice) string { return m.faker(d).Phone() }},
	{"mobilenumber", func(m *maker, d *dice) string { return m.faker(d).Phone() }},
	{"country", func(m *maker, d *dice) string { return m.faker(d).Country() }},
	{"city", func(m *maker, d *dice) string { return m.faker(d).City() }},
	{"street", func(m *maker, d *dice) string { return m.faker(d).Street() }},
	{"zip", func(m *maker, d *dice) string { return m.faker(d).Zip() }},
	{"company", func(m *maker, d *dice) string { return m.faker(d).Company() }},
	{"currency", func(m *maker, d *dice) string { return m.faker(d).CurrencyShort() }},
	{"description", (*maker).words}, {"comment", (*maker).words}, {"message", (*maker).words}, {"summary", (*maker).words},
	{"color", func(m *maker, d *dice) string { return m.faker(d).Color() }},
	{"version", func(_ *maker, d *dice) string { return fmt.Sprintf("%d.%d.%d", d.n(9)+1, d.n(10), d.n(20)) }},
	{"name", func(m *maker, d *dice) string { return capital(m.faker(d).Noun()) + itoa(d.n(100)) }},
	{"title", func(m *maker, d *dice) string { return capital(m.faker(d).Adjective()) + " " + m.faker(d).Noun() }},
	{"id", func(_ *maker, d *dice) string { return identifier(d.Uint64(), uint32(d.Uint64())) }},
}

// identifier is 24 hexadecimal digits.
func identifier(high uint64, low uint32) string {
	var digits [12]byte
	binary.BigEndian.PutUint64(digits[:], high)
	binary.BigEndian.PutUint32(digits[8:], low)
	return hex.EncodeToString(digits[:])
}

func addressed(format string) func(m *maker, d *dice) string {
	return func(m *maker, d *dice) string {
		text, _ := m.address(format, d)
		return text
	}
}

// named makes a text that a member's name makes plausible, "" where the name tells nothing.
func (m *maker) named(d *dice, name string) string {
	lower := strings.ToLower(name)
	if strings.ContainsAny(lower, "_-") {
		lower = strings.ReplaceAll(strings.ReplaceAll(lower, "_", ""), "-", "")
	}
	for i := range plausible {
		if strings.HasSuffix(lower, plausible[i].suffix) {
			return plausible[i].make(m, d)
		}
	}
	return ""
}

// word is a short text for a value of which nothing is known but its name.
func (m *maker) word(d *dice, name string) string {
	if text := m.named(d, name); text != "" {
		return text
	}
	return m.faker(d).Noun()
}

func (m *maker) words(d *dice) string {
	f := m.faker(d)
	return capital(f.Adjective()) + " " + f.Noun() + " " + f.Verb() + " " + f.Adverb()
}
