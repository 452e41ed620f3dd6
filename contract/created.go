package contract

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"troth/openapi"
	"troth/openapi/sample"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// changes tells whether a method may change something (RFC 9110 §9.2.1).
func changes(method string) bool {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace, NoMethod:
		return false
	}
	return true
}

// idempotent tells whether a request of a method may be sent again (RFC 9110 §9.2.2).
func idempotent(method string) bool {
	return !changes(method) || method == http.MethodPut || method == http.MethodDelete
}

// own fills in the path values of an item that this run created: for an operation that changes or deletes the item that its path ends
// with, since nothing is changed or deleted by ID that the run did not make, and where a list shows none. Skip where the document offers no
// way to make one.
func (c *Case) own(ctx context.Context, route string, p *openapi.Parameter, values map[string]string) error {
	list, _, _ := strings.Cut(route, "/{"+p.Name+"}")
	return c.ownOf(ctx, list, list, p, values)
}

// ownOf is own of an item of a list that is kept under a key.
func (c *Case) ownOf(ctx context.Context, key, list string, p *openapi.Parameter, values map[string]string) error {
	c.session.mu.Lock()
	known := c.session.created[key]
	c.session.mu.Unlock()
	if known == nil {
		var err error
		if known, err = c.make(ctx, p, list); err != nil {
			return err
		}
		c.session.mu.Lock()
		c.session.created[key] = known
		c.session.mu.Unlock()
	}
	addMissing(values, known)
	return nil
}

// addMissing adds path values that are not there yet.
func addMissing(values, more map[string]string) {
	for name, text := range more {
		if values[name] == "" {
			values[name] = text
		}
	}
}

// Own names an item that the run made, which may be changed or deleted: it is made where there is none yet.
func (c *Case) Own(ctx context.Context) (Change, error) {
	p := c.Last()
	if p == nil {
		return nil, Skip("the path does not end in a variable")
	}
	values := map[string]string{}
	if err := c.own(ctx, c.Op.Route, p, values); err != nil {
		return nil, err
	}
	return Beside(&Exchange{path: values}), nil
}

// ownActed fills in the path values of an item of the run's own for an operation that does something with it ("POST /orders/{id}/cancel"), one for each such
// operation: what was done to it may not be done again, nor may anything else. Where one is given, or none can be made and read by its ID, it leaves them.
func (c *Case) ownActed(ctx context.Context, values map[string]string) error {
	p, list := c.acted()
	if p == nil || values[p.Name] != "" || len(c.Given(p.Name)) > 0 {
		return nil
	}
	key, made := list+" "+c.Op.ID, map[string]string{}
	c.session.mu.Lock()
	_, known := c.session.created[key]
	c.session.mu.Unlock()
	err := c.ownOf(ctx, key, list, p, made)
	if err != nil && !WasSkipped(err) {
		return err
	}
	if !known && (err != nil || !c.reads(ctx, list+"/{"+p.Name+"}", made)) {
		clear(made)
		c.session.mu.Lock()
		c.session.created[key] = made
		c.session.mu.Unlock()
	}
	addMissing(values, made)
	return nil
}

// reads tells whether the operation that reads the item of a route finds one by its path values.
func (c *Case) reads(ctx context.Context, route string, values map[string]string) bool {
	for _, o := range c.Op.Document.Operations {
		if o.Method == http.MethodGet && o.Route == route {
			one := c.Other(o)
			if one == nil {
				return false
			}
			x, err := one.Ask(ctx, "item to do something with", Beside(&Exchange{path: values}), Provoking())
			return err == nil && x.OK()
		}
	}
	return false
}

// acted is the variable of the item that an operation does something with, and the list of such items; nil for any other operation. What stands below an
// item and is listed or read there is made, not done.
func (c *Case) acted() (p *openapi.Parameter, list string) {
	item, action := path.Split(c.Op.Route)
	item = strings.TrimSuffix(item, "/")
	list, variable := path.Split(item)
	if c.Op.Method != http.MethodPost || strings.Contains(action, "{") || !strings.HasPrefix(variable, "{") || strings.IndexByte(variable, '}') != len(variable)-1 {
		return nil, ""
	}
	for _, o := range c.Op.Document.Operations {
		if o.Method == http.MethodGet && (o.Route == c.Op.Route || strings.HasPrefix(o.Route, c.Op.Route+"/")) {
			return nil, ""
		}
	}
	return c.Op.Parameter("path", variable[1:len(variable)-1]), strings.TrimSuffix(list, "/")
}

// ownParent is own for a variable whose list shows no item; it keeps the value: what others create meanwhile is deleted again.
func (c *Case) ownParent(ctx context.Context, p *openapi.Parameter, values map[string]string) error {
	if err := c.own(ctx, c.Op.Route, p, values); err != nil {
		return err
	}
	_, key := variable(c.Op, p)
	c.session.mu.Lock()
	defer c.session.mu.Unlock()
	c.session.values[key] = pathValue{text: values[p.Name], own: true, below: maps.Clone(values)}
	return nil
}

// makeParents creates a parent wherever the list that it is picked from is empty, and items where a list holds too few, before anything is judged:
// later the lists are looked at side by side. What cannot be made is told by the cases that need it.
func (s *session) makeParents(ctx context.Context, plan []Planned) {
	if !s.target.write {
		return
	}
	for i, planned := range plan {
		if i > 0 && plan[i-1].Operation == planned.Operation {
			continue
		}
		c := &Case{Subject: Subject{Op: planned.Operation, Conv: s.conv}, session: s}
		values := map[string]string{}
		for _, p := range planned.Operation.Parameters {
			if p.In != "path" || p == c.Last() || ctx.Err() != nil {
				continue
			}
			if _, err := s.pathValue(ctx, planned.Operation, p); errors.Is(err, errEmpty) {
				_ = c.ownParent(ctx, p, values)
			}
		}
		c.Page = s.conv.Pagination(planned.Operation)
		c.fill(ctx)
	}
}

// enoughItems is how many items a list has to hold for its pages to be judged.
const enoughItems = 3

// fill creates items of a list that holds too few to judge its pages, where the document has an operation for that.
func (c *Case) fill(ctx context.Context) {
	maker := c.creator()
	if maker == nil {
		return
	}
	x, err := c.Ask(ctx, "ordinary request")
	if err != nil || !x.OK() {
		return
	}
	body, _ := x.JSON()
	found, _ := source.Get(body, c.Page.Items)
	items, ok := found.([]any)
	c.session.record(c.Op.ID, x) // what is created may hide what is wrong with it
	if !ok {
		return
	}
	for range max(enoughItems-len(items), 0) {
		if made, err := maker.another(ctx, "create an item for the list", Beside(x)); err != nil || !made.OK() {
			return
		}
	}
}

// creator is the case of the operation that creates items of a list, nil where there is none.
func (c *Case) creator() *Case {
	if c.Page == nil || c.Op.Method != http.MethodGet {
		return nil
	}
	for _, o := range c.Op.Document.Operations {
		if o.Method == http.MethodPost && o.Route == c.Op.Route {
			return c.Other(o)
		}
	}
	return nil
}

// Fills tells whether a run with writes creates items of a list.
func (c *Case) Fills() bool { return c.creator() != nil }

// another sends the ordinary request under names that none before has.
func (c *Case) another(ctx context.Context, name string, changes ...Change) (*Exchange, error) {
	content, value, err := c.Small()
	if err != nil {
		return nil, err
	}
	if object, ok := value.(map[string]any); ok && (c.Fresh(content, object) || c.Distinct(object, "")) {
		text, contentType, err := content.Encode(object)
		if err != nil {
			return nil, err
		}
		changes = append(changes, Body(contentType, string(text)))
	}
	return c.Ask(ctx, name, append(changes, Again())...)
}

// make creates an item of a list and returns the path values that lead to it.
func (c *Case) make(ctx context.Context, p *openapi.Parameter, list string) (map[string]string, error) {
	for _, o := range c.Op.Document.Operations {
		if o.Method != http.MethodPost || openapi.Unnamed(o.Route) != openapi.Unnamed(list) {
			continue
		}
		maker := c.Other(o)
		if maker == nil {
			break
		}
		x, err := maker.another(ctx, "create an item to change")
		if err != nil {
			return nil, err
		}
		body, _ := x.JSON()
		id := x.CreatedID(c.Plain(x, body), p)
		if !x.OK() || id == nil {
			return nil, Skip("creating an item to change was answered %d, without its ID", x.Status)
		}
		text, err := p.Encode(id)
		if err != nil {
			return nil, err
		}
		values := maps.Clone(x.path)
		if values == nil {
			values = map[string]string{}
		}
		values[p.Name] = text
		return values, nil
	}
	return nil, Skip("only what the run itself created is changed or deleted by its ID, and the document has no operation that creates it")
}

// Fresh gives an item that is named by its client, in a body of a content, another name than the ordinary request does, than those that
// the run created before, and than others that are about to be; false where it has no name to change.
func (c *Case) Fresh(content *openapi.Content, object map[string]any, others ...map[string]any) bool {
	for _, o := range c.Op.Document.Operations {
		rest, ok := strings.CutPrefix(openapi.Unnamed(o.Route), openapi.Unnamed(c.Op.Route)+"/")
		other := c.Other(o)
		if !ok || rest != "{}" || other == nil || other.Last() == nil {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(object)) {
			old := object[name]
			if _, ok := openapi.Text(old); ok && Identifies(other.Last().Name, name) {
				taken := func(v any) bool {
					return c.session.isMine(v) || slices.ContainsFunc(others, func(other map[string]any) bool { return other[name] == v })
				}
				if rename(content, object, name, c.session.seed, taken) {
					return true
				}
				object[name] = old
			}
		}
	}
	return false
}

// rename tries names until the body is valid and the name is free.
func rename(content *openapi.Content, object map[string]any, name string, seed uint64, taken func(any) bool) bool {
	member, old := content.Schema.Find(name), object[name]
	text, isText := old.(string)
	for i := range 50 {
		object[name] = text + strconv.Itoa(i)
		if !isText && i%2 == 0 { // small numbers are taken in long lists
			object[name] = json.Number(strconv.Itoa(1_000_000 + int(sample.Hash(seed, "number", strconv.Itoa(i))%1_000_000)))
		}
		if i%2 > 0 && member != nil { // a pattern may leave no room behind the old one
			if made, err := sample.Value(member, sample.Hash(seed, "fresh", strconv.Itoa(i)), sample.For(schema.Request)); err == nil {
				object[name] = made
			}
		}
		if high := highNumber(member, sample.Hash(seed, "high", strconv.Itoa(i))); !isText && high != "" {
			object[name] = high
		}
		if object[name] != old && content.Schema.Valid(object, schema.Request) && !taken(object[name]) {
			return true
		}
	}
	return false
}

// highNumber is a number that a schema takes and that what there is hardly has, "" where it takes none: numbers are given from 1 on, and sampled ones
// are small.
func highNumber(s *schema.Schema, seed uint64) json.Number {
	if n := json.Number(strconv.FormatUint(1_000_000+seed%1_000_000_000, 10)); s != nil && s.Valid(n, schema.Request) {
		return n
	}
	return ""
}

// noteMade notes the ID of what a request created: it is no value to ask other operations by, since it is cleaned up.
func (c *Case) noteMade(x *Exchange) {
	if x.Method != http.MethodPost || !x.OK() {
		return
	}
	body, _ := x.JSON()
	body = c.Plain(x, body)
	sent, _ := source.DecodeJSON([]byte(x.SentBody)) // where the answer does not tell
	for _, o := range c.Op.Document.Operations {
		rest, ok := strings.CutPrefix(o.Route, c.Op.Route+"/{")
		if !ok || strings.IndexByte(rest, '}') != len(rest)-1 {
			continue
		}
		other := c.Other(o)
		if other == nil || other.Last() == nil {
			continue
		}
		for i, told := range []any{body, sent} {
			named := IDOf(told, other.Last())
			if i == 0 {
				named = x.CreatedID(told, other.Last())
			}
			if id, ok := openapi.Text(named); ok && id != "null" {
				c.session.mu.Lock()
				c.session.mine[id], c.session.makers[id] = true, x
				if i == 0 {
					c.noteStored(x, id)
				}
				if i == 0 && o.Method == http.MethodDelete {
					c.noteOwn(x, id, o)
				}
				c.session.mu.Unlock()
			}
		}
	}
}

// Mine tells whether this run created what has an ID.
func (c *Case) Mine(id any) bool { return c.session.isMine(id) }

// isMine tells whether this run created what has an ID.
func (s *session) isMine(id any) bool {
	text, _ := openapi.Text(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mine[text]
}

// removed forgets the item that a request deleted.
func (c *Case) removed(x *Exchange) {
	if x.Method == http.MethodDelete && x.OK() {
		c.Gone(x)
	}
}

// Gone forgets the item that a request named: the next one that needs an item of the run's own makes another.
func (c *Case) Gone(x *Exchange) {
	if p := c.Last(); p != nil {
		list, _, _ := strings.Cut(c.Op.Route, "/{"+p.Name+"}")
		c.session.mu.Lock()
		defer c.session.mu.Unlock()
		if id, err := url.PathUnescape(x.path[p.Name]); err == nil {
			c.session.gone[c.Op.Route+" "+id] = true
		}
		if strings.HasSuffix(strings.Split(x.URL, "?")[0], "/"+c.session.created[list][p.Name]) {
			delete(c.session.created, list)
			maps.DeleteFunc(c.session.values, func(_ string, v pathValue) bool { return v.own && v.text == x.path[p.Name] })
		}
	}
}
