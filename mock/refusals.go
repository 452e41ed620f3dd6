package mock

import (
	"fmt"
	"iter"

	"troth/openapi"
	"troth/openapi/sample"
)

// Refusals yields each operation that the mock cannot answer with success, and why: it cannot be compiled, nothing tells its requests
// from another's, or no value satisfies a schema. Operations are tried one by one, so a caller may stop. Compiled forms are kept by the
// document: give a Fork of it to be rid of them.
func Refusals(doc *openapi.Document, opts ...Option) iter.Seq2[*openapi.Operation, error] {
	return func(yield func(*openapi.Operation, error) bool) {
		s, err := New(doc, opts...)
		for _, op := range doc.Operations {
			problem := err
			if problem == nil {
				problem = s.refusal(op)
			}
			if !yield(op, problem) {
				return
			}
		}
	}
}

// refusal is why an operation cannot be answered with success, nil where it can.
func (s *Server) refusal(op *openapi.Operation) error {
	if _, err := s.Ordinary(op); err != nil {
		return err
	}
	p := s.plans[op]
	for _, content := range p.offers {
		if content.Schema == nil {
			continue
		}
		if _, err := sample.Value(content.Schema, s.options.seed); err != nil {
			return fmt.Errorf("mock: operation %s: response %s: %w", op.ID, p.response.Code, err)
		}
	}
	return nil
}
