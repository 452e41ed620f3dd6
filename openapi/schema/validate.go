package schema

import (
	"strconv"
	"sync"

	"troth/openapi/source"
)

// Direction tells which way a value travels: readOnly members are not required in a request and not judged there (a server
// ignores them), writeOnly members are not required in, and are a violation of, a response (OpenAPI 3.0.4 §4.7.24.2,
// JSON Schema 2020-12 validation §9.4).
type Direction uint8

// The directions of a value.
const (
	Either Direction = iota
	Request
	Response
)

// Violation is one broken constraint.
type Violation struct {
	Pointer string       // where in the value, RFC 6901, "" for the whole
	Keyword string       // the JSON Schema keyword that is broken, for example "maximum"; "writeOnly" for a leaked member; "false" for the false schema
	Want    string       // what the schema demands, short: "at most 500", "one of automated, download, pointInTime"
	Got     string       // what was found, shortened: "501", "\"abc\"", "absent"
	Schema  source.Place // where the keyword is written
}

// String is "/pointer: keyword: want …, got …".
func (v Violation) String() string {
	text := v.Keyword + ": want " + v.Want + ", got " + v.Got
	if v.Pointer == "" {
		return text
	}
	return v.Pointer + ": " + text
}

// maxViolations is how many violations one validation lists.
const maxViolations = 100

// Validate returns every broken constraint of v, in document order of the schema, nil where v is valid. At most 100 are listed.
func (s *Schema) Validate(v any, dir Direction) []Violation {
	if s.Valid(v, dir) { // the usual case, and much the cheaper one
		return nil
	}
	w := walker{dir: dir, explain: true}
	w.apply(s, v, nil)
	return w.found
}

var walkers = sync.Pool{New: func() any { return new(walker) }}

// Valid tells whether v breaks nothing; it stops at the first violation and does not allocate for usual schemas.
func (s *Schema) Valid(v any, dir Direction) bool {
	w := walkers.Get().(*walker)
	w.dir = dir
	ok := w.apply(s, v, nil)
	w.active = w.active[:0]
	walkers.Put(w)
	return ok
}

// ValidText is [Schema.Valid] for a text, where [Schema.OnlyText] holds.
func (s *Schema) ValidText(v string) bool {
	w := walker{}
	return w.text(s, v)
}

// ValidAround is [Schema.Valid] where the items of one array within v are known to be valid by the schema item: they are not judged again
// where that is what the array's items have to be.
func (s *Schema) ValidAround(v any, dir Direction, items []any, item *Schema) bool {
	w := walkers.Get().(*walker)
	w.dir, w.known, w.item = dir, items, item
	ok := w.apply(s, v, nil)
	w.active, w.known, w.item = w.active[:0], nil, nil
	walkers.Put(w)
	return ok
}

// walker applies schemas to one value. Where it explains, it collects violations and goes on; else it stops at the first.
type walker struct {
	dir     Direction
	explain bool
	found   []Violation
	path    []segment
	active  []activation // in-place applications under way
	depth   int          // of the instance
	known   []any        // items that item accepts
	item    *Schema
}

type segment struct {
	name  string
	index int // -1: name holds
}

type activation struct {
	schema *Schema
	depth  int
}

// apply applies s to v. root is the schema that the instance was first met with: where properties are looked up whose
// required stands in another part of a composition.
func (w *walker) apply(s *Schema, v any, root *Schema) bool {
	if s.Bool != nil {
		if *s.Bool {
			return true
		}
		return w.fail(s, "false", "nothing here", v)
	}
	if root == nil {
		root = s
	}
	if s.composed && w.looping(s) {
		return true // a schema that applies itself to the same value adds nothing
	}
	w.active = append(w.active, activation{s, w.depth})
	ok := w.judge(s, v, root)
	w.active = w.active[:len(w.active)-1]
	return ok
}

func (w *walker) looping(s *Schema) bool {
	for i := len(w.active) - 1; i >= 0 && w.active[i].depth == w.depth; i-- {
		if w.active[i].schema == s {
			return true
		}
	}
	return false
}

func (w *walker) judge(s *Schema, v any, root *Schema) bool {
	ok := true
	if !w.typed(s, v) {
		if ok = false; !w.explain {
			return false
		}
	}
	if s.Enum != nil && !w.listed(s, v) {
		if ok = false; !w.explain {
			return false
		}
	}
	switch x := v.(type) {
	case nil, bool:
	case string:
		ok = w.text(s, x) && ok
	case []any:
		ok = w.array(s, x) && ok
	case map[string]any:
		ok = w.object(s, x, root) && ok
	default:
		ok = w.numeric(s, v) && ok
	}
	if (ok || w.explain) && s.composed {
		ok = w.compose(s, v, root) && ok
	}
	return ok
}

// child applies s to a part of the value.
func (w *walker) child(s *Schema, v any, at segment) bool {
	w.depth++
	if w.explain {
		w.path = append(w.path, at)
	}
	ok := w.apply(s, v, nil)
	if w.explain {
		w.path = w.path[:len(w.path)-1]
	}
	w.depth--
	return ok
}

// fail notes a violation and returns false.
func (w *walker) fail(s *Schema, keyword, want string, got any) bool {
	if w.explain {
		w.failAt(s, keyword, want, show(got))
	}
	return false
}

func (w *walker) failAt(s *Schema, keyword, want, got string) {
	if len(w.found) >= maxViolations {
		return
	}
	place := s.Place
	if keyword != "false" {
		place = place.Child(keyword)
	}
	w.found = append(w.found, Violation{Pointer: w.pointer(), Keyword: keyword, Want: want, Got: got, Schema: place})
}

func (w *walker) pointer() string {
	p := ""
	for _, s := range w.path {
		if s.index >= 0 {
			p += "/" + strconv.Itoa(s.index)
		} else {
			p += "/" + source.Escape(s.name)
		}
	}
	return p
}
