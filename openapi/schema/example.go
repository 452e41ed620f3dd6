package schema

import (
	"cmp"
	"slices"
	"strings"
)

// BrokenExamples lists the examples and defaults of the schemas compiled so far that break their own schema, sorted by place. An example
// may be a value of a request or of a response.
func (c *Compiler) BrokenExamples() []error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var broken []*Schema
	for _, s := range c.schemas {
		if s.firstBroken() != nil {
			broken = append(broken, s)
		}
	}
	slices.SortFunc(broken, func(a, b *Schema) int {
		return cmp.Or(strings.Compare(a.Place.File.Name, b.Place.File.Name), cmp.Compare(a.Place.Line(), b.Place.Line()), strings.Compare(a.Place.Pointer, b.Place.Pointer))
	})
	var errs []error
	for _, s := range slices.CompactFunc(broken, func(a, b *Schema) bool { return a.Place == b.Place }) {
		errs = append(errs, s.Place.Errorf("an example breaks its schema: %s", s.firstBroken()))
	}
	return errs
}

// firstBroken is what the first bad example breaks, nil where all are good.
func (s *Schema) firstBroken() *Violation {
	values := s.Examples
	if s.HasDefault {
		values = append(values[:len(values):len(values)], s.Default)
	}
	for _, v := range values {
		if v := s.BreaksAsExample(v); v != nil {
			return v
		}
	}
	return nil
}

// BreaksAsExample is what an example breaks, nil where it is a valid value of a request or of a response.
func (s *Schema) BreaksAsExample(v any) *Violation {
	if s.Valid(v, Request) || s.Valid(v, Response) {
		return nil
	}
	return &s.Validate(v, Response)[0]
}
