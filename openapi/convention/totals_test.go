package convention

import (
	"fmt"
	"testing"

	"troth/openapi"
)

// countedList is a list whose body has one number beside the items.
const countedList = `
openapi: 3.1.0
info: {title: t, version: "1"}
paths:
  /things:
    get:
      operationId: list
      parameters:
      - {name: offset, in: query, schema: {type: integer}}
      - {name: limit, in: query, schema: {type: integer, maximum: 100}}
      responses: {"200": {description: ok, content: {application/json: {schema: {type: object, properties: {
        items: {type: array, items: {type: object}}, %s}}}}}}
`

func TestTotals(t *testing.T) {
	for member, want := range map[string]string{
		`count: {type: integer}`: "/count",
		`count: {type: integer, maximum: 100000, description: how many there are}`:            "/count",
		`count: {type: integer, maximum: 100}`:                                                "-",
		`count: {type: integer, description: "Number of items returned in the response"}`:     "-",
		`total: {type: integer, maximum: 100}`:                                                "/total",
		`total: {type: integer, description: "of all items, also of those not on this page"}`: "/total",
	} {
		d, err := openapi.Parse("list.yaml", fmt.Appendf(nil, countedList, member))
		if err != nil {
			t.Fatal(err)
		}
		if p := Infer(d).Pagination(compiled(t, d, "list")); p == nil || p.Total != want {
			t.Errorf("%s: %+v, want the total at %s", member, p, want)
		}
	}
}
