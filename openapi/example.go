package openapi

import "troth/openapi/schema"

// BrokenExamples lists the examples of the operation's parameters, headers and contents that break their schema: nobody is served with
// them. Those of the schemas themselves are listed by schema.Compiler.BrokenExamples.
func (c *Compiled) BrokenExamples() []error {
	var errs []error
	check := func(s *schema.Schema, examples []Example, as *Content) {
		for _, e := range examples {
			if s == nil {
				continue
			}
			v := s.BreaksAsExample(e.Value)
			if text, ok := e.Value.(string); ok && v != nil && as != nil && as.reads(text) {
				continue
			}
			if v != nil {
				errs = append(errs, e.Place.Errorf("an example breaks its schema: %s", v))
			}
		}
	}
	contents := func(list []*Content) {
		for _, content := range list {
			check(content.Schema, content.Examples, content)
		}
	}
	for _, p := range c.Parameters {
		check(p.Schema, p.Examples, nil)
	}
	if c.Body != nil {
		contents(c.Body.Content)
	}
	for _, r := range c.Responses {
		for _, h := range r.Headers {
			check(h.Schema, h.Examples, nil)
		}
		contents(r.Content)
	}
	return errs
}

// reads tells whether a text is the content as it is sent ("<book/>").
func (c *Content) reads(text string) bool {
	if c.Type.IsJSON() {
		return false
	}
	v, judged, violations := DecodeBody(c, c.Type, []byte(text))
	return judged && len(violations) == 0 && c.Schema.BreaksAsExample(v) == nil
}
