package contract

import "troth/openapi"

// Situation is what a request was sent to bring about, for checks that judge answers by it; the zero value is none. Its name is for people only.
type Situation struct {
	Kind      SituationKind
	Parameter *openapi.Parameter // that it is about, nil where it is about none
}

// SituationKind is what is wrong with a request.
type SituationKind int

// The kinds of situations.
const (
	NoSituation     SituationKind = iota
	UnknownName                   // the parameter's text is well formed, and names nothing
	BrokenParameter               // the parameter's text breaks its schema, and nothing else is wrong
	NotJSON                       // the body is not of the JSON that its type says
)

// In tells what a request is sent to bring about.
func In(kind SituationKind, p *openapi.Parameter) Change {
	return func(c *change) { c.request.Situation = Situation{kind, p} }
}

// Situation is what the request was sent to bring about.
func (x *Exchange) Situation() Situation { return x.asked.Situation }
