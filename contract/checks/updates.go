package checks

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"troth/contract"
	"troth/openapi/sample"
	"troth/openapi/schema"
	"troth/openapi/source"
)

func updateKept() contract.Check {
	return contract.Check{
		ID:      "update-kept",
		Promise: "What a change was answered with is what the item says from then on; the same change again changes nothing more.",
		Why:     "A client that is told its change was made does not look again.",
		Source:  "RFC 9110 §9.2.2, §9.3.4; RFC 5789 §2",
		Level:   contract.Must,
		Applies: updates,
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			content, value, err := c.Small()
			if err != nil {
				return nil, err
			}
			object, ok := value.(map[string]any)
			if content == nil || !ok || !content.Type.IsJSON() || content.Type.Subtype == "json-patch+json" {
				return nil, contract.Skip("the request body is no JSON object of the item's members")
			}
			one := c.Other(sibling(&c.Subject, http.MethodGet))
			if one == nil {
				return nil, contract.Skip("the item cannot be read")
			}
			sent := changed(content.Schema, object)
			if len(sent) == 0 {
				return nil, contract.Skip("no member of the request body can be changed")
			}
			var last *contract.Exchange
			for i := range 2 {
				x, err := askBody(ctx, c, "change "+strconv.Itoa(i+1)+" of 2", sent)
				if err != nil {
					return nil, err
				}
				if !x.OK() {
					if i > 0 && c.Op.Method == http.MethodPut {
						f := c.New(x, "status", "", "idempotent", fmt.Sprintf("%d, as the first time", last.Status), strconv.Itoa(x.Status), c.Op.Place.FileLine())
						return []contract.Finding{f}, nil
					}
					return nil, contract.Skip("the change was answered %d", x.Status)
				}
				last = x
			}
			x, err := one.Ask(ctx, "item behind a change", contract.Beside(last), contract.Again())
			if err != nil {
				return nil, err
			}
			body, err := x.JSON()
			alone, isObject := body.(map[string]any)
			if err != nil || !x.OK() || !isObject {
				return nil, contract.Skip("reading the item was answered %d", x.Status)
			}
			return kept(c, one, last, x, sent, alone), nil
		},
	}
}

// kept compares what was sent with what the item says, member by member; members that requests and answers give another form are not judged.
func kept(c, one *contract.Case, change, read *contract.Exchange, sent, alone map[string]any) []contract.Finding {
	for _, name := range slices.Sorted(maps.Keys(sent)) {
		got, has := alone[name]
		if !has || !comparable(one.Op, read, name, sent[name]) {
			continue
		}
		if pointer, same := agree(sent[name], got, "/"+source.Escape(name)); !same {
			f := c.New(read, "item", pointer, "sent", quote(fmt.Sprint(sent[name]))+", as it was sent", quote(fmt.Sprint(got)), c.Op.Place.FileLine())
			f = f.After(change)
			return []contract.Finding{f}
		}
	}
	return nil
}

// changed is a request body with values that differ from those of the small one, as far as the schema allows; IDs and what is told apart by
// them stay.
func changed(s *schema.Schema, small map[string]any) map[string]any {
	body := maps.Clone(small)
	differs := false
	for part := range s.Parts(false) {
		for _, p := range part.Properties {
			if !p.Schema.Travels(schema.Request) || p.Schema.Types&(schema.TypeObject|schema.TypeArray) != 0 {
				continue
			}
			v, err := sample.Value(p.Schema, 7, sample.For(schema.Request), sample.Named(p.Name))
			if err != nil {
				continue
			}
			before, had := body[p.Name]
			if body[p.Name] = v; !s.Valid(body, schema.Request) {
				if delete(body, p.Name); had {
					body[p.Name] = before
				}
				continue
			}
			differs = differs || !schema.Equal(before, v)
		}
	}
	if !differs {
		return nil
	}
	return body
}
