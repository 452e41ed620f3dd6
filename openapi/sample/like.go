package sample

import "troth/openapi/schema"

// liked is what the value itself is to be like; later tries do without, since it may be what no value can say.
func (m *maker) liked(depth, try int) map[string]any {
	if depth > 0 || try >= tries/2 {
		return nil
	}
	return m.like
}

// likely are the alternatives that take most of what the value is to be like, all of them where it is to be like nothing.
func (m *maker) likely(f *facts, d *schema.Discriminator, choice []*schema.Schema) []*schema.Schema {
	if len(f.like) == 0 {
		return choice
	}
	var list []*schema.Schema
	best := 0
	for _, branch := range choice {
		switch fit := m.fit(f.like, d, branch); {
		case list == nil || fit > best:
			list, best = []*schema.Schema{branch}, fit
		case fit == best:
			list = append(list, branch)
		}
	}
	return list
}

// fit is how many members an alternative takes, less those that it refuses; what a discriminator names takes all.
func (m *maker) fit(like map[string]any, d *schema.Discriminator, branch *schema.Schema) (n int) {
	if d != nil {
		if word, _ := like[d.Property].(string); word != "" && d.Mapping[word] == branch {
			return len(like) + 1
		}
	}
	for name, v := range like {
		switch {
		case !m.takes(branch, name, v):
			n--
		case branch.Find(name) != nil:
			n++
		}
	}
	return n
}

// takes tells whether a schema leaves a member the value.
func (m *maker) takes(s *schema.Schema, name string, v any) bool {
	for part := range s.Parts(false) {
		if p := part.Property(name); p != nil && !p.Schema.Valid(v, m.dir) {
			return false
		}
	}
	return true
}
