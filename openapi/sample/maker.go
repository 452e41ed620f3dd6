package sample

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/brianvoe/gofakeit/v7"

	"troth/openapi/schema"
	"troth/openapi/source"
)

// maker makes one value.
type maker struct {
	config
	budget  int
	retries int // left for this attempt at the whole: retries of parts within parts would multiply
	depth   int
	soft    int             // depth at which optional members and items end
	again   bool            // an attempt at the whole failed before
	clock   *sequence       // of the object that is being made
	fake    *gofakeit.Faker // see faker
}

// softDepth is where optional members and items end at first, hardDepth where a required recursion is given up.
const (
	softDepth = 7
	hardDepth = 40
)

// tries is how often a part is made anew before what holds it is.
const tries = 6

var errBudget = errors.New("the value would be too large")

// value makes a value that all parts accept, trying a few times.
func (m *maker) value(parts []*schema.Schema, seed uint64, name string, depth int) (any, error) {
	if m.budget--; m.budget < 0 {
		return nil, errBudget
	}
	if depth > hardDepth {
		return nil, fmt.Errorf("the schema at %s requires itself without end", parts[0].Place)
	}
	var last any
	var failure error
	for try := range tries {
		if try > 0 {
			if m.retries--; m.retries < 0 {
				break
			}
		}
		m.depth = depth + try*2 // later tries prefer what ends soon
		f := m.collect(parts, seed+uint64(try), m.liked(depth, try))
		v, err := m.one(f, f.kindOf(try), Hash(seed, itoa(try)), name, depth)
		if err != nil {
			if failure = err; errors.Is(err, errBudget) {
				return nil, err
			}
			continue
		}
		if last, failure = v, nil; f.accepts(v, m.dir) {
			return v, nil
		}
		if v, ok := m.mended(parts, v); ok || m.exclude(f, v) {
			return v, nil
		}
	}
	return last, failure // the caller validates the whole and tells
}

// one makes a value of a known set of facts.
func (m *maker) one(f *facts, kind schema.Type, seed uint64, name string, depth int) (any, error) {
	if f.impossible {
		return nil, fmt.Errorf("nothing is allowed by the schema at %s", f.parts[0].Place)
	}
	d := &dice{seed}
	if f.enum != nil {
		return m.member(f, d), nil
	}
	switch kind {
	case schema.TypeObject:
		return m.object(f, seed, depth)
	case schema.TypeArray:
		return m.array(f, seed, name, depth)
	case schema.TypeString:
		return m.text(f, d, name)
	case schema.TypeInteger:
		return m.integer(f, d, name), nil
	case schema.TypeNumber:
		if strings.HasPrefix(f.format(), "int") || strings.HasPrefix(f.format(), "uint") {
			return m.integer(f, d, name), nil
		}
		return m.number(f, d, name), nil
	case schema.TypeBoolean:
		return m.boolean(d, name), nil
	}
	return nil, nil
}

// member picks a value of an enum that all parts accept.
func (m *maker) member(f *facts, d *dice) any {
	allowed := make([]any, 0, len(f.enum))
	for _, v := range f.enum {
		if f.accepts(v, m.dir) {
			allowed = append(allowed, v)
		}
	}
	if len(allowed) == 0 {
		return f.enum[0]
	}
	if len(allowed) > 1 {
		allowed = slices.DeleteFunc(allowed, func(v any) bool { return v == nil })
	}
	return source.Clone(allowed[d.n(len(allowed))])
}

// mended removes optional members that break something.
func (m *maker) mended(parts []*schema.Schema, v any) (any, bool) {
	for _, s := range parts {
		if len(m.repair(s, v, s.Validate(v, m.dir))) > 0 {
			return v, false
		}
	}
	for _, s := range parts {
		if !s.Valid(v, m.dir) {
			return v, false
		}
	}
	return v, true
}

// repair drops members that break something, innermost first, and returns what is still broken.
func (m *maker) repair(s *schema.Schema, v any, broken []schema.Violation) []schema.Violation {
	for range 8 {
		if len(broken) == 0 {
			return nil
		}
		dropped := false
		for _, b := range broken {
			dropped = drop(v, b.Pointer) || dropped
		}
		if !dropped {
			return broken
		}
		left := s.Validate(v, m.dir)
		if len(left) >= len(broken) {
			return left
		}
		broken = left
	}
	return broken
}

func drop(v any, pointer string) bool {
	i := strings.LastIndexByte(pointer, '/')
	if i < 0 {
		return false
	}
	parent, _ := source.Get(v, pointer[:i])
	if _, ok := parent.(map[string]any); !ok {
		return false
	}
	source.Delete(v, pointer)
	return true
}

// sequence gives the instants of one object in the order that their members' names imply.
type sequence struct {
	start time.Time
	step  time.Duration
}

func (m *maker) newSequence(seed uint64) *sequence {
	d := &dice{Hash(seed, "clock")}
	return &sequence{
		start: m.now.Add(-time.Duration(d.n(300*24*3600)+40*24*3600) * time.Second).Truncate(time.Second),
		step:  time.Duration(d.n(3600)+60) * time.Second,
	}
}

// ranks are words of names by the stage of a life that they tell, in order.
var ranks = [][]string{
	{"created", "timestamp", "requested", "submitted", "queued", "issued", "registered", "from", "point", "oplog", "desired", "snapshot"},
	{"start", "begin", "scheduled", "since"},
	{"updated", "modified", "changed", "last", "seen"},
	{"finish", "complet", "end", "done", "closed", "resolved", "deleted", "to"},
	{"expir", "until", "deadline", "sunset", "valid", "next", "due", "retention"},
}

// at is the instant for a member's name. What expires does so days later, the rest of a life takes hours.
func (q *sequence) at(name string) time.Time {
	stage := 0
	lower := strings.ToLower(name)
	for i, words := range ranks {
		for _, word := range words {
			if strings.HasPrefix(lower, word) || len(word) > 4 && strings.Contains(lower, word) {
				stage = i
			}
		}
	}
	t := q.start.Add(time.Duration(stage) * q.step)
	if stage == len(ranks)-1 {
		t = t.Add(5 * 24 * time.Hour)
	}
	return t
}
