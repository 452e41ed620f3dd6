package checks

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"troth/contract"
	"troth/openapi/sample"
	"troth/openapi/schema"
)

func bodyBoundaries() contract.Check {
	return contract.Check{
		ID:      "body-boundaries",
		Promise: "A member at the edge of its constraint is taken where one a step further inside is.",
		Why:     "A bound that is off by one refuses what the document allows.",
		Source:  "OpenAPI 3.1 §4.8.13 Request Body Object; JSON Schema validation §6.2, §6.3",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool { return s.Op.Body != nil && len(s.Op.Body.Content) > 0 },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			content, value, err := jsonBody(c)
			if err != nil {
				return nil, err
			}
			findings, err := charsetTaken(ctx, c, value)
			if err != nil {
				return nil, err
			}
			edges := sample.Edges(content.Schema, value, schema.Request)
			kinds, err := bodyKinds(ctx, c)
			if err != nil {
				return nil, err
			}
			for _, kind := range kinds {
				edges = slices.DeleteFunc(edges, func(e sample.Edge) bool { return kind.has(e.Pointer) })
				edges = append(edges, kind.edges(content.Schema)...)
			}
			if len(edges) == 0 && len(findings) > 0 {
				return findings, nil
			}
			if len(edges) == 0 {
				return nil, contract.Skip("no member has a bound whose edge can be sent")
			}
			taken := 0
			for _, e := range edges {
				refused, err := askBody(ctx, c, "edge of "+e.Keyword+" "+e.Pointer, e.Pointer, e.Value, contract.Provoking())
				if err != nil {
					return nil, err
				}
				if !refusesBeside(refused.Status) {
					if refused.OK() {
						taken++
					}
					continue
				}
				inside, err := askBody(ctx, c, "within "+e.Keyword+" "+e.Pointer, e.Pointer, e.Inside, contract.Provoking())
				if err != nil {
					return nil, err
				}
				if inside.OK() {
					taken++
					f := c.New(refused, "request body", e.Pointer, e.Keyword, "taken, as what is a step further inside", strconv.Itoa(refused.Status)+": "+quote(string(refused.Body)), content.Place.FileLine())
					f = f.And(inside)
					findings = append(findings, f)
				}
			}
			if len(findings) == 0 && taken == 0 {
				return nil, contract.Skip("no body at an edge is taken, nor the one within it: a refusal proves nothing")
			}
			return findings, nil
		},
	}
}

// refusesValue are the statuses by which a server refuses a value that a request holds.
func refusesValue(status int) bool {
	return status == http.StatusBadRequest || status == http.StatusUnprocessableEntity
}

// refusesBeside are the statuses by which a server refuses a value where it takes another one: what is wrong is not what both requests accept.
func refusesBeside(status int) bool {
	return refusesValue(status) || status == http.StatusNotAcceptable
}

// askBody sends a body; names in it are made distinct, but for the member that is judged: at once where the server is known to take each name only
// once, else where it says so now.
func askBody(ctx context.Context, c *contract.Case, name, but string, value any, changes ...contract.Change) (*contract.Exchange, error) {
	content, _, err := c.Small()
	if err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		if object, ok := value.(map[string]any); ok && c.Op.Method == http.MethodPost {
			object = maps.Clone(object)
			c.Distinct(object, strings.Trim(but, "/"))
			value = object
		}
		text, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		x, err := c.Ask(ctx, name, append(slices.Clone(changes), contract.Body(content.Type.String(), string(text)))...)
		if err != nil || try == 3 || c.Op.Method != http.MethodPost || !c.Taken(x) {
			return x, err
		}
	}
}
