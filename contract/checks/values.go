package checks

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/schema"
)

// valueClass is a kind of values that careless code loses: a name, and the value that a member of a schema has of it.
type valueClass struct {
	name string
	of   func(member *schema.Schema, name string, now any) (any, bool)
	ids  bool // of members that refer to something: those of a new item's ordinary body only, since a change may leave them as they are
}

// The kinds of values, in the order in which an item is changed to them: what comes before must not be what is there already.
func valueClasses() []valueClass {
	return []valueClass{
		{name: "other values", of: otherValue},
		{name: "other references", of: another, ids: true},
		{name: "long texts", of: longText},
		{name: "characters beyond ASCII", of: wideText},
		{name: "characters that HTML escapes", of: markedText},
		{name: "keys of maps", of: entryKeys},
		{name: "zero, false and nothing", of: zeroValue},
		{name: "another time zone", of: otherZone},
		{name: "null", of: nullValue},
	}
}

// members are the values of a kind for a request body, as far as the schema takes each of them along with what the body has.
func (k valueClass) members(op *openapi.Compiled, s *schema.Schema, body, now map[string]any) map[string]any {
	tried, added := maps.Clone(body), map[string]any{}
	for part := range s.Parts(false) {
		for _, p := range part.Properties {
			if !p.Schema.Travels(schema.Request) || p.Schema.ReadOnly || p.Schema.Enum != nil || named(op, p.Name) || isReference(p.Name) != k.ids {
				continue
			}
			if _, has := body[p.Name]; k.ids && (!has || op.Method != http.MethodPost) {
				continue
			}
			v, ok := k.of(p.Schema, p.Name, now[p.Name])
			if !ok {
				continue
			}
			before, had := tried[p.Name]
			if tried[p.Name] = v; s.Valid(tried, schema.Request) {
				added[p.Name] = v
			} else if delete(tried, p.Name); had {
				tried[p.Name] = before
			}
		}
	}
	return added
}

// isReference tells whether a member's name says that it is the ID of something.
func isReference(name string) bool {
	lower := strings.ToLower(name)
	return lower == "id" || strings.HasSuffix(name, "Id") || strings.HasSuffix(name, "ID") || strings.HasSuffix(name, "Ids") || strings.HasSuffix(lower, "_id") || strings.HasSuffix(lower, "_ids")
}

func otherValue(member *schema.Schema, name string, now any) (any, bool) {
	if member.Types&schema.TypeBoolean != 0 {
		return true, true
	}
	if member.Types&schema.TypeObject != 0 || member.Format != "" {
		return nil, false
	}
	return another(member, name, now)
}

// entryKeys are entries of a map whose keys have capitals and underscores: libraries that rename members rename them as well.
func entryKeys(member *schema.Schema, _ string, _ any) (any, bool) {
	entry := member.AdditionalProperties
	if member.Types&schema.TypeObject == 0 || len(member.Properties) > 0 || entry == nil || entry.Bool != nil || !entry.Valid("a", schema.Request) {
		return nil, false
	}
	keys := map[string]any{"someKey": "a", "some_key": "a"}
	return keys, member.Valid(keys, schema.Request)
}

// isUnformatted tells whether a member is a text of no format.
func isUnformatted(member *schema.Schema) bool {
	return member.Types&schema.TypeString != 0 && member.Types&(schema.TypeObject|schema.TypeArray|schema.TypeInteger|schema.TypeNumber) == 0 && member.Format == ""
}

// isFree tells whether a member is a text of which nothing but its length is said.
func isFree(member *schema.Schema) bool { return isUnformatted(member) && member.Pattern == nil }

// longName is how long a text is made that a pattern describes, of any length.
const longName = 64

// longestText is how long a text is made that may be longer still; columns of databases hold 255 characters.
const longestText = 4000

// longText is as long as it may be, counted in characters (JSON Schema validation §6.3.1); of 300 characters where any number is allowed.
func longText(member *schema.Schema, _ string, now any) (any, bool) {
	if text, _ := now.(string); text != "" && isUnformatted(member) && member.Pattern != nil && member.MaxLength < 0 {
		return text + strings.Repeat(text[len(text)-1:], max(longName-len(text), 0)), true
	}
	const unbounded = 300
	if !isFree(member) || member.MaxLength >= 0 && member.MaxLength < 4 || member.MinLength > longestText {
		return nil, false
	}
	if member.MaxLength < 0 {
		return repeated("Zoë é Straße ", max(unbounded, member.MinLength)), true
	}
	return repeated("Zoë é Straße ", min(member.MaxLength, longestText)), true
}

// wideText has characters of two, three and four bytes, the last of which take two units of UTF-16; they are in normalization form C.
func wideText(member *schema.Schema, _ string, _ any) (any, bool) {
	return upTo(member, "a 𝄞 ü 🎻 中 ñ z")
}

// markedText has the characters that HTML escapes, but nothing that looks like a tag: that is refused for good reasons.
func markedText(member *schema.Schema, _ string, _ any) (any, bool) {
	return upTo(member, `a & b's < c > "d"`)
}

// upTo is as much of a text as a member has room for.
func upTo(member *schema.Schema, text string) (any, bool) {
	n := len([]rune(text))
	if most := member.MaxLength; most >= 0 {
		n = min(n, most)
	}
	if !isUnformatted(member) || n < 3 || n < member.MinLength {
		return nil, false
	}
	return repeated(text, n), true
}

// repeated is a text repeated to a number of characters, of which the last is no blank.
func repeated(text string, n int) string {
	of, made := []rune(text), make([]rune, n)
	for i := range made {
		made[i] = of[i%len(of)]
	}
	if made[n-1] == ' ' {
		made[n-1] = 'x'
	}
	return string(made)
}

func zeroValue(member *schema.Schema, _ string, _ any) (any, bool) {
	for _, v := range []any{json.Number("0"), false, []any{}} {
		if member.Valid(v, schema.Request) && member.Types != schema.AnyType {
			return v, true
		}
	}
	return nil, false
}

// otherZone is the instant that a member tells now, as another time zone tells it.
func otherZone(member *schema.Schema, _ string, now any) (any, bool) {
	at, ok := instant(now)
	if !ok || member.Format != "date-time" {
		return nil, false
	}
	return at.In(time.FixedZone("", 2*60*60)).Format(time.RFC3339Nano), true
}

func nullValue(member *schema.Schema, _ string, _ any) (any, bool) {
	return nil, member.Types != schema.AnyType && !member.HasDefault && member.Valid(nil, schema.Request)
}

func instant(v any) (time.Time, bool) {
	text, _ := v.(string)
	at, err := time.Parse(time.RFC3339, text)
	return at, err == nil
}

// keeps tells whether what an item says is what was sent: instants in any zone, and nothing for null and empty lists.
func keeps(s *schema.Schema, sent, got any, has bool) (pointer string, same bool) {
	list, isList := sent.([]any)
	switch {
	case !has || got == nil && (sent == nil || isList && len(list) == 0):
		return "", true // a member that is left out is judged by lostMembers
	case sent == nil:
		return "", false
	}
	if a, ok := instant(sent); ok {
		b, both := instant(got)
		return "", both && a.Truncate(time.Second).Equal(b.Truncate(time.Second))
	}
	return agreeAs(s, sent, got, "")
}

// tryAll sends the values of a kind together, and where they are refused, one by one; try returns false where they are refused.
func tryAll(members map[string]any, try func(map[string]any) (taken bool, findings []contract.Finding, err error)) (taken bool, findings []contract.Finding, err error) {
	if taken, findings, err = try(members); taken || err != nil || len(members) < 2 {
		return taken, findings, err
	}
	for i, name := range slices.Sorted(maps.Keys(members)) {
		if i == mostAlone {
			break
		}
		one, found, err := try(map[string]any{name: members[name]})
		if taken = taken || one; err != nil || len(found) > 0 {
			return taken, found, err
		}
	}
	return taken, nil, nil
}

// mostAlone is how many values of a kind are sent one by one at most.
const mostAlone = 8

// onlyOne is the name of the member of a set that has just one, "" else.
func onlyOne(members map[string]any) string {
	for name := range members {
		if len(members) == 1 {
			return name
		}
	}
	return ""
}

// ascii is a text of the same number of characters, all of which take one byte.
func ascii(v any) any {
	text, isText := v.(string)
	if !isText {
		return v
	}
	return strings.Repeat("a", len([]rune(text)))
}
