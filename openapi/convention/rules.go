package convention

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"troth/openapi/schema"
)

// Rule is a relation between members of an object with the schema of that name.
type Rule struct {
	Schema  string           `json:"schema"` // component name
	When    map[string][]any `json:"when"`   // holds where each of these members has one of its values; empty: always
	Present []string         `json:"present"`
	Absent  []string         `json:"absent"`
	Set     map[string]any   `json:"set"`
	Chosen  bool             `json:"chosen"` // for coherent values of the mock: nobody promises it
}

// Of tells whether a rule is given for a schema.
func (r *Rule) Of(s *schema.Schema) bool { return named(s, r.Schema) }

// Reason is what a rule holds by: "kind is download".
func (r *Rule) Reason() string {
	var parts []string
	for _, member := range slices.Sorted(maps.Keys(r.When)) {
		texts := make([]string, len(r.When[member]))
		for i, v := range r.When[member] {
			texts[i] = fmt.Sprint(v)
		}
		parts = append(parts, member+" is "+strings.Join(texts, " or "))
	}
	if len(parts) == 0 {
		return "every " + r.Schema + " is so"
	}
	return strings.Join(parts, " and ")
}

// RuleLine is where troth.yaml gives a rule.
func (c *Conventions) RuleLine(i int) string {
	return cmp.Or(c.Source.Child("rules").Item(i).FileLine(), "troth.yaml, rules")
}

// HasRules tells whether rules are given for a schema.
func (c *Conventions) HasRules(s *schema.Schema) bool {
	return slices.ContainsFunc(c.Rules, func(r Rule) bool { return named(s, r.Schema) })
}

// Apply makes an object of a schema follow the rules: members that must be absent are removed, values set. What must be present
// is the business of whoever made the object; it is judged by Breaches.
func (c *Conventions) Apply(s *schema.Schema, object map[string]any) {
	for i := range c.Rules {
		r := &c.Rules[i]
		if !r.covers(s, object) {
			continue
		}
		for _, name := range r.Absent {
			delete(object, name)
		}
		for name, v := range r.Set {
			object[name] = v
		}
	}
}

// Breach is a member of an object that does not keep a rule.
type Breach struct {
	Rule    int // its place among the rules
	Member  string
	Keyword string // "present", "absent" or "set"
	Want    any    // the value that "set" gives
}

// Breaches lists the members by which an object of a schema breaks rules. What two rules want otherwise of one member is nobody's to keep; a member
// that is null, or holds nothing, is as good as absent, and one that is left out may have the value that is wanted.
func (c *Conventions) Breaches(s *schema.Schema, object map[string]any) []Breach {
	wanted := c.wanted(s, object)
	return slices.DeleteFunc(slices.Clone(wanted), func(b Breach) bool {
		return slices.ContainsFunc(wanted, b.contradicts) || !b.in(object)
	})
}

// wanted is all that rules want of an object.
func (c *Conventions) wanted(s *schema.Schema, object map[string]any) (list []Breach) {
	for i := range c.Rules {
		r := &c.Rules[i]
		if !r.covers(s, object) {
			continue
		}
		for _, name := range r.Present {
			list = append(list, Breach{Rule: i, Member: name, Keyword: "present"})
		}
		for _, name := range r.Absent {
			list = append(list, Breach{Rule: i, Member: name, Keyword: "absent"})
		}
		for _, name := range slices.Sorted(maps.Keys(r.Set)) {
			list = append(list, Breach{Rule: i, Member: name, Keyword: "set", Want: r.Set[name]})
		}
	}
	return list
}

func (b Breach) contradicts(other Breach) bool {
	both := b.Keyword == "set" && other.Keyword == "set"
	return b.Member == other.Member && ((b.Keyword == "absent") != (other.Keyword == "absent") || both && !schema.Equal(b.Want, other.Want))
}

func (b Breach) in(object map[string]any) bool {
	v, has := object[b.Member]
	switch b.Keyword {
	case "present":
		return !has
	case "absent":
		return has && !nothing(v)
	}
	return has && v != nil && !schema.Equal(v, b.Want)
}

func nothing(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

func (r *Rule) covers(s *schema.Schema, object map[string]any) bool {
	if !named(s, r.Schema) {
		return false
	}
	for member, values := range r.When {
		if !listed(values, object[member]) {
			return false
		}
	}
	return true
}

func listed(values []any, v any) bool {
	for _, want := range values {
		if schema.Equal(want, v) {
			return true
		}
	}
	return false
}

// named tells whether a schema is the component of that name, by itself or by what it includes.
func named(s *schema.Schema, name string) bool {
	for part := range s.Parts(false) {
		if part.Name == name {
			return true
		}
	}
	return false
}
