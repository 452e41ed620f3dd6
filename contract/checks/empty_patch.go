package checks

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"troth/contract"
	"troth/openapi/schema"
	"troth/openapi/source"
)

func emptyPatch() contract.Check {
	return contract.Check{
		ID:      "empty-patch",
		Promise: "A PATCH that names nothing changes nothing.",
		Why:     "A client that sends only what has changed loses what has not.",
		Source:  "RFC 5789 §2; RFC 7396 §2",
		Level:   contract.Should,
		Applies: func(s *contract.Subject) bool {
			return s.Op.Method == http.MethodPatch && s.Op.Body != nil && updates(s)
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			content, _, err := jsonObject(c)
			if err != nil {
				return nil, err
			}
			nothing := map[string]any{}
			if !content.Schema.Valid(nothing, schema.Request) {
				return nil, contract.Skip("a body without members is not valid")
			}
			item, before, err := itemToChange(ctx, c, "item before an empty change")
			if err != nil {
				return nil, err
			}
			defer item.clean(ctx)
			change, err := askBody(ctx, c, "empty change", "", nothing, append(slices.Clone(item.at), contract.Again(), contract.Provoking())...)
			if err != nil {
				return nil, err
			}
			if !change.OK() || change.Status == http.StatusAccepted {
				return nil, contract.Skip("an empty change was answered %d", change.Status) // that there is nothing to do may be an error
			}
			read, now, err := item.read(ctx, "item behind an empty change")
			if err != nil {
				return nil, err
			}
			return settableStay(c, content.Schema, shapeOf(item.one), before, change, read, now), nil
		},
	}
}

// settableStay wants the members that clients may send, by the request's schema or, where that names none, by the item's, to say what they said.
func settableStay(c *contract.Case, sent, shape *schema.Schema, before map[string]any, change, read *contract.Exchange, now map[string]any) []contract.Finding {
	for _, name := range slices.Sorted(maps.Keys(before)) {
		if names(sent) && sent.Find(name) == nil { // a version, or a number of changes
			continue
		}
		member := shape.Find(name)
		if member == nil || member.ReadOnly || isLinks(before[name]) || isTime(before[name]) {
			continue
		}
		if pointer, same := agree(before[name], now[name], "/"+source.Escape(name)); !same {
			return []contract.Finding{c.New(read, "item", pointer, "untouched", quote(fmt.Sprint(before[name]))+", as before: the change names nothing", quote(fmt.Sprint(now[name])), c.Op.Place.FileLine()).After(change)}
		}
	}
	return nil
}
