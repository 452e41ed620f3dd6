package mock

import (
	"encoding/json"
	"fmt"

	"troth/openapi"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// Seed makes these items all that the list of an operation holds: what a test is given. They are JSON values, or values that
// encoding/json writes; one without an ID gets one. parents are the values of the variables in the list's path, in order, which come to
// exist. Each item has to fit its schema.
func (s *Server) Seed(listID string, parents []string, items ...any) error {
	c, err := s.listed(listID, parents)
	if err != nil {
		return fmt.Errorf("mock: seed %s: %w", listID, err)
	}
	records := make([]*record, len(items))
	taken := map[string]bool{}
	for i, item := range items {
		if records[i], err = c.fixture(item, i); err != nil {
			return fmt.Errorf("mock: seed %s: item %d: %w", listID, i, err)
		}
		if id := records[i].id; id != "" && taken[id] {
			return fmt.Errorf("mock: seed %s: item %d: %s %s is taken by an item before", listID, i, c.resource.shape.idMember, id)
		}
		taken[records[i].id] = true
	}
	for i, v := range variables(c.resource.path) {
		s.world.admit(v.name, parents[i])
	}
	c, done := c.write()
	defer done()
	c.fix(records)
	return nil
}

// Items are the items that the list of an operation holds, in order, each as JSON text: the seeded ones and what clients wrote.
func (s *Server) Items(listID string, parents ...string) ([]json.RawMessage, error) {
	c, err := s.listed(listID, parents)
	if err != nil {
		return nil, fmt.Errorf("mock: items of %s: %w", listID, err)
	}
	c.mu.Lock()
	records := c.alive()
	c.mu.Unlock()
	list := make([]json.RawMessage, 0, len(records))
	for _, r := range records {
		_, text, err := c.as(r, c.resource.shape.base)
		if err != nil {
			return nil, fmt.Errorf("mock: items of %s: %w", listID, err)
		}
		list = append(list, json.RawMessage(text))
	}
	return list, nil
}

// listed is the collection that an operation lists.
func (s *Server) listed(listID string, parents []string) (*collection, error) {
	op := s.doc.Operation(listID)
	if op == nil {
		return nil, fmt.Errorf("want one of %s", similar([]*openapi.Document{s.doc}, listID))
	}
	r := s.world.resources[openapi.Unnamed(op.Route)]
	if r == nil || r.list != op || !r.usable() {
		return nil, fmt.Errorf("the operation (%s) lists no collection", op.Place)
	}
	if want := variables(op.Route); len(want) != len(parents) {
		return nil, fmt.Errorf("%d values for the %d variables of %s", len(parents), len(want), op.Path)
	}
	plan := s.prepare(op)
	if plan == nil {
		return nil, fmt.Errorf("the operation (%s) cannot be served", op.Place)
	}
	for i, v := range plan.variables {
		if p := plan.compiled.Parameter("path", v.name); p != nil && !accepts(p.Schema, parents[i]) {
			return nil, fmt.Errorf("%s is %q, which its schema (%s) refuses", v.name, parents[i], p.Place)
		}
	}
	return s.world.collection(r, parentValues(r, parents)), nil
}

// fixture is the record of a value that a test gives.
func (c *collection) fixture(item any, i int) (*record, error) {
	text, err := json.Marshal(item)
	if err != nil {
		return nil, err
	}
	value, err := source.DecodeJSON(text)
	if err != nil {
		return nil, err
	}
	id := c.identify(value, i)
	for _, v := range c.resource.shape.base.Validate(value, schema.Response) {
		return nil, fmt.Errorf("%s", openapi.Violation{In: "body", Violation: v}.Explain())
	}
	return &record{id: id, value: value}, nil
}

// identify is the ID of an item; one that has none gets one, where items have IDs.
func (c *collection) identify(value any, i int) string {
	object, ok := value.(map[string]any)
	if !ok {
		return ""
	}
	if id := c.resource.shape.idShown(object); id != "" {
		return id
	}
	c.name(object, c.resource.id(hashed(c.seed, "fixture", itoa(i))))
	return c.resource.shape.idShown(object)
}

// fix makes these records all there is.
func (c *collection) fix(records []*record) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changes("")
	c.resource.server.world.aside.forgetAll(c)
	c.only, c.created = true, records
	c.ids, c.index, c.virtual, c.changed, c.gone = nil, nil, nil, nil, nil
}
