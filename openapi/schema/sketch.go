package schema

import (
	"regexp/syntax"
	"strconv"
	"strings"
)

// sketch makes of a pattern one that texts are written along, not matched by: what a lookbehind wants is written in its place, and groups and
// the references back to them have names by which the text of one is found for the other.
type sketch struct {
	groups, more int
	names        map[string]int
}

// Sketch is the pattern as a Go syntax tree for generating samples where Syntax alone does not do: with what a lookbehind wants in a
// group that IsBehind tells, each group named by groupName and each reference back to one an empty group with a name that Refers reads. A sample must be tried with
// Match; nil where there is none.
func (p *Pattern) Sketch() *syntax.Regexp {
	t := &translator{in: p.text, exact: true, sketch: &sketch{names: map[string]int{}}}
	if t.run() != nil {
		return nil
	}
	tree, err := syntax.Parse(t.out.String(), syntax.Perl)
	if err != nil {
		return nil
	}
	return tree
}

// groupName is the name of the n-th group of a sketch.
func groupName(n int) string { return "g" + strconv.Itoa(n) }

// Refers is the name of the group that a group of a sketch refers back to, "" where it is no such reference.
func Refers(name string) string {
	if group, _, ok := strings.Cut(name, "_"); ok {
		return group
	}
	return ""
}

// IsBehind tells whether a group of a sketch holds what is wanted of the text in front of it.
func IsBehind(name string) bool { return strings.HasPrefix(name, "behind") }

func (s *sketch) behind() string {
	s.more++
	return "(?P<behind" + strconv.Itoa(s.more) + ">"
}

// opens names a group that captures; false where what begins here is none.
func (s *sketch) opens(t *translator, rest string) bool {
	width := 1
	if strings.HasPrefix(rest, "(?") {
		end := strings.IndexByte(rest, '>')
		if !strings.HasPrefix(rest, "(?<") || end < 0 {
			return false
		}
		s.names[rest[3:end]] = s.groups + 1
		width = end + 1
	}
	s.groups++
	t.write("(?P<"+groupName(s.groups)+">", width)
	return true
}

// back is the reference that stands in the pattern as \1 or \k<name>.
func (s *sketch) back(text string) string {
	n, err := strconv.Atoi(text[1:])
	if err != nil {
		n = s.names[strings.TrimSuffix(strings.TrimPrefix(text, `\k<`), ">")]
	}
	s.more++
	return "(?P<" + groupName(n) + "_" + strconv.Itoa(s.more) + ">)"
}
