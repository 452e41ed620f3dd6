package checks

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/schema"
	"troth/openapi/source"
)

func errorStatusMember() contract.Check {
	return contract.Check{
		ID:      "error-status-member",
		Promise: "The status in an error's body is the status of the response.",
		Why:     "Logs and clients that read the body see another error than the protocol reports.",
		Source:  "the member of the status (RFC 9457 §3.1.2; troth.yaml, errors.status)",
		Level:   contract.Must,
		Last:    true,
		Applies: func(s *contract.Subject) bool {
			content := errorContent(s.Op)
			return content != nil && s.Conv.ErrorsFor(content.Schema).Status != ""
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			pointer := c.Conv.ErrorsFor(errorContent(c.Op).Schema).Status
			refused := false
			findings, err := eachProbe(ctx, c, func(x *contract.Exchange) []contract.Finding {
				body, err := x.JSON()
				told, ok := source.Get(body, pointer)
				if x.Status < 400 || err != nil || !ok {
					return nil
				}
				refused = true
				due := strconv.Itoa(x.Status)
				if text, _ := openapi.Text(told); text == due || !maySay(errorContent(c.Op).Schema, pointer, json.Number(due), due) {
					return nil
				}
				where := fmt.Sprintf("body of %d", x.Status)
				return []contract.Finding{c.New(x, where, pointer, "status", due, fmt.Sprint(told), errorContent(c.Op).Place.FileLine())}
			})
			if err == nil && !refused {
				return nil, contract.Skip("no refusal has the member %s", pointer)
			}
			return findings, err
		},
	}
}

// maySay tells whether the schema of an error lets a member be one of some values: a list of statuses may leave out the one that is told.
func maySay(s *schema.Schema, pointer string, values ...any) bool {
	for token := range source.Each(pointer) {
		if _, err := strconv.Atoi(token); err == nil && s.Items != nil {
			s = s.Items
		} else if s = s.Find(token); s == nil {
			return true
		}
	}
	return slices.ContainsFunc(values, func(v any) bool { return s.Valid(v, schema.Response) })
}
