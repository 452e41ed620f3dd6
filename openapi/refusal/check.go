package refusal

import (
	"net/http"

	"troth/openapi"
	"troth/openapi/convention"
	"troth/openapi/schema"
)

// Check tells why a request to an operation is to be refused: a *Fault, nil where it keeps to the document. It looks at parameters and body,
// not at credentials. The body, of at most limit bytes, can be read again afterwards.
func Check(conv *convention.Conventions, op *openapi.Compiled, m openapi.Match, r *http.Request, limit int64) error {
	if _, violations := op.DecodeParameters(r, m); len(violations) > 0 {
		return Invalid(op, violations)
	}
	if op.Body == nil || r.Body == nil {
		return nil
	}
	if said := int64(conv.BodyLimit(op)); said > 0 {
		limit = min(limit, said)
	}
	data, err := Body(op, r, limit)
	if err != nil {
		return err
	}
	if len(data) == 0 {
		return MissingBody(op)
	}
	content, sent, err := Content(conv, op, r.Header.Get("Content-Type"))
	if err != nil {
		return err
	}
	body, judged, violations := openapi.DecodeBody(content, sent, data)
	if len(violations) == 0 && judged && content.Schema != nil {
		for _, v := range content.Schema.Validate(body, schema.Request) {
			violations = append(violations, openapi.Violation{In: "body", Violation: v})
		}
	}
	if len(violations) > 0 {
		return Invalid(op, violations)
	}
	return nil
}
