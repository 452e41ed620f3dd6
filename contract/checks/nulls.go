package checks

import (
	"context"
	"net/http"
	"slices"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/schema"
)

// mostNulls is how many members of a body are sent as null at most.
const mostNulls = 12

// nulls sends null for members that may not be null, one by one: servers take it for no value, refuse it, or by a merge patch remove the member.
func nulls(ctx context.Context, c *contract.Case) error {
	content, object, err := jsonObject(c)
	if err != nil || content.Schema == nil || c.Op.Method != http.MethodPost && !updates(&c.Subject) {
		return passing(err)
	}
	names := neverNull(c, content, object)
	if len(names) == 0 {
		return nil
	}
	var changes []contract.Change
	if c.Op.Method != http.MethodPost {
		item, before, err := itemToChange(ctx, c, "item before null")
		if err != nil {
			return passing(err)
		}
		defer item.clean(ctx)
		if item.made == nil {
			return nil
		}
		naming(c, object, before)
		changes = item.at
	}
	for _, name := range names {
		if _, err := askBody(ctx, c, "body with null for "+name, name, joinedWith(object, map[string]any{name: nil}), append(slices.Clone(changes), contract.Provoking())...); err != nil {
			return passing(err)
		}
	}
	return nil
}

// neverNull are members of a body that may not be null, but for those of which body-constraints sends it.
func neverNull(c *contract.Case, content *openapi.Content, object map[string]any) (names []string) {
	for part := range content.Schema.Parts(false) {
		for _, p := range part.Properties {
			_, has := object[p.Name]
			if !p.Schema.Travels(schema.Request) || p.Schema.ReadOnly || p.Schema.Valid(nil, schema.Request) || named(c.Op, p.Name) || slices.Contains(names, p.Name) {
				continue
			}
			if sent := has && c.Op.Method != http.MethodPatch && slices.Contains(part.Required, p.Name); !sent && len(names) < mostNulls {
				names = append(names, p.Name)
			}
		}
	}
	return names
}
