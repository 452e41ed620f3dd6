package sample

import (
	"encoding/json"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"troth/openapi/schema"
	"troth/openapi/source"
)

// Miss is a near miss: a value that a schema accepts, changed in one place so that one constraint is broken.
type Miss struct {
	Pointer string         // of that place; for "required" of the member that is left out
	Keyword string         // of the constraint: "minLength", "required", "type integer"
	Value   any            // the whole value, in plain JSON
	Schema  *schema.Schema // that has the keyword
	Common  bool           // a reader that maps JSON to the types of its language takes it at times without notice
}

// Misses are the near misses of a valid value: one or two for each constraint that the schema has on the value or on a part of it, members
// that the value lacks included. No reading by the schema accepts one of them. Parts deeper than four levels are left alone.
func Misses(s *schema.Schema, valid any, dir schema.Direction) []Miss {
	n := &nearby{dir: dir, seen: map[visited]bool{}}
	n.visit(s, valid, "", func(v any) any { return v }, 0)
	return slices.DeleteFunc(n.list, func(m Miss) bool { return s.Valid(m.Value, dir) })
}

const nearDepth = 4

// LocalTime is the keyword of a near miss of a date-time: one without an offset, which many readers take for one of a zone of their own.
const LocalTime = "format date-time"

// nearby collects near misses.
type nearby struct {
	dir  schema.Direction
	list []Miss
	path []*schema.Schema // of the schemas under way: recursion ends there
	seen map[visited]bool
}

// visited is a schema at a place. Choices that each hold all others, by a base with a discriminator, would be visited in every order.
type visited struct {
	schema *schema.Schema
	at     string
}

func (n *nearby) add(at, keyword string, value any, s *schema.Schema) {
	n.list = append(n.list, Miss{Pointer: at, Keyword: keyword, Value: value, Schema: s})
}

// visit collects the near misses of one part of a value; whole puts a changed part in its place.
func (n *nearby) visit(s *schema.Schema, v any, at string, whole func(any) any, depth int) {
	if depth > nearDepth || slices.Contains(n.path, s) || n.seen[visited{s, at}] {
		return
	}
	n.seen[visited{s, at}] = true
	n.path = append(n.path, s)
	defer func() { n.path = n.path[:len(n.path)-1] }()
	for part := range s.Parts(false) {
		scalarMisses(part, v, func(keyword string, bad any) { n.add(at, keyword, whole(bad), part) })
		others := 0
		for _, choice := range slices.Concat(part.AnyOf, part.OneOf) {
			if choice.Valid(v, n.dir) { // what it demands, no other choice lets pass, or the near miss is dropped
				n.visit(choice, v, at, whole, depth)
			} else if _, kinds := v.(map[string]any); kinds && part.Discriminator != nil && depth > 0 && others < mostKinds {
				others++
				if other, err := Value(choice, 1, For(n.dir), Minimal()); err == nil && s.Valid(other, n.dir) {
					n.visit(choice, other, at, whole, depth)
				}
			}
		}
	}
	switch v := v.(type) {
	case map[string]any:
		n.members(s, v, at, whole, depth)
	case []any:
		n.items(s, v, at, whole, depth)
	}
}

func (n *nearby) members(s *schema.Schema, v map[string]any, at string, whole func(any) any, depth int) {
	with := func(name string, member any) map[string]any {
		changed := make(map[string]any, len(v)+1)
		maps.Copy(changed, v)
		changed[name] = member
		return changed
	}
	for part := range s.Parts(false) {
		if a := part.AdditionalProperties; a != nil && a.Bool != nil && !*a.Bool || part.UnevaluatedProperties != nil {
			n.add(at, "additionalProperties", whole(with("xUndeclared", "x")), part)
		}
		if d := part.Discriminator; d != nil && v[d.Property] != nil {
			n.add(at+"/"+source.Escape(d.Property), "discriminator", whole(with(d.Property, "x-malformed")), part)
		}
		for _, name := range part.Required {
			if _, has := v[name]; has {
				without := maps.Clone(v)
				delete(without, name)
				n.add(at+"/"+source.Escape(name), "required", whole(without), part)
				n.add(at+"/"+source.Escape(name), "type null", whole(with(name, nil)), part)
			}
		}
		for _, p := range part.Properties {
			if !p.Schema.Travels(n.dir) {
				continue
			}
			member, has := v[p.Name]
			if !has {
				var err error
				if member, err = Value(p.Schema, 1, For(n.dir), Named(p.Name), Minimal()); err != nil {
					continue
				}
			}
			n.visit(p.Schema, member, at+"/"+source.Escape(p.Name), func(x any) any { return whole(with(p.Name, x)) }, depth+1)
		}
		n.entries(part, v, at, whole, depth)
	}
}

// mostKinds is how many other kinds of an object are broken, too.
const mostKinds = 3

// mostEntries bounds the members that a map is given to have too many.
const mostEntries = 100

// entries collects the near misses of a map: one of an entry, and too many of them.
func (n *nearby) entries(s *schema.Schema, v map[string]any, at string, whole func(any) any, depth int) {
	entry := s.AdditionalProperties
	if entry != nil && entry.Bool != nil {
		entry = nil
	}
	sized := func(count int) (map[string]any, bool) {
		filled := maps.Clone(v)
		for i := 1; len(filled) < count; i++ {
			member := any("x")
			if entry != nil {
				var err error
				if member, err = Value(entry, 1, For(n.dir), Minimal()); err != nil {
					return nil, false
				}
			}
			filled["key"+strconv.Itoa(i)] = member
		}
		return filled, true
	}
	if most := s.MaxProperties; most >= 0 && most < mostEntries {
		if filled, ok := sized(most + 1); ok {
			n.add(at, "maxProperties", whole(filled), s)
		}
	}
	if entry == nil {
		return
	}
	if filled, ok := sized(max(len(v), 1)); ok {
		for _, name := range slices.Sorted(maps.Keys(filled)) {
			if s.Find(name) == nil {
				n.visit(entry, filled[name], at+"/"+source.Escape(name), func(x any) any {
					changed := maps.Clone(filled)
					changed[name] = x
					return whole(changed)
				}, depth+1)
				break
			}
		}
	}
}

func (n *nearby) items(s *schema.Schema, v []any, at string, whole func(any) any, depth int) {
	var item *schema.Schema
	for part := range s.Parts(false) {
		if item = part.Items; item != nil {
			break
		}
	}
	if item == nil {
		return
	}
	first := any(nil)
	if len(v) > 0 {
		first = v[0]
	} else {
		made, err := Value(item, 1, For(n.dir), Minimal())
		if err != nil {
			return
		}
		first, v = made, []any{made}
	}
	for part := range s.Parts(false) {
		if most := part.MaxItems; most >= 0 && most < 200 {
			n.add(at, "maxItems", whole(n.several(item, most+1, part.UniqueItems)), part)
		}
		if part.UniqueItems {
			n.add(at, "uniqueItems", whole(append([]any{first}, v...)), part)
		}
	}
	n.visit(item, first, at+"/0", func(x any) any { return whole(append([]any{x}, v[1:]...)) }, depth+1)
}

// several are items of a schema, different ones as far as that is wanted and can be had.
func (n *nearby) several(item *schema.Schema, count int, distinct bool) []any {
	list := make([]any, 0, count)
	for seed := uint64(1); len(list) < count && seed < uint64(20*count); seed++ {
		v, err := Value(item, seed, For(n.dir), Minimal())
		if err != nil {
			break
		}
		if !distinct || !slices.ContainsFunc(list, func(w any) bool { return schema.Equal(v, w) }) {
			list = append(list, v)
		}
	}
	return list
}

// scalarMisses are values in place of v that break one constraint of a schema itself; those that it accepts after all are dropped later.
func scalarMisses(s *schema.Schema, v any, add func(keyword string, bad any)) {
	if s.Types != schema.AnyType {
		switch {
		case s.Types&schema.TypeString == 0:
			add("type", "x-malformed")
		case s.Types&schema.TypeObject == 0:
			add("type", map[string]any{"x": json.Number("1")})
		case s.Types&schema.TypeArray == 0:
			add("type", []any{})
		}
		if s.Types&schema.TypeInteger != 0 && s.Types&schema.TypeNumber == 0 {
			add("type integer", json.Number("1.5"))
		}
	}
	if s.Enum != nil {
		add("enum", "x-malformed")
	}
	switch v := v.(type) {
	case json.Number:
		numberMisses(s, v, add)
	case string:
		textMisses(s, v, func(keyword, bad string) { add(keyword, bad) })
	case []any:
		if s.MinItems > 0 && len(v) >= s.MinItems {
			add("minItems", v[:s.MinItems-1])
		}
	case map[string]any:
		if s.MinProperties > 0 {
			add("minProperties", map[string]any{})
		}
	}
}

func numberMisses(s *schema.Schema, v json.Number, add func(string, any)) {
	for _, bound := range []struct {
		keyword string
		at      json.Number
		step    int64
	}{{"minimum", s.Minimum, -1}, {"maximum", s.Maximum, +1}, {"exclusiveMinimum", s.ExclusiveMinimum, 0}, {"exclusiveMaximum", s.ExclusiveMaximum, 0}} {
		if n := Beyond(bound.at, bound.step); n != "" {
			add(bound.keyword, json.Number(n))
		}
	}
	if s.MultipleOf != "" {
		add("multipleOf", json.Number(shifted(v, s.MultipleOf)))
	}
	if low, high, ok := schema.FormatSpan(s.Format); ok {
		add("format "+s.Format, json.Number(wrapped(v, low, high)))
	}
}

// wrapped is a number beyond a span that is a valid one where only the bits of the span are kept: with another one, what does so is refused for its
// minimum.
func wrapped(v json.Number, low, high string) string {
	n, isInt := new(big.Int).SetString(string(v), 10)
	least, _ := new(big.Int).SetString(low, 10)
	most, ok := new(big.Int).SetString(high, 10)
	if !isInt || least == nil || !ok {
		return Beyond(json.Number(high), 1)
	}
	n.Add(n, new(big.Int).Sub(most, least)).Add(n, big.NewInt(1))
	if n.Cmp(most) <= 0 { // below the least, and so no valid one
		return Beyond(json.Number(high), 1)
	}
	return n.String()
}

// textMisses are texts near a valid one. A pattern gets up to four: one that is nothing like it, the valid one with a character too many behind it
// and in front of it, and the valid one in capitals, since servers test length or shape only, forget to anchor, or compare without case.
func textMisses(s *schema.Schema, valid string, add func(keyword, bad string)) {
	characters := []rune(valid)
	if s.MinLength > 0 && len(characters) >= s.MinLength {
		add("minLength", string(characters[:s.MinLength-1]))
	}
	if most := s.MaxLength; most >= len(characters) && most < 10_000 {
		filler := "a"
		if len(characters) > 0 {
			filler = string(characters[len(characters)-1])
		}
		add("maxLength", valid+strings.Repeat(filler, most+1-len(characters)))
	}
	if s.Pattern != nil {
		for _, text := range []string{"x-malformed", "!", "~~~", "%"} {
			if found, err := s.Pattern.Match(text); err == nil && !found {
				add("pattern", text)
				break
			}
		}
		if len(characters) > 0 {
			first, last := string(characters[0]), string(characters[len(characters)-1])
			for _, texts := range [][]string{{valid + last, valid + "!"}, {first + valid, "!" + valid}} {
				for _, text := range texts {
					if found, err := s.Pattern.Match(text); err == nil && !found {
						add("pattern", text)
						break
					}
				}
			}
		}
		if loud := strings.ToUpper(valid); loud != valid {
			if found, err := s.Pattern.Match(loud); err == nil && !found {
				add("pattern", loud)
			}
		}
	} else if s.Format != "" {
		add("format", "x-malformed")
		if _, rest, isTime := strings.Cut(valid, "T"); s.Format == "date-time" && isTime {
			add("format", "2026-02-30T"+rest)     // no month has that day (RFC 3339 §5.7)
			add(LocalTime, "2026-01-31T10:00:00") // §5.6 wants an offset
		} else if s.Format == "date" {
			add("format", "2026-02-30")
		}
	}
}

// Beyond is an integer bound moved by a step, "" where there is no bound or it is no integer.
func Beyond(bound json.Number, step int64) string {
	r, ok := new(big.Rat).SetString(string(bound))
	if !ok || !r.IsInt() {
		return ""
	}
	return new(big.Int).Add(r.Num(), big.NewInt(step)).String()
}

// shifted is a number that is off the multiples by half a step.
func shifted(v, step json.Number) string {
	half := new(big.Rat).Quo(rat(step), big.NewRat(2, 1))
	return strings.TrimSuffix(strings.TrimRight(half.Add(half, rat(v)).FloatString(12), "0"), ".")
}

// Edge is a valid value at the edge of a constraint, and one a step further inside: where a server takes the one inside, it has to take
// the one at the edge.
type Edge struct {
	Pointer, Keyword string
	Value, Inside    any // the whole values, in plain JSON
}

// Edges are the values at the edges of the bounds, lengths and patterns of a value's members, at any depth; each is valid.
func Edges(s *schema.Schema, valid any, dir schema.Direction) (list []Edge) {
	object, ok := valid.(map[string]any)
	if !ok {
		return nil
	}
	for part := range s.Parts(false) {
		for _, p := range part.Properties {
			if !p.Schema.Travels(dir) {
				continue
			}
			for m := range p.Schema.Parts(false) {
				for _, e := range scalarEdges(m, object[p.Name]) {
					at, inside := maps.Clone(object), maps.Clone(object)
					at[p.Name], inside[p.Name] = e.Value, e.Inside
					if s.Valid(at, dir) && s.Valid(inside, dir) {
						list = append(list, Edge{"/" + source.Escape(p.Name), e.Keyword, at, inside})
					}
				}
			}
		}
	}
	return list
}

func scalarEdges(s *schema.Schema, v any) (list []Edge) {
	number := func(keyword string, bound json.Number, step int64) {
		if n := Beyond(bound, step); n != "" && s.Types&(schema.TypeInteger|schema.TypeNumber) != 0 {
			list = append(list, Edge{Keyword: keyword, Value: bound, Inside: json.Number(n)})
		}
	}
	number("minimum", s.Minimum, +1)
	number("maximum", s.Maximum, -1)
	if _, high, ok := schema.FormatSpan(s.Format); ok && s.Maximum == "" && s.ExclusiveMaximum == "" {
		number("format", json.Number(high), -1)
	}
	if s.Types&schema.TypeString == 0 || s.Format != "" || s.Enum != nil {
		return list
	}
	text, _ := v.(string)
	if text == "" {
		text = "a"
	}
	length := func(keyword string, edge, inside int) {
		if edge > 0 && inside > 0 && edge <= 2_000 {
			list = append(list, Edge{Keyword: keyword, Value: resized(text, edge), Inside: resized(text, inside)})
		}
	}
	length("minLength", s.MinLength, s.MinLength+1)
	length("maxLength", s.MaxLength, s.MaxLength-1)
	if s.Pattern != nil && s.MinLength <= 0 {
		length("pattern", 1, 2) // where it takes them: texts of one character are the shortest
	}
	return list
}

// resized is a text cut, or continued by its last character, to a length.
func resized(text string, length int) string {
	characters := []rune(text)
	if len(characters) >= length {
		return string(characters[:length])
	}
	return text + strings.Repeat(string(characters[len(characters)-1]), length-len(characters))
}
