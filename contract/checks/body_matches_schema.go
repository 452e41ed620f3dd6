package checks

import (
	"context"
	"net/http"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/schema"
)

func bodyMatchesSchema() contract.Check {
	return contract.Check{
		ID:      "body-matches-schema",
		Promise: "Every successful body is what its schema says.",
		Why:     "Clients generated from the document fail, or lose data, when they decode such a body.",
		Source:  "OpenAPI 3.1 §4.8.14 Media Type Object, schema",
		Level:   contract.Must,
		Last:    true,
		Applies: always,
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			known := clean{}
			findings, err := eachProbe(ctx, c, func(x *contract.Exchange) []contract.Finding {
				return known.judge(c, x, func(x *contract.Exchange) []contract.Finding { return judgeSuccess(c, x) })
			})
			return append(findings, onTheWay(c)...), err
		},
	}
}

func judgeSuccess(c *contract.Case, x *contract.Exchange) []contract.Finding {
	if x.Status >= 400 || x.Status == http.StatusNotModified || x.Status == http.StatusNoContent || x.NoAnswer != nil {
		return nil // errors are error-shape's; the others have no body (RFC 9110 §15.3.5, §15.4.5)
	}
	return judgeBody(c, x, responseOf(c, x))
}

// onTheWay judges answers of other operations that the operation's checks asked for: what was created, and how its list shows it.
func onTheWay(c *contract.Case) (findings []contract.Finding) {
	for _, v := range c.Visits() {
		for _, f := range judgeSuccess(v.Case, v.Exchange) {
			f.Where += " of " + v.Case.Op.ID
			findings = append(findings, f)
		}
	}
	return findings
}

// judgeBody validates a body by the content that it says it is, else by the response's JSON.
func judgeBody(c *contract.Case, x *contract.Exchange, r *openapi.Response) []contract.Finding {
	if r == nil || len(r.Content) == 0 || x.Method == http.MethodHead || x.Status == http.StatusNotModified { // which has no body, by default or not
		return nil
	}
	content := contentOf(r, x)
	if content != nil && openapi.IsRecords(content.Type) {
		return judgeRecords(c, x, content)
	}
	if content == nil {
		content = r.JSON()
	}
	if content == nil || content.Schema == nil || !content.Type.IsJSON() {
		return nil
	}
	if len(x.Body) == 0 {
		return []contract.Finding{c.New(x, "body", "", "content", "JSON", "an empty body", content.Place.FileLine())}
	}
	value, err := x.JSON()
	if err != nil {
		return []contract.Finding{c.New(x, "body", "", "json", "one JSON text (RFC 8259)", err.Error(), content.Place.FileLine())}
	}
	var findings []contract.Finding
	for _, v := range content.Schema.Validate(c.Plain(x, value), schema.Response) {
		findings = append(findings, c.New(x, "body", v.Pointer, v.Keyword, v.Want, v.Got, v.Schema.FileLine()))
	}
	return findings
}
