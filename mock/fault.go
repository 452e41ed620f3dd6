package mock

import (
	"net/http"

	"troth/openapi"
)

// Fault is a refusal: a behavior returns it as its error, and one place renders it in the error schema that the document
// declares for its status.
type Fault struct {
	Status     int
	Situation  string            // one of convention.Situations, chooses the code; "" : by status
	Detail     string            // the real cause, for a person
	Parameters []any             // what the detail is about: names, values
	Values     map[string]string // what {name} in a detail of troth.yaml stands for
	Violations []openapi.Violation
	Header     http.Header // for example WWW-Authenticate, Allow

	undeclared []openapi.Violation // what the request asks for and the document does not have, where that is no constraint
}

func (f *Fault) Error() string { return http.StatusText(f.Status) + ": " + f.Detail }
