package checks

import (
	"context"
	"net/http"
	"slices"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/sample"
	"troth/openapi/schema"
)

// own is an item that a check changes: one that it created itself, or where the document offers no way to, the one of the ordinary request.
type own struct {
	made  *made // nil: not by the check
	maker *contract.Case
	one   *contract.Case    // reads it
	at    []contract.Change // how requests name it
}

// ownItem creates an item for an operation on it, with every member where the server takes that.
func ownItem(ctx context.Context, c *contract.Case) (*own, error) {
	item := &own{maker: makerOf(c), one: c.Other(sibling(&c.Subject, http.MethodGet))}
	if item.one == nil {
		return nil, contract.Skip("the item cannot be read")
	}
	if item.maker == nil {
		probe, err := c.Ask(ctx, "ordinary request")
		if err != nil {
			return nil, err
		}
		item.at = []contract.Change{contract.Beside(probe)}
		return item, nil
	}
	m, err := createFull(ctx, item.maker, " to change")
	if err != nil {
		return nil, err
	}
	item.hold(c, m)
	return item, nil
}

// itemToChange is ownItem, and what the item says before it is changed.
func itemToChange(ctx context.Context, c *contract.Case, name string) (*own, map[string]any, error) {
	item, err := ownItem(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	_, before, err := item.read(ctx, name)
	if err != nil {
		item.clean(ctx)
		return nil, nil, err
	}
	return item, before, nil
}

// hold lets requests name a created item.
func (o *own) hold(c *contract.Case, m *made) {
	o.made, o.at = m, []contract.Change{contract.Beside(m.answer), contract.Path(c.Last().Name, m.id)}
}

// makerOf is the case of the operation that creates what an operation picks by its path, nil where there is none.
func makerOf(c *contract.Case) *contract.Case {
	last := c.Last()
	for _, o := range c.Op.Document.Operations {
		if last == nil || o.Method != http.MethodPost || o.Route+"/{"+last.Name+"}" != c.Op.Route {
			continue
		}
		if maker := c.Other(o); maker != nil && creates(&maker.Subject) {
			return maker
		}
	}
	return nil
}

// read is the item as it is now, be it found at the second look only: single-agrees and created-distinct tell, and what is wrong with changes must not
// be hidden by that. Skip where it cannot be read.
func (o *own) read(ctx context.Context, name string) (*contract.Exchange, map[string]any, error) {
	var x *contract.Exchange
	var err error
	for range 2 {
		if x, err = o.one.Ask(ctx, name, append(slices.Clone(o.at), contract.Again())...); err != nil {
			return nil, nil, err
		}
		if x.Status != http.StatusNotFound {
			break
		}
	}
	body, err := x.JSON()
	object, ok := declaredIn(o.one, x, body).(map[string]any)
	if err != nil || !x.OK() || !ok {
		return x, nil, contract.Skip("reading the item was answered %d", x.Status)
	}
	return x, object, nil
}

// clean deletes the item where the check created it.
func (o *own) clean(ctx context.Context) {
	if o != nil && o.made != nil {
		o.made.clean(ctx, o.maker)
	}
}

// naming gives a request body the names that an item and its parents have: a change is no request to rename it.
func naming(c *contract.Case, body, item map[string]any) {
	for name := range body {
		if v, has := item[name]; has && named(c.Op, name) {
			body[name] = v
		}
	}
}

// jsonObject is a small request body of an operation that takes an object of the item's members, of which the caller owns the value.
func jsonObject(c *contract.Case) (*openapi.Content, map[string]any, error) {
	content, value, err := c.Small()
	if err != nil {
		return nil, nil, err
	}
	object, ok := value.(map[string]any)
	if content == nil || !ok || !content.Type.IsJSON() || content.Type.Subtype == "json-patch+json" {
		return nil, nil, contract.Skip("the request body is no JSON object of the item's members")
	}
	return content, object, nil
}

// shapeOf is how an item is read where all is well: what is wrong with an answer must not hide what is wrong with the item. Nil where it is not told.
func shapeOf(one *contract.Case) *schema.Schema {
	r, _ := one.Op.Success()
	if content := r.JSON(); content != nil {
		return content.Schema
	}
	return nil
}

// dispensable tells whether an item's own schema lets it be without a member that the server does not set by itself.
func dispensable(item *schema.Schema, name string) bool {
	if item == nil {
		return true
	}
	for part := range item.Parts(true) {
		if slices.Contains(part.Required, name) {
			return false
		}
	}
	member := item.Find(name)
	return member != nil && !member.ReadOnly && !member.HasDefault && member.Enum == nil
}

// another is a value of a schema that differs from one, and for a list shares no item with it; false where none is found.
func another(s *schema.Schema, name string, than any) (any, bool) {
	if flag, is := than.(bool); is && s.Valid(!flag, schema.Request) {
		return !flag, true
	}
	old, _ := than.([]any)
	for seed := range uint64(12) {
		v, err := sample.Value(s, 41+seed, sample.For(schema.Request), sample.Named(name))
		if err != nil || schema.Equal(v, than) {
			continue
		}
		list, isList := v.([]any)
		if isList && (len(list) == 0 || slices.ContainsFunc(list, func(item any) bool { return holds(old, item) })) {
			continue
		}
		return v, true
	}
	return nil, false
}

func holds(list []any, v any) bool {
	return slices.ContainsFunc(list, func(item any) bool { return schema.Equal(item, v) })
}

// tellsCreation tells whether a member says when or by whom an item was created, by its name.
func tellsCreation(name string) bool {
	switch letters(name) {
	case "created", "createdat", "createdon", "createdby", "createddate", "createdtime", "createdtimestamp", "createtime", "createdate",
		"creationdate", "creationtime", "creationtimestamp", "datecreated", "timecreated":
		return true
	}
	return false
}
