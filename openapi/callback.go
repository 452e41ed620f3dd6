package openapi

import (
	"slices"
	"strings"
	"sync"

	"troth/openapi/source"
)

// Callback is a request that an operation promises to send (OpenAPI 3.1 §4.8.18).
type Callback struct {
	Name       string     // its key
	Expression string     // runtime expressions that give the URL: "{$request.body#/callbackUrl}"
	Operation  *Operation // what is sent; its Path is the Name
}

// Callbacks are those that the operation declares, in document order.
func (o *Operation) Callbacks() ([]Callback, error) {
	var list []Callback
	callbacks := o.Place.Child("callbacks")
	for name := range callbacks.Node.Members() {
		p, err := callbacks.Child(name).Deref()
		if err != nil {
			return nil, err
		}
		for expression := range p.Node.Members() {
			if strings.HasPrefix(expression, "x-") {
				continue
			}
			operations, err := o.Document.detached(name, p.Child(expression))
			if err != nil {
				return nil, err
			}
			for _, sent := range operations {
				list = append(list, Callback{name, expression, sent})
			}
		}
	}
	return list, nil
}

// Webhooks are the requests that the document says its provider may send (OpenAPI 3.1 §4.8.1), in document order; "x-webhooks" is how
// documents before 3.1 say it. The Path of each is its name.
func (d *Document) Webhooks() ([]*Operation, error) {
	var list []*Operation
	for _, member := range []string{"webhooks", "x-webhooks"} {
		webhooks := d.Root.Child(member)
		for name := range webhooks.Node.Members() {
			operations, err := d.detached(name, webhooks.Child(name))
			if err != nil {
				return nil, err
			}
			list = append(list, operations...)
		}
	}
	return list, nil
}

// detached are the operations of a Path Item Object that no path leads to.
func (d *Document) detached(name string, p source.Place) ([]*Operation, error) {
	item, err := p.Deref()
	if err != nil {
		return nil, err
	}
	var list []*Operation
	for member := range item.Node.Members() {
		method := strings.ToUpper(member)
		if !slices.Contains(methods, method) {
			continue
		}
		o := &Operation{ID: item.Child(member).Node.Get("operationId").Text(), Method: method, Path: name, Route: name, Place: item.Child(member), Document: d, item: item}
		if o.ID == "" {
			o.ID = name
		}
		o.compile = sync.OnceValues(o.doCompile)
		list = append(list, o)
	}
	return list, nil
}

// Link is OpenAPI's Link Object (3.1 §4.8.20): what of an answer leads to another operation.
type Link struct {
	Name       string
	Code       string            // of the response that it stands in, as the document writes it
	Operation  *Operation        // nil where it leads out of the document
	Parameters map[string]string // by name, "path." and the like left out: runtime expressions or texts
}

// Links are those of all responses of the operation, read from the text alone: nothing is compiled.
func (o *Operation) Links() []Link {
	var list []Link
	responses := o.Place.Child("responses")
	for code := range responses.Node.Members() {
		p, err := responses.Child(code).Deref()
		if err != nil {
			continue
		}
		for name := range p.Node.Get("links").Members() {
			link, err := p.Child("links").Child(name).Deref()
			if err != nil {
				continue
			}
			l := o.link(name, link.Node)
			l.Code = code
			list = append(list, l)
		}
	}
	return list
}

func (o *Operation) link(name string, n *source.Node) Link {
	l := Link{Name: name, Parameters: map[string]string{}}
	if id, ok := n.Get("operationId").Str(); ok {
		l.Operation = o.Document.Operation(id)
	} else if ref, ok := n.Get("operationRef").Str(); ok {
		for _, other := range o.Document.Operations {
			if strings.HasSuffix(ref, "#"+other.Place.Pointer) {
				l.Operation = other
			}
		}
	}
	for name, value := range n.Get("parameters").Members() {
		if _, rest, qualified := strings.Cut(name, "."); qualified && slices.Contains(locations, name[:len(name)-len(rest)-1]) {
			name = rest
		}
		l.Parameters[name] = value.Text()
	}
	return l
}
