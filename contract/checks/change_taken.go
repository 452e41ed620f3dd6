package checks

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"troth/contract"
	"troth/openapi/schema"
)

func changeTaken() contract.Check {
	return contract.Check{
		ID:      "change-taken",
		Promise: "What the document says is valid changes an item: at least what the item says already is taken.",
		Why:     "Nobody can change what the document says may be changed.",
		Source:  "OpenAPI 3.1 §4.8.13 Request Body Object",
		Level:   contract.Should,
		Applies: func(s *contract.Subject) bool { return s.Op.Body != nil && updates(s) },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			content, object, err := jsonObject(c)
			if err != nil {
				return nil, err
			}
			item, now, err := itemToChange(ctx, c, "item before a change that is valid")
			if err != nil {
				return nil, err
			}
			defer item.clean(ctx)
			if item.made == nil {
				return nil, contract.Skip("only what the run itself created shows what is taken, and the document has no operation that creates it")
			}
			bodies := []map[string]any{asItIs(c, content.Schema, now, item.made.sent), object, changed(c.Op, content.Schema, object)}
			var first *contract.Exchange
			for _, body := range bodies {
				if len(body) == 0 {
					continue
				}
				naming(c, body, now)
				x, err := askBody(ctx, c, "change that is valid", "", body, append(slices.Clone(item.at), contract.Again())...)
				if err != nil {
					return nil, err
				}
				if !refusesChange(x.Status) {
					return nil, nil
				}
				if first == nil {
					first = x
				}
			}
			if first == nil || len(bodies[0]) == 0 {
				return nil, contract.Skip("the item says nothing that may be sent")
			}
			return []contract.Finding{c.New(first, "request body", "", "taken", "a success: the body is valid, and says what the item says", fmt.Sprintf("%d %s, as to other valid bodies", first.Status, http.StatusText(first.Status)), c.Op.Place.FileLine()).After(item.made.answer)}, nil
		},
	}
}

// refusesChange tells whether a status says that a body, or its item, is wrong. What depends on who asks, or on what else there is, says nothing.
func refusesChange(status int) bool {
	switch status {
	case http.StatusBadRequest, http.StatusNotFound, http.StatusNotAcceptable, http.StatusUnprocessableEntity, http.StatusUnsupportedMediaType, http.StatusMethodNotAllowed:
		return true
	}
	return false
}

// asItIs is a body with what an item says, as far as requests may say it, and with what it was created with where it does not show that: of a PATCH
// one member.
func asItIs(c *contract.Case, s *schema.Schema, now, made map[string]any) map[string]any {
	body := map[string]any{}
	for part := range s.Parts(false) {
		for _, p := range part.Properties {
			if v, has := now[p.Name]; has && p.Schema.Travels(schema.Request) && !p.Schema.ReadOnly && p.Schema.Valid(v, schema.Request) {
				body[p.Name] = v
			} else if v, sent := made[p.Name]; sent && p.Schema.Valid(v, schema.Request) {
				body[p.Name] = v
			}
		}
	}
	if c.Op.Method == http.MethodPatch {
		maps.DeleteFunc(body, func(_ string, v any) bool { return v == nil })
		body = single(s, body)
	}
	if !s.Valid(body, schema.Request) {
		return nil
	}
	return body
}
