package contract

import (
	"context"
	"maps"
	"net/http"
	"strings"

	"troth/openapi"
)

// changes tells whether a method may change something (RFC 9110 §9.2.1).
func changes(method string) bool {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, NoMethod:
		return false
	}
	return true
}

// own fills in the path values of an item that this run created, for an operation that changes or deletes the item that its path ends
// with: nothing is changed or deleted by ID that the run did not make. Skip where the document offers no way to make one.
func (c *Case) own(ctx context.Context, p *openapi.Parameter, values map[string]string) error {
	list, _, _ := strings.Cut(c.Op.Route, "/{"+p.Name+"}")
	c.session.mu.Lock()
	known := c.session.created[list]
	c.session.mu.Unlock()
	if known == nil {
		var err error
		if known, err = c.make(ctx, p, list); err != nil {
			return err
		}
		c.session.mu.Lock()
		c.session.created[list] = known
		c.session.mu.Unlock()
	}
	for name, text := range known {
		if values[name] == "" {
			values[name] = text
		}
	}
	return nil
}

// make creates an item of a list and returns the path values that lead to it.
func (c *Case) make(ctx context.Context, p *openapi.Parameter, list string) (map[string]string, error) {
	for _, o := range c.Op.Document.Operations {
		if o.Method != http.MethodPost || o.Route != list {
			continue
		}
		maker := c.Other(o)
		if maker == nil {
			break
		}
		x, err := maker.Ask(ctx, "create an item to change", Again())
		if err != nil {
			return nil, err
		}
		body, err := x.JSON()
		object, _ := body.(map[string]any)
		id := IDOf(object, p)
		if !x.OK() || err != nil || id == nil {
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

// noteMade notes the ID of what a request created: it is no value to ask other operations by, since it is cleaned up.
func (c *Case) noteMade(x *Exchange) {
	if x.Method != http.MethodPost || !x.OK() {
		return
	}
	body, _ := x.JSON()
	object, _ := body.(map[string]any)
	for _, o := range c.Op.Document.Operations {
		rest, ok := strings.CutPrefix(o.Route, c.Op.Route+"/{")
		if !ok || strings.IndexByte(rest, '}') != len(rest)-1 {
			continue
		}
		other := c.Other(o)
		if other == nil || other.Last() == nil {
			continue
		}
		if id, ok := openapi.Text(IDOf(object, other.Last())); ok && id != "null" {
			c.session.mu.Lock()
			c.session.mine[id] = true
			c.session.mu.Unlock()
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
	if p := c.Last(); x.Method == http.MethodDelete && x.OK() && p != nil {
		list, _, _ := strings.Cut(c.Op.Route, "/{"+p.Name+"}")
		c.session.mu.Lock()
		defer c.session.mu.Unlock()
		if strings.HasSuffix(strings.Split(x.URL, "?")[0], "/"+c.session.created[list][p.Name]) {
			delete(c.session.created, list)
		}
	}
}
