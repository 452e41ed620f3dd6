package mock

import (
	"net/http"
	"slices"
	"sync"
	"sync/atomic"

	"troth/openapi"
)

// prepared is what the server knows of one operation, computed when the operation is first asked for.
type prepared struct {
	operation  *openapi.Operation
	once       sync.Once
	err        error
	compiled   *openapi.Compiled
	response   *openapi.Response // the success that is answered, nil where none is declared
	status     int
	offers     []*openapi.Content // of the response; dated media types newest first
	types      []openapi.MediaType
	variables  []variable
	embedded   bool // a variable of the path is described by content: its text is JSON
	fixed      madeHeaders
	listFields []listField // of the response: what they tell of a list
	lines      sync.Map    // []string of Content-Type by content: a success's
	ranges     sync.Map    // content of a media range by concreteKey

	unmade sync.Map // why no value of a schema can be made, nil where one can

	resource *resource // that the path, or the path of an item, belongs to
	isItem   bool      // the path is an item's
	leads    []lead    // by Link Objects of the response

	callbacks []openapi.Callback
	hooked    sync.Once
	hooks     []*hook // webhooks that tell of what it writes

	trouble atomic.Pointer[trouble] // how answers are disturbed, nil for not at all
	ordinal atomic.Uint64
}

func (p *prepared) ready() error {
	p.once.Do(func() {
		if p.compiled, p.err = p.operation.Compile(); p.err != nil {
			return
		}
		if p.callbacks, p.err = p.operation.Callbacks(); p.err != nil {
			return
		}
		p.response, p.status = p.compiled.Success()
		p.leads = leadsOf(p.operation, p.response)
		p.listFields = listFields(p.response)
		p.variables = variables(p.operation.Route)
		for i := range p.variables {
			if param := p.compiled.Parameter("path", p.variables[i].name); param != nil {
				p.variables[i].examples = exampleTexts(param)
			}
		}
		p.embedded = slices.ContainsFunc(p.compiled.Parameters, func(q *openapi.Parameter) bool { return q.In == "path" && q.Content.IsJSON() })
		if p.response != nil {
			p.offers = openapi.NewestFirst(p.response.Content)
		}
		for _, c := range p.offers {
			p.types = append(p.types, c.Type)
		}
	})
	return p.err
}

// varies tells whether Accept chooses between contents of the answer.
func (p *prepared) varies() bool { return p != nil && len(p.offers) > 1 }

// upserts tells whether the operation creates the item that its path names where there is none: a PUT that declares 201, or the only
// way to create items.
func (p *prepared) upserts(r *resource) bool {
	created := p.compiled.Response(http.StatusCreated)
	return p.operation.Method == http.MethodPut && (r.create == nil || created != nil && !created.Wide())
}

// prepare returns the plan of an operation, nil where there is none or it cannot be compiled.
func (s *Server) prepare(op *openapi.Operation) *prepared {
	if op == nil {
		return nil
	}
	p := s.plans[op]
	if p.ready() != nil {
		return nil
	}
	return p
}
