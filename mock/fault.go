package mock

import "troth/openapi/refusal"

// Fault is a refusal: a behavior returns it as its error, and one place renders it in the error schema that the document
// declares for its status.
type Fault = refusal.Fault
