package mock

import (
	"fmt"

	"troth/openapi"
	"troth/openapi/sample"
	"troth/openapi/schema"
)

// Unshaped tells which errors that operations of a document declare have a schema that no value satisfies, each schema once: such errors are
// answered as problem details (RFC 9457). What cannot be compiled is left out.
func Unshaped(operations []*openapi.Operation) (list []error) {
	seen := map[*schema.Schema]bool{}
	for _, op := range operations {
		compiled, err := op.Compile()
		if err != nil {
			continue
		}
		success, _ := compiled.Success()
		for _, r := range compiled.Responses {
			if r == success {
				continue
			}
			for _, c := range r.Content {
				if c.Schema == nil || seen[c.Schema] {
					continue
				}
				seen[c.Schema] = true
				if _, err := sample.Value(c.Schema, 0, sample.Minimal()); err != nil {
					list = append(list, fmt.Errorf("%s %s: response %s cannot be made: %w", op.Method, op.Path, r.Code, err))
				}
			}
		}
	}
	return list
}
