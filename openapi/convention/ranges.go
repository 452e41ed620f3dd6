package convention

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"troth/openapi"
	"troth/openapi/schema"
)

// Bound is how a query parameter bounds a member of the items of a list.
type Bound struct {
	Member string `json:"member"`
	Side   string `json:"side"` // "from": nothing below the value is listed; "to": nothing above it
	Edge   string `json:"edge"` // "included": items with the value itself are listed; "excluded": they are not; "": nobody says

	Against string `json:"against"` // the parameter of the other side that the value must not be beyond; "": nobody says
}

// The sides and edges of a Bound.
const (
	From, To           = "from", "to"
	Included, Excluded = "included", "excluded"
)

// Includes tells whether items with the value itself are usually listed, where a parameter has this name.
func (b Bound) Includes(parameter string) bool {
	if b.Edge != "" {
		return b.Edge == Included
	}
	return !slices.ContainsFunc(words(parameter), func(word string) bool { return word == "after" || word == "before" })
}

// sideWord is a word that says which side a parameter bounds, at the beginning of its name or at its end.
type sideWord struct {
	side, edge string
	numbers    bool // bounds numbers, too: "after" and the like often mean a place in the list
	behind     bool // stands at the end only
}

var sideWords = map[string]sideWord{
	"from": {side: From, numbers: true}, "to": {side: To, numbers: true},
	"min": {side: From, numbers: true}, "max": {side: To, numbers: true},
	"minimum": {side: From, numbers: true}, "maximum": {side: To, numbers: true},
	"since": {side: From}, "until": {side: To}, "till": {side: To},
	"after": {side: From}, "before": {side: To},
	"start": {side: From}, "end": {side: To},
	"gte": {side: From, edge: Included, numbers: true, behind: true}, "lte": {side: To, edge: Included, numbers: true, behind: true},
	"ge": {side: From, edge: Included, numbers: true, behind: true}, "le": {side: To, edge: Included, numbers: true, behind: true},
	"gt": {side: From, edge: Excluded, numbers: true, behind: true}, "lt": {side: To, edge: Excluded, numbers: true, behind: true},
}

var (
	timeWords = []string{"at", "on", "date", "time", "datetime", "timestamp", "day"}
	// placeWords are what pages are asked for by: "fromIndex" is no bound of a member.
	placeWords = []string{"id", "ids", "page", "offset", "index", "row", "rows", "record", "records", "item", "items", "result", "results", "cursor", "position", "seq", "sequence", "token"}
	// limitWords are what a limit may be of as well ("maxSize"): a range has both ends.
	limitWords = []string{"count", "pages", "size", "limit", "length", "number", "depth", "age", "total", "level", "distance", "radius"}
)

// inferRanges finds the optional query parameters that bound a member of an item: by name and type, where just one member is meant.
func inferRanges(op *openapi.Compiled, item *schema.Schema, taken func(*openapi.Parameter) bool) map[string]Bound {
	ranges := map[string]Bound{}
	for _, q := range op.Parameters {
		if q.In != "query" || q.Required || q.Content.Type != "" || taken(q) || saysAtTimes.MatchString(q.Description) {
			continue
		}
		if b, ok := boundBy(q, item); ok {
			ranges[q.Name] = b
		}
	}
	for name, b := range ranges {
		if split := words(b.Member); slices.Contains(limitWords, split[len(split)-1]) && !bothEnds(ranges, b.Member) {
			delete(ranges, name)
		}
	}
	for name, b := range ranges {
		b.Against = against(op.Parameter("query", name).Description, b, ranges)
		ranges[name] = b
	}
	return ranges
}

// saysRefused is how descriptions say that what is beyond the other end is refused, and not just without items.
var saysRefused = regexp.MustCompile(`(?i)\b(400|422)\b|\b(is|are|gets|be) (an error|refused|rejected)\b`)

// against is the parameter of the other side that a description names as one that the value must not be beyond.
func against(description string, b Bound, ranges map[string]Bound) string {
	if !saysRefused.MatchString(description) {
		return ""
	}
	for _, name := range slices.Sorted(maps.Keys(ranges)) {
		if other := ranges[name]; other.Member == b.Member && other.Side != b.Side && regexp.MustCompile(`(^|\W)`+regexp.QuoteMeta(name)+`(\W|$)`).MatchString(description) {
			return name
		}
	}
	return ""
}

func bothEnds(ranges map[string]Bound, member string) bool {
	sides := map[string]bool{}
	for _, b := range ranges {
		if b.Member == member {
			sides[b.Side] = true
		}
	}
	return len(sides) == 2
}

// boundBy reads a parameter's name in both ways; it is a bound where one of them leads to one member.
func boundBy(q *openapi.Parameter, item *schema.Schema) (found Bound, ok bool) {
	split := words(q.Name)
	if len(split) < 2 {
		return found, false
	}
	last := len(split) - 1
	for _, way := range []struct {
		word   string
		stem   []string
		behind bool
	}{{split[0], split[1:], false}, {split[last], split[:last], true}} {
		w, known := sideWords[way.word]
		if !known || w.behind && !way.behind {
			continue
		}
		if member := meant(way.stem, q, item, w.numbers); member != "" {
			if ok {
				return found, false
			}
			found, ok = Bound{Member: member, Side: w.side, Edge: edge(w, q.Description)}, true
		}
	}
	return found, ok
}

// meant is the only member of an item that a parameter without its side names and that can be compared with it, "" where there is none: that of its name, else
// the same moment by another, else the beginning of a member's name that the description has ("volume" of volumeMicroliters).
func meant(stem []string, q *openapi.Parameter, item *schema.Schema, numbers bool) string {
	kind := kindOf(q.Schema)
	if kind == "" || kind == number && (!numbers || slices.Contains(placeWords, stem[len(stem)-1])) {
		return ""
	}
	var exact, alike, told []string
	for _, name := range propertyNames(item) {
		member := item.Find(name)
		if other := kindOf(member); other == "" || (kind == number) != (other == number) || member.WriteOnly {
			continue
		}
		switch split := words(name); {
		case strings.Join(split, "") == strings.Join(stem, ""):
			exact = append(exact, name)
		case kind != number && slices.Equal(core(split), core(stem)):
			alike = append(alike, name)
		case len(split) > len(stem) && slices.Equal(split[:len(stem)], stem) && slices.Contains(strings.FieldsFunc(q.Description, notOfName), name):
			told = append(told, name)
		}
	}
	if len(exact) == 0 {
		exact = alike
	}
	if len(exact) == 0 {
		exact = told
	}
	if len(exact) != 1 {
		return ""
	}
	return exact[0]
}

// notOfName tells whether a character stands in no name of a member.
func notOfName(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '-'
}

// core is what a time is of: created for createdAt, created_on and dateCreated.
func core(split []string) []string {
	for len(split) > 1 && slices.Contains(timeWords, split[len(split)-1]) {
		split = split[:len(split)-1]
	}
	if len(split) > 1 && (split[0] == "date" || split[0] == "time") {
		split = split[1:]
	}
	return split
}

// number, date and dateTime are the kinds of values that have an order.
const number, date, dateTime = "number", "date", "date-time"

// kindOf is the one kind of value with an order that a schema has beside null, "" where it has others.
func kindOf(s *schema.Schema) (kind string) {
	for part := range s.Parts(true) {
		types, is := part.Types&^schema.TypeNull, ""
		switch {
		case part.Types == schema.AnyType && part.Format == "" && part.Enum == nil, types == 0:
			continue
		case types&^(schema.TypeInteger|schema.TypeNumber) == 0:
			is = number
		case types == schema.TypeString && (part.Format == date || part.Format == dateTime):
			is = part.Format
		}
		if is == "" || kind != "" && kind != is {
			return ""
		}
		kind = is
	}
	return kind
}

var (
	saysIncluded = regexp.MustCompile(`(?i)\binclusive(ly)?\b|\bincluded\b|\bor (later|earlier|newer|older|equal)\b|\bat (least|most)\b|\b(on|at) (or|and) (after|before|since)\b`)
	saysExcluded = regexp.MustCompile(`(?i)\bexclusive(ly)?\b|\bexcluded\b|\bstrictly\b|\bnot inclu`)
	saysOther    = regexp.MustCompile(`(?i)\bversion`) // "in version 2 or later"
)

// saysAtTimes is how descriptions say that a parameter does nothing at times.
var saysAtTimes = regexp.MustCompile(`(?i)\bonly (be )?(used|valid|supported|available|when|if|with|applies|applied|applicable|works|has)\b|\bignored\b|\bno effect\b|\b(applies|valid|used) only\b`)

// edge is what a parameter's name, else its description says of the value itself.
func edge(w sideWord, description string) string {
	in, out := saysIncluded.MatchString(description), saysExcluded.MatchString(description)
	switch {
	case in && out || saysOther.MatchString(description):
		return ""
	case in:
		return Included
	case out:
		return Excluded
	}
	return w.edge
}

// words are those of a name in any notation, lower case: createdAt, created_at, created-at and created[at] have the same.
func words(name string) (list []string) {
	runes := []rune(name)
	begin := 0
	cut := func(end int) {
		if end > begin {
			list = append(list, strings.ToLower(string(runes[begin:end])))
		}
		begin = end
	}
	for i, r := range runes {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			cut(i)
			begin = i + 1
		case i > begin && unicode.IsUpper(r) && (!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])):
			cut(i)
		}
	}
	cut(len(runes))
	return list
}
