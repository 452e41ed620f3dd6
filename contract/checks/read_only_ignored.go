package checks

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"troth/contract"
	"troth/openapi/schema"
	"troth/openapi/source"
)

func readOnlyIgnored() contract.Check {
	return contract.Check{
		ID:      "read-only-ignored",
		Promise: "A readOnly member in a request is refused or ignored.",
		Why:     "Clients can set what only the server may decide, such as IDs and states.",
		Source:  "OpenAPI 3.1 §4.8.24; JSON Schema validation §9.4",
		Level:   contract.Must,
		Applies: creates,
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			control, err := create(ctx, c, "create without readOnly members", fresh(c))
			if control != nil {
				defer control.clean(ctx, c)
			}
			if err != nil {
				return nil, err
			}
			planted := readOnly(c, control.body)
			if len(planted) == 0 {
				return nil, contract.Skip("no readOnly member can be sent")
			}
			m, err := create(ctx, c, "create with readOnly members", func(object map[string]any) {
				fresh(c)(object)
				maps.Copy(object, planted)
			})
			if m != nil {
				defer m.clean(ctx, c)
			}
			if err != nil {
				return nil, err
			}
			read, err := m.read(ctx, "read what was created with readOnly members")
			if err != nil {
				return nil, err
			}
			body, _ := read.JSON()
			alone, _ := body.(map[string]any)
			long, err := create(ctx, c, "create with an undeclared member of 300 characters", func(object map[string]any) {
				fresh(c)(object)
				object["xUndeclared"] = strings.Repeat("a", 300)
			})
			if long != nil { // whether it is taken is the server's affair; not-a-server-error tells whether it can bear it
				defer long.clean(ctx, c)
			}
			if err != nil && !contract.WasSkipped(err) {
				return nil, err
			}
			var findings []contract.Finding
			for _, name := range slices.Sorted(maps.Keys(planted)) {
				for _, says := range []map[string]any{m.body, alone} {
					if v, has := says[name]; has && schema.Equal(v, planted[name]) {
						findings = append(findings, c.New(m.answer, "created item", "/"+source.Escape(name), "readOnly", "a value of the server's", "the value that was sent", c.Op.Place.FileLine()))
						break
					}
				}
			}
			return findings, nil
		},
	}
}

// readOnly are values of the readOnly members of a request body that no server comes to by itself: unusual texts, numbers and instants, and the
// opposite of each flag that an item got that was created without.
func readOnly(c *contract.Case, control map[string]any) map[string]any {
	content, _, err := c.Small()
	if err != nil || content == nil {
		return nil
	}
	planted := map[string]any{}
	for part := range content.Schema.Parts(false) {
		for _, p := range part.Properties {
			if flag, is := control[p.Name].(bool); is && p.Schema.ReadOnly {
				planted[p.Name] = !flag
				continue
			}
			for _, v := range []any{"fedcba987654321076543210", "1999-12-31T23:59:59Z", "x-planted", json.Number("1199145677")} {
				if p.Schema.ReadOnly && p.Schema.Enum == nil && p.Schema.Valid(v, schema.Either) {
					planted[p.Name] = v
					break
				}
			}
		}
	}
	return planted
}
