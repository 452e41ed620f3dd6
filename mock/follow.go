package mock

import (
	"sync"

	"troth/openapi"
)

// linkTargets are the path parameters that answers of other operations lead to by Link Objects (OpenAPI 3.1 §4.8.20), by operation and
// name. Their values come out of answers, so that any may be asked for.
type linkTargets struct {
	once  sync.Once
	known map[*openapi.Operation]map[string]bool
}

// leads tells whether a link leads to a parameter of an operation. The links are read when this is first asked: before a 404.
func (t *linkTargets) leads(d *openapi.Document, to *openapi.Operation, name string) bool {
	t.once.Do(func() {
		t.known = map[*openapi.Operation]map[string]bool{}
		for _, op := range d.Operations {
			for _, link := range op.Links() {
				for parameter := range link.Parameters {
					if t.known[link.Operation] == nil {
						t.known[link.Operation] = map[string]bool{}
					}
					t.known[link.Operation][parameter] = true
				}
			}
		}
	})
	return t.known[to][name]
}
