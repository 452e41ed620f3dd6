package openapi

import (
	"strings"

	"troth/openapi/source"
)

// SecuritySchemes lists components.securitySchemes in document order.
func (d *Document) SecuritySchemes() ([]*SecurityScheme, error) { return d.schemes() }

func (d *Document) readSchemes() ([]*SecurityScheme, error) {
	var list []*SecurityScheme
	home := d.Root.Child("components").Child("securitySchemes")
	for name := range home.Node.Members() {
		p, err := home.Child(name).Deref()
		if err != nil {
			return nil, err
		}
		n := p.Node
		s := &SecurityScheme{
			Name: name, Type: n.Get("type").Text(), Scheme: strings.ToLower(n.Get("scheme").Text()),
			In: n.Get("in").Text(), Key: n.Get("name").Text(), Place: p,
		}
		s.Flows = flows(n.Get("flows"))
		list = append(list, s)
	}
	return list, nil
}

func flows(n *source.Node) []Flow {
	var list []Flow
	for kind, flow := range n.Members() {
		f := Flow{Kind: kind, TokenURL: flow.Get("tokenUrl").Text()}
		for scope := range flow.Get("scopes").Members() {
			f.Scopes = append(f.Scopes, scope)
		}
		list = append(list, f)
	}
	return list
}

// compileSecurity reads the operation's requirements, else the document's (OpenAPI 3.1 §4.8.10.1).
func (o *Operation) compileSecurity(c *Compiled) error {
	p := o.Place.Child("security")
	if !p.Exists() {
		p = o.Document.Root.Child("security")
	}
	schemes, err := o.Document.SecuritySchemes()
	if err != nil {
		return err
	}
	for i, alternative := range p.Node.Items() {
		requirement := Requirement{}
		for name, scopes := range alternative.Members() {
			need := Need{Scheme: schemeOf(schemes, name)}
			if need.Scheme == nil {
				return p.Item(i).Child(name).Errorf("security scheme %q is not declared in components.securitySchemes", name)
			}
			for _, scope := range scopes.Items() {
				need.Scopes = append(need.Scopes, scope.Text())
			}
			requirement = append(requirement, need)
		}
		c.Security = append(c.Security, requirement)
	}
	return nil
}

func schemeOf(schemes []*SecurityScheme, name string) *SecurityScheme {
	for _, s := range schemes {
		if s.Name == name {
			return s
		}
	}
	return nil
}
