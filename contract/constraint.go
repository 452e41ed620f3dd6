package contract

import (
	"troth/openapi/schema"
	"troth/openapi/source"
)

// deepest is how deep into a value constraints are counted.
const deepest = 3

// constraintsOf lists the constraints of a value sent in a request. A text is a string whatever it says, so that in a parameter the type
// string is no constraint.
func constraintsOf(s *schema.Schema, text bool) []ConstraintCoverage {
	w := constraintWalk{text: text, list: []ConstraintCoverage{}, seen: map[string]bool{}}
	w.visit(s, "", 0)
	return w.list
}

type constraintWalk struct {
	text bool
	list []ConstraintCoverage
	seen map[string]bool // pointer and keyword
}

func (w *constraintWalk) visit(s *schema.Schema, at string, depth int) {
	if s == nil || depth > deepest || !s.Travels(schema.Request) {
		return
	}
	for part := range s.Parts(false) {
		for _, keyword := range keywordsOf(part, w.text) {
			w.add(at, keyword, part.Place.Child(keyword))
		}
		if part.Items != nil {
			w.visit(part.Items, at+"/*", depth+1)
		}
		for _, p := range part.Properties {
			w.visit(p.Schema, at+"/"+source.Escape(p.Name), depth+1)
		}
	}
}

func (w *constraintWalk) add(at, keyword string, place source.Place) {
	if key := at + " " + keyword; !w.seen[key] {
		w.seen[key] = true
		w.list = append(w.list, ConstraintCoverage{Pointer: at, Keyword: keyword, Source: place.FileLine()})
	}
}

// keywordsOf are the keywords by which a schema itself constrains a value.
func keywordsOf(s *schema.Schema, text bool) (list []string) {
	for _, k := range []struct {
		keyword string
		there   bool
	}{
		{"type", s.Types != schema.AnyType && !(text && s.Types&(schema.TypeString|schema.TypeArray) != 0)},
		{"enum", s.Enum != nil && !s.IsConst},
		{"const", s.Enum != nil && s.IsConst},
		{"minimum", s.Minimum != ""},
		{"maximum", s.Maximum != ""},
		{"exclusiveMinimum", s.ExclusiveMinimum != ""},
		{"exclusiveMaximum", s.ExclusiveMaximum != ""},
		{"multipleOf", s.MultipleOf != ""},
		{"minLength", s.MinLength > 0},
		{"maxLength", s.MaxLength >= 0},
		{"pattern", s.Pattern != nil},
		{"format", s.Format != "" && !annotation[s.Format]},
		{"minItems", s.MinItems > 0},
		{"maxItems", s.MaxItems >= 0},
		{"uniqueItems", s.UniqueItems},
		{"minProperties", s.MinProperties > 0},
		{"maxProperties", s.MaxProperties >= 0},
		{"required", len(s.Required) > 0},
	} {
		if k.there {
			list = append(list, k.keyword)
		}
	}
	return list
}

// annotation are formats that every value of their type has.
var annotation = map[string]bool{"double": true, "float": true, "password": true, "binary": true}
