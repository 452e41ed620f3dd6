package mock

import (
	"fmt"
	"iter"

	"troth/openapi"
	"troth/openapi/sample"
	"troth/openapi/schema"
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
		if err := s.unmade(p, content.Schema); err != nil {
			return fmt.Errorf("mock: operation %s: response %s: %w", op.ID, p.response.Code, err)
		}
	}
	return nil
}

// unmade is why no value of a schema can be made, nil where one can: found once for each answer of an operation, since trying takes long where it fails.
func (s *Server) unmade(p *prepared, body *schema.Schema) error {
	if known, ok := p.unmade.Load(body); ok {
		err, _ := known.(error)
		return err
	}
	_, err := sample.Value(body, s.options.seed)
	p.unmade.Store(body, err)
	return err
}
