package checks

import (
	"context"
	"fmt"
	"net/http"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/sample"
	"troth/openapi/schema"
)

func errorShape() contract.Check {
	return contract.Check{
		ID:      "error-shape",
		Promise: "Every error has the shape that the document declares for it; undeclared ones have the shape of the others.",
		Why:     "Clients read errors by the declared schema: with another shape they show nothing, or crash while handling the error.",
		Source:  "OpenAPI 3.1 §4.8.17 Response Object, content",
		Level:   contract.Must,
		Last:    true,
		Applies: func(s *contract.Subject) bool { return errorContent(s.Op) != nil },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			refused := false
			findings, err := eachProbe(ctx, c, func(x *contract.Exchange) []contract.Finding {
				if x.Status < 400 || x.Method == http.MethodHead {
					return nil
				}
				refused = true
				return judgeError(c, x)
			})
			if err == nil && !refused {
				return nil, contract.Skip("no request was refused")
			}
			return findings, err
		},
	}
}

// errorContent is the first JSON content that an operation declares for an error.
func errorContent(op *openapi.Compiled) *openapi.Content {
	for _, r := range op.Responses {
		if r.Code[0] != '4' && r.Code[0] != '5' && r.Code != "default" {
			continue
		}
		if content := r.JSON(); content != nil {
			return content
		}
	}
	return nil
}

func judgeError(c *contract.Case, x *contract.Exchange) []contract.Finding {
	r := c.Op.Response(x.Status)
	beyond := !c.Declares(x, x.Method)
	if beyond {
		r = nil // no operation of the document answered: none declares the response
	}
	if r != nil && r.JSON() == nil {
		return nil // declared without a shape
	}
	content, level := errorContent(c.Op), contract.Should
	if r != nil {
		content, level = r.JSON(), contract.Must
	}
	finding := func(pointer, keyword, want, got, from string) contract.Finding {
		return c.New(x, fmt.Sprintf("body of %d", x.Status), pointer, keyword, want, got, from).At(level)
	}
	if m, ok := x.MediaType(); (!ok || !m.IsJSON()) && possible(content) {
		return []contract.Finding{finding("", "content", content.Type.String(), fmt.Sprintf("Content-Type %q", x.Header.Get("Content-Type")), content.Place.FileLine())}
	}
	value, err := x.JSON()
	if err != nil {
		return []contract.Finding{finding("", "json", "one JSON text (RFC 8259)", err.Error(), content.Place.FileLine())}
	}
	body := c.Plain(x, value)
	if beyond && shapedAsAny(c.Op.Document, body) {
		return nil
	}
	var findings []contract.Finding
	if !content.Schema.Valid(body, schema.Response) && !possible(content) {
		return nil
	}
	for _, v := range content.Schema.Validate(body, schema.Response) {
		findings = append(findings, finding(v.Pointer, v.Keyword, v.Want, v.Got, v.Schema.FileLine()))
	}
	return findings
}

// possible tells whether some value fits a content: one that none fits promises nothing.
func possible(content *openapi.Content) bool {
	if content.Schema == nil {
		return true
	}
	_, err := sample.Value(content.Schema, 1, sample.Minimal())
	return err == nil
}

// shapedAsAny tells whether a body has the shape of an error that some operation of the document declares.
func shapedAsAny(doc *openapi.Document, body any) bool {
	for _, o := range doc.Operations {
		op, err := o.Compile()
		if err != nil {
			continue
		}
		if content := errorContent(op); content != nil && content.Schema != nil && content.Schema.Valid(body, schema.Response) {
			return true
		}
	}
	return false
}
