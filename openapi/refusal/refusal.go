// Package refusal says why a request is not carried out, in the error schema that the document declares for the status; as RFC 9457 problem
// details where it declares none. The mock and the validation middleware refuse with it, so a client sees one shape.
package refusal

import (
	"fmt"
	"net/http"
	"strings"

	"troth/openapi"
	"troth/openapi/schema"
)

// Fault is one refusal. It is an error.
type Fault struct {
	Status     int
	Situation  string            // one of convention.Situations, chooses the code; "" : by status
	Detail     string            // the real cause, for a person
	Parameters []any             // what the detail is about: names, values
	Values     map[string]string // what {name} in a detail of troth.yaml stands for
	Violations []openapi.Violation
	Header     http.Header // for example WWW-Authenticate, Allow

	Undeclared []openapi.Violation // what the request asks for and the document does not have, where that is no constraint
}

func (f *Fault) Error() string { return http.StatusText(f.Status) + ": " + f.Detail }

// Broken is what the request breaks of the document, nil where it is refused for another reason.
func (f *Fault) Broken() []openapi.Violation {
	if len(f.Violations) > 0 {
		return f.Violations
	}
	return f.Undeclared
}

// Invalid is the refusal of a request that breaks constraints: 400, or 422 where the document declares only that; 428 where nothing but the condition
// is missing that the document demands (RFC 6585 §3).
func Invalid(op *openapi.Compiled, violations []openapi.Violation) *Fault {
	first := violations[0]
	f := &Fault{Status: BadRequest(op), Situation: "invalid-parameter:" + first.In, Violations: violations}
	where := first.In + " parameter " + first.Name
	f.Parameters = []any{first.Name}
	if first.In == "body" {
		f.Situation, where = "invalid-body", "request body"
		f.Parameters = nil
		if pointer := first.MemberPointer(); pointer != "" {
			where += " at " + pointer
			f.Parameters = []any{pointer}
		} else if first.Keyword == "content" {
			f.Situation = "malformed-body" // it is not of the type that it is said to be
		}
	}
	f.Detail = fmt.Sprintf("%s: %s: want %s, got %s", where, first.Keyword, first.Want, first.Got)
	demanded := op.Response(http.StatusPreconditionRequired)
	if demanded != nil && demanded.Code == "428" && op.DemandsMatch() && len(violations) == 1 && strings.EqualFold(first.Name, "If-Match") && first.Keyword == "required" {
		f.Status = http.StatusPreconditionRequired
	}
	if n := len(violations) - 1; n > 0 {
		f.Detail += fmt.Sprintf(" (and %d more)", n)
	}
	return f
}

// BadRequest is the status of a request that breaks constraints.
func BadRequest(op *openapi.Compiled) int {
	if op.Response(http.StatusBadRequest) == nil && op.Response(http.StatusUnprocessableEntity) != nil {
		return http.StatusUnprocessableEntity
	}
	return http.StatusBadRequest
}

// MissingBody is the refusal of a request without the body that it must have, nil where it need not.
func MissingBody(op *openapi.Compiled) error {
	if op.Body == nil || !op.Body.Required {
		return nil
	}
	return Invalid(op, []openapi.Violation{{In: "body", Violation: schema.Violation{
		Keyword: "required", Want: "a request body", Got: "none", Schema: op.Body.Place,
	}}})
}
