package checks

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"troth/contract"
	"troth/openapi/schema"
)

// otherTexts are texts that differ from those sent before: what overwrites other items with what was sent shows only where they say something else.
type otherTexts struct{ last map[string]any }

// change gives an item other texts, as far as its schema takes them, but for its names and references.
func (o *otherTexts) change(c *contract.Case) func(map[string]any) {
	return func(object map[string]any) {
		fresh(c)(object)
		content, _, err := c.Small()
		if err != nil || content == nil || content.Schema == nil {
			return
		}
		for _, name := range slices.Sorted(maps.Keys(object)) {
			v := object[name]
			text, isText := v.(string)
			member := content.Schema.Find(name)
			if !isText || member == nil || member.Enum != nil || member.Format != "" || isReference(name) || named(c.Op, name) {
				continue
			}
			if before, was := o.last[name].(string); was {
				text = before
			}
			if other, ok := another(member, name, text); ok {
				if object[name] = other; !content.Schema.Valid(object, schema.Request) {
					object[name] = v
				}
			}
		}
	}
}

// create makes an item with other texts, or with the usual ones where those are refused, as names of what does not exist may be.
func (o *otherTexts) create(ctx context.Context, c *contract.Case, name string) (*made, error) {
	m, err := create(ctx, c, name, o.change(c), contract.Provoking())
	if m != nil && m.answer != nil && m.answer.Status >= http.StatusBadRequest && m.answer.Status < http.StatusInternalServerError {
		return create(ctx, c, name, fresh(c))
	}
	if err == nil {
		o.last = m.sent
	}
	return m, err
}
